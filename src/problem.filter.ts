import {
  ArgumentsHost,
  Catch,
  ExceptionFilter,
  HttpException,
  Logger,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { STATUS_CODES } from 'node:http';
import type { ProblemDto } from './problem.dto';
import { isUnavailable } from './database/failures';
import { loggablePath } from './logging';

/** Paths that people open in a browser; everything else is answered in JSON. */
const PAGES = /^\/($|channel\/|admin($|\/)|login|logout|dev-login|oauth-callback)/;

/** How long the rest of a body that is refused may take. Milliseconds. */
const PATIENCE = 10_000;

/** Every refusal, in one shape; a page for people, JSON for programs. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const problem = describe(error);
    this.log(`${request.method} ${loggablePath(request.originalUrl)}: ${nameOf(error)}`, problem, error);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (problem.statusCode === 503 || problem.statusCode === 429) response.setHeader('Retry-After', '2');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.status(problem.statusCode);
    whenSent(request, () => {
      if (PAGES.test(request.path)) response.render('error', { problem });
      else response.json(problem);
    });
  }

  /** What the database's absence makes fail is no fault here: a line each will do. */
  private log(what: string, { statusCode }: ProblemDto, error: unknown): void {
    if (statusCode === 503) this.logger.warn(what);
    else if (statusCode >= 500) this.logger.error(what, stackOf(error));
  }
}

/**
 * Most clients look at an answer only after they have sent everything, and where the connection is to be closed, an
 * earlier one would break it under their hands. So the rest of the body is read and thrown away first.
 */
function whenSent(request: Request, answer: () => void): void {
  if (request.complete || request.destroyed) return answer();
  const patience = setTimeout(done, PATIENCE);
  request.once('end', done).once('close', done).resume();
  function done() {
    clearTimeout(patience);
    request.off('end', done).off('close', done);
    answer();
  }
}

function describe(error: unknown): ProblemDto {
  const known = isUnavailable(error) ? new ServiceUnavailableException('The database does not answer.') : error;
  const statusCode = known instanceof HttpException ? known.getStatus() : clientFault(known);
  return { statusCode, error: STATUS_CODES[statusCode] ?? 'Error', message: messageOf(known, statusCode) };
}

/** Express and its middleware throw plain errors that carry a status, such as for a malformed path. */
function clientFault(error: unknown): number {
  const { status } = (error ?? {}) as { status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function messageOf(error: unknown, statusCode: number): string | string[] {
  if (!(error instanceof HttpException)) {
    return statusCode < 500 ? 'The request cannot be understood.' : 'Something went wrong here. It has been logged.';
  }
  // The router's own words quote the address, and that may carry a token.
  if (error instanceof NotFoundException && error.message.startsWith('Cannot '))
    return 'There is nothing at this address.';
  if (error.message.startsWith('Failed to decode param')) return 'The address is malformed.';
  const body = error.getResponse();
  return typeof body === 'string' ? body : ((body as { message?: string | string[] }).message ?? error.message);
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = (error.cause ?? error) as { code?: unknown };
  return typeof code === 'string' ? `${error.name} ${code}` : error.name;
}

/** Without the first lines: a driver's message quotes the row. */
const stackOf = (error: unknown) =>
  error instanceof Error
    ? error.stack
        ?.split('\n')
        .filter((line) => /^\s+at /.test(line))
        .join('\n')
    : undefined;
