import type { Params } from 'nestjs-pino';
import type { Settings } from './settings';

/**
 * One line for each request of a page or the API: method, path without its query (it may carry a token), status, time.
 * No bodies, headers or addresses. The webhook and the feeds are counted by metrics instead: a line each costs more
 * than the rest of the request.
 */
export function logging({ env }: Settings): Params {
  return {
    forRoutes: ['api/*path', 'channel/*path', 'admin/*path', 'admin', 'login', 'logout', 'dev-login', 'oauth-callback'],
    pinoHttp: {
      level: env === 'test' ? 'warn' : 'info',
      autoLogging: env !== 'test',
      serializers: {
        req: (request: { id: unknown; method: string; url: string }) => ({
          id: request.id,
          method: request.method,
          path: request.url.split('?')[0],
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
