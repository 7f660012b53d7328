import {
  BadRequestException,
  CallHandler,
  ExecutionContext,
  HttpException,
  Injectable,
  NestInterceptor,
  PayloadTooLargeException,
} from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { Observable } from 'rxjs';

/** Deeper than any input of ours, and not deep enough to exhaust the stack of what validates it. */
const MAX_DEPTH = 20;

// Of any content type: a body that was sent and not read would look as if nothing had been asked.
const parse = express.json({ limit: '256kb', type: () => true });

interface RequestWithBody extends Request {
  /** Set where JSON is what is expected; the field of a page's form is looked at by whoever wants it. */
  readAsJson?: true;
  bodyProblem?: HttpException;
}

/**
 * Parses the API's JSON bodies, but leaves refusing a broken one to {@link RefuseUnreadableBody}: who may not ask at all
 * must hear that first, and guards come after middleware.
 */
export function readJsonBody(request: RequestWithBody, response: Response, next: NextFunction): void {
  request.readAsJson = true;
  parse(request, response, (error?: unknown) => {
    if (error) request.bodyProblem = problemOf(error);
    else if (Array.isArray(request.body)) request.bodyProblem = bad('The body must be a JSON object.');
    else if (isTooDeep(request.body)) request.bodyProblem = bad('The body is nested too deep.');
    next();
  });
}

function problemOf(error: unknown): HttpException {
  if ((error as { status?: number }).status !== 413) return bad('The body is no valid JSON.');
  return new PayloadTooLargeException('The body is larger than 256 kB.');
}

/** Level by level, for a recursion would be what it is to prevent. */
function isTooDeep(body: unknown): boolean {
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((value): unknown[] => (isObject(value) ? Object.values(value) : []));
  }
  return false;
}

/** Refuses what could not be read, and anything at all where nothing is expected: an unknown key is never ignored. */
@Injectable()
export class RefuseUnreadableBody implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<RequestWithBody>();
    if (request.bodyProblem) throw request.bodyProblem;
    const body: unknown = request.readAsJson && request.body;
    const unexpected = isObject(body) && !expectsBody(context) ? Object.keys(body) : [];
    if (unexpected.length > 0)
      throw new BadRequestException(unexpected.map((key) => `property ${key} should not exist`));
    return next.handle();
  }
}

function expectsBody(context: ExecutionContext): boolean {
  const metadata: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name);
  return Object.keys(metadata ?? {}).some((key) => key.startsWith(`${RouteParamtypes.BODY}:`));
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const bad = (problem: string) => new BadRequestException([problem]);
