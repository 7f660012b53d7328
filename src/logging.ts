import type { RequestHandler } from 'express';
import type { Params } from 'nestjs-pino';
import type { LogFn, Logger } from 'pino';
import { pinoHttp, type Options } from 'pino-http';
import type { Settings } from './settings';

/**
 * One line for each request of a page or the API: method, path without its query (it may carry a token), status, time.
 * No bodies, headers or addresses. The webhook and the feeds are counted by metrics instead: a line each costs more
 * than the rest of the request.
 */
export function requestLog(settings: Settings): RequestHandler {
  return pinoHttp(options(settings));
}

/**
 * What Nest's own Logger writes with. On no route: carrying a request through to it takes AsyncLocalStorage, which once
 * used slows every promise in the process, the webhook's too.
 */
export function logging(settings: Settings): Params {
  return { forRoutes: [], pinoHttp: options(settings) };
}

function options({ env }: Settings): Options {
  return {
    hooks: { logMethod: skipNoise },
    level: env === 'test' ? 'warn' : 'info',
    autoLogging: env !== 'test',
    serializers: {
      req: (request: { id: unknown; method: string; url: string }) => ({
        id: request.id,
        method: request.method,
        path: loggablePath(request.url),
      }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
      err: (error: Error & { code?: string }) => ({
        type: error.name,
        code: error.code,
        stack: error.stack?.split('\n').slice(1).join('\n'),
      }),
    },
  };
}

/** A path without its query, which may carry a token; and a sender's id is somebody, and would stay after their erasure. */
export function loggablePath(url: string): string {
  return url.split('?')[0].replace(/(\/senders\/)[^/]+/, '$1…');
}

/** Each module and route that Nest sets up is a line of its own: a hundred that nobody reads, after the one that says where we are. */
const NOISE = new Set<unknown>([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);
const INFO = 30;

function skipNoise(this: Logger, args: Parameters<LogFn>, method: LogFn, level: number): void {
  const [about] = args as [unknown];
  if (level === INFO && NOISE.has((about as { context?: unknown } | null)?.context)) return;
  method.apply(this, args);
}
