import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import Banana from 'banana-i18n';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { HelperOptions } from 'handlebars';
import hbs from 'hbs';

const DEFAULT_LOCALE = 'en';
const RIGHT_TO_LEFT = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'he', 'ks', 'ps', 'sd', 'ug', 'ur', 'yi']);

const root = packageRoot();
const viewsFolder = path.join(root, 'views');
const publicFolder = path.join(root, 'public');
const catalogues = readCatalogues(path.join(publicFolder, 'i18n'));

/** What styles, scripts and words are served from. Mount it before sessions: no static file may touch one. */
export function assets(): RequestHandler {
  const banana = path.join(path.dirname(require.resolve('banana-i18n')), '..', 'esm');
  // `no-cache` asks for a revalidation (304) on every use, so that a deployed fix never meets yesterday's module.
  const options = { index: false, redirect: false, setHeaders: revalidate } as const;
  const router = express.Router();
  // By folder: mounted at the root they would look for a file at every feed and page.
  for (const folder of ['css', 'js', 'i18n', 'img']) {
    router.use(`/${folder}/`, express.static(path.join(publicFolder, folder), options));
  }
  router.use('/vendor/', express.static(path.join(root, 'dist', 'public', 'vendor'), options));
  router.use('/vendor/banana-i18n/', express.static(banana, options));
  return router;
}

/** Handlebars as the view engine: every file under views/partials and views/layouts is a partial, pages choose their layout. */
export function setUpViews(app: NestExpressApplication): void {
  const engine = hbs.create();
  for (const folder of ['layouts', 'partials']) {
    for (const file of readdirSync(path.join(viewsFolder, folder))) {
      const name = path.basename(file, '.hbs');
      const partial = folder === 'layouts' ? `layouts/${name}` : name;
      engine.registerPartial(partial, readFileSync(path.join(viewsFolder, folder, file), 'utf8'));
    }
  }
  engine.registerHelper('msg', msgHelper);
  engine.registerHelper('explain', explainHelper);
  engine.registerHelper('equals', (a: unknown, b: unknown) => a === b);
  engine.registerHelper('choose', (condition: unknown, yes: unknown, no: unknown) => (condition ? yes : no));
  engine.registerHelper('concat', (...parts: unknown[]) => parts.slice(0, -1).join(''));

  app.setBaseViewsDir(path.join(viewsFolder, 'pages'));
  app.setViewEngine('hbs');
  app.engine('hbs', (file: string, options: object, done: (error: unknown, html?: string) => void) => {
    engine.__express(file, options, done);
  });
  // Pages wrap themselves in a layout partial: hbs' own layouts would need an unescaped body.
  app.set('view options', { layout: false });
}

/** What every page shows: mount it after sessions. Pages rendered before that, such as for a broken request, do without. */
export function pageLocals(request: Request, response: Response, next: NextFunction): void {
  const { principal: user = null } = request;
  Object.assign(response.locals, {
    ...pageLanguage(request),
    user,
    csrfToken: user?.kind === 'user' ? request.session.csrfToken : null,
  });
  next();
}

/** What a page needs to speak the reader's language. */
export function pageLanguage(request: Request): { locale: string; direction: 'ltr' | 'rtl' } {
  const locale = localeOf(request.acceptsLanguages());
  return { locale, direction: directionOf(locale) };
}

/** The best of our languages for what the browser asks for; `accepted` as Express's `request.acceptsLanguages()` gives it. */
export function localeOf(accepted: readonly string[]): string {
  for (const wanted of accepted) {
    const language = wanted.toLowerCase();
    const found = [language, language.split('-')[0]].find((candidate) => catalogues.has(candidate));
    if (found) return found;
  }
  return DEFAULT_LOCALE;
}

function directionOf(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(locale) ? 'rtl' : 'ltr';
}

/** A message of the catalogue in public/i18n, with its parameters put in; plain text, to be escaped where it is shown. */
export function msg(locale: string, key: string, ...parameters: string[]): string {
  const banana = catalogues.get(locale) ?? catalogues.get(DEFAULT_LOCALE);
  return banana ? banana.i18n(key, ...parameters) : key;
}

/** A problem's heading and what to do about it. */
function explainHelper(
  { statusCode }: { statusCode: number },
  options: HelperOptions,
): { heading: string; advice: string } {
  const known = [401, 403, 404, 429, 503].includes(statusCode) ? statusCode : statusCode < 500 ? 400 : 500;
  const locale = localeIn(options);
  return { heading: msg(locale, `error-${known}`), advice: msg(locale, `error-${known}-advice`) };
}

function localeIn(options: HelperOptions): string {
  return (options.data as { root: { locale?: string } }).root.locale ?? DEFAULT_LOCALE;
}

function msgHelper(key: string, ...rest: unknown[]): string {
  const options = rest.pop() as HelperOptions;
  return msg(localeIn(options), key, ...rest.map(String));
}

function readCatalogues(folder: string): Map<string, Banana> {
  const read = (locale: string) => {
    const messages = JSON.parse(readFileSync(path.join(folder, `${locale}.json`), 'utf8')) as Record<string, unknown>;
    delete messages['@metadata'];
    return messages as Record<string, string>;
  };
  const english = read(DEFAULT_LOCALE);
  const locales = readdirSync(folder).map((file) => path.basename(file, '.json'));
  return new Map(
    locales
      .filter((locale) => locale !== 'qqq')
      .map((locale) => [locale, new Banana(locale, { messages: { ...english, ...read(locale) } })]),
  );
}

function revalidate(response: { setHeader(name: string, value: string): void }): void {
  response.setHeader('Cache-Control', 'no-cache');
}

/** Holds for src/ and for dist/src/ alike. */
function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(path.join(folder, 'views'))) folder = path.dirname(folder);
  return folder;
}
