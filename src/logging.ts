import type { Params } from 'nestjs-pino';
import type { LogFn, Logger } from 'pino';
import type { Settings } from './settings';

/**
 * One line for each request of a page or the API: method, path without its query (it may carry a token), status, time.
 * No bodies, headers or addresses. The webhook and the feeds are counted by metrics instead: a line each costs more
 * than the rest of the request.
 */
export function logging({ env }: Settings): Params {
  return {
    forRoutes: ['api/*path', 'channel/*path', 'admin{/*path}', 'login', 'logout', 'dev-login', 'oauth-callback'],
    pinoHttp: {
      hooks: { logMethod: skipNoise },
      level: env === 'test' ? 'warn' : 'info',
      autoLogging: env !== 'test',
      serializers: {
        req: (request: { id: unknown; method: string; url: string }) => ({
          id: request.id,
          method: request.method,
          // A sender's id in a path is somebody, and stays in the log after their erasure.
          path: request.url.split('?')[0].replace(/(\/senders\/)[^/]+/, '$1…'),
        }),
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
        err: (error: Error & { code?: string }) => ({
          type: error.name,
          code: error.code,
          stack: error.stack?.split('\n').slice(1).join('\n'),
        }),
      },
    },
  };
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
