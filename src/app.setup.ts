import { BadRequestException, ValidationError, ValidationPipe } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type RequestHandler } from 'express';
import helmet from 'helmet';
import { sessionMiddleware } from './auth/sessions';
import { serveDocument } from './openapi';
import { ProblemFilter } from './problem.filter';
import { readJsonBody } from './json-body';
import { requestLog } from './logging';
import { SETTINGS, type Settings } from './settings';
import { assets, pageLocals, setUpViews } from './views';

/** Pages and the API. The webhook and the feeds pass by sessions, body parsers and page headers: these would be most of their cost. */
const WITH_SESSION = /^\/($|(api|channel|admin|login|logout|dev-login|oauth-callback)(\/|$))/i;

/** The API, but for the one route that takes a file. */
const WITH_JSON = /^\/api(\/(?!v1\/simulation\/replay\/?$)|$)/i;
const BUSY = /^\/(webhook|rss|atom|jsonfeed)\//i;
const WEBHOOK = /^\/webhook\//i;
const DOCUMENT = /^\/(docs|openapi\.json)\/?$/i;
const ASSETS = /^\/(css|js|i18n|img|vendor)\//;

/** Everything between the bare Nest application and a server that answers. */
export function setUpApp(app: NestExpressApplication): void {
  const settings = app.get<Settings>(SETTINGS);
  app.disable('x-powered-by');
  // Feeds make their own validators; elsewhere hashing every answer buys nothing.
  app.set('etag', false);
  app.set('trust proxy', settings.trustProxy);
  setUpViews(app);

  const forSessions = express.Router();
  forSessions.use(requestLog(settings), pageHeaders(settings));
  forSessions.use(where(WITH_JSON, readJsonBody));
  // A page's own form, such as for signing out, works without scripts.
  forSessions.use(where(/^\/(?!api(\/|$))/i, express.urlencoded({ extended: false, limit: '16kb' })));
  forSessions.use(sessionMiddleware(app), pageLocals);
  const forReaders = where(DOCUMENT, pageHeaders(settings));
  app.use(unlessBusy([where(ASSETS, assets()), forReaders, where(WITH_SESSION, forSessions)]));

  app.useGlobalPipes(
    new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true, exceptionFactory: badInput }),
  );
  app.useGlobalFilters(new ProblemFilter());
  serveDocument(app);
  app.enableShutdownHooks();
}

function where(paths: RegExp, middleware: RequestHandler): RequestHandler {
  return (request, response, next) => (paths.test(request.path) ? middleware(request, response, next) : next());
}

/** One step for the routes that are asked all day, for each that Express takes is a good part of what they cost. */
function unlessBusy(handlers: RequestHandler[]): RequestHandler {
  const router = express.Router().use(handlers);
  return (request, response, next) => {
    // Receipts and refusals say it themselves: any header set ahead of a receipt makes Node take the long way with it.
    const answersItself = request.method === 'POST' && WEBHOOK.test(request.url);
    if (!answersItself) response.setHeader('X-Content-Type-Options', 'nosniff');
    if (answersItself || BUSY.test(request.url)) next();
    else router(request, response, next);
  };
}

/** Nothing from elsewhere, no inline script or style, and nobody frames a moderator's page. */
function pageHeaders({ publicUrl }: Settings): RequestHandler {
  const secure = publicUrl.startsWith('https:');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure,
    referrerPolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
  }) as RequestHandler;
}

function badInput(errors: ValidationError[]): BadRequestException {
  return new BadRequestException(errors.flatMap((error) => problems(error)));
}

function problems({ property, constraints, children }: ValidationError, path = ''): string[] {
  const name = path ? `${path}.${property}` : property;
  const own = Object.values(constraints ?? {}).map((text) => (path ? `${path}.${text}` : text));
  return [...own, ...(children ?? []).flatMap((child) => problems(child, name))];
}
