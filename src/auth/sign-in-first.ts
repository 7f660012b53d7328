import { ArgumentsHost, Catch, ExceptionFilter, UnauthorizedException } from '@nestjs/common';
import type { Request, Response } from 'express';

/** Somebody signed out asks for a page. */
export class SignInFirst extends UnauthorizedException {
  constructor() {
    super('Sign in first.');
  }
}

@Catch(SignInFirst)
export class SignInFirstFilter implements ExceptionFilter {
  catch(_: SignInFirst, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { method, originalUrl } = http.getRequest<Request>();
    // What a form wanted to do is not repeated after signing in.
    const back = method === 'GET' || method === 'HEAD' ? originalUrl : '/';
    http.getResponse<Response>().redirect(302, `/login?returnTo=${encodeURIComponent(back)}`);
  }
}
