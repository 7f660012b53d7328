import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'dotenv';
import { z } from 'zod';
import { keptSecretKey } from './kept-secret-key';

export type DatabaseSettings =
  | { type: 'sqlite'; path: string }
  | { type: 'mariadb' | 'postgres'; host: string; port: number; user: string; password: string; name: string };

/** Everything the process is told from outside, checked and with the defaults filled in. URLs carry no trailing slash, paths are absolute. */
export interface Settings {
  env: 'development' | 'test' | 'production';
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** The address users see. */
  publicUrl: string;
  dataDir: string;
  database: DatabaseSettings;
  /** null: no fan-out between processes but what the database tells. */
  redis: { url: string; prefix: string } | null;
  secretKey: string;
  /** Usernames in MediaWiki's canonical form. */
  superadmins: readonly string[];
  devLogin: boolean;
  oauth: { clientId: string; clientSecret: string; redirectUri: string } | null;
  oauthBaseUrl: string;
  mediawikiApiUrl: string;
  /** How many reverse proxies stand in front. */
  trustProxy: number;
  metricsToken: string | null;
}

/** Nest's token for the one Settings object. */
export const SETTINGS = Symbol('SETTINGS');

/** Every fault of the settings, each with the setting's name and never its value. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`These settings need attention:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const flag = z.enum(['0', '1'], { error: 'must be 1 or 0' }).transform((text) => text === '1');

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `must be a whole number from ${min} to ${max}`,
    })
    .transform(Number);

const address = (...schemes: string[]) =>
  z.string().refine(
    (text) => {
      const url = URL.canParse(text) ? new URL(text) : null;
      return url !== null && schemes.includes(url.protocol.slice(0, -1)) && url.hostname !== '';
    },
    { error: `must be an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}` },
  );

const pageAddress = address('http', 'https')
  .refine((text) => !/[?#@]/.test(text), { error: 'must have no query, fragment or user name' })
  .transform((text) => text.replace(/\/+$/, ''));

/** What each setting looks like by itself; readSettings adds the defaults and what they must be together. */
const fields = {
  NODE_ENV: z.enum(['development', 'test', 'production'], { error: 'must be development, test or production' }),
  HOST: z.string().regex(/^[\w.:-]+$/, { error: 'must be a host name or an IP address' }),
  PORT: wholeNumber(0, 65_535),
  PUBLIC_URL: pageAddress,
  DATA_DIR: z.string(),
  DB_TYPE: z.enum(['sqlite', 'mariadb', 'postgres'], { error: 'must be sqlite, mariadb or postgres' }),
  DB_HOST: z.string(),
  DB_PORT: wholeNumber(1, 65_535),
  DB_USER: z.string(),
  DB_PASSWORD: z.string(),
  DB_NAME: z.string(),
  DB_PATH: z.string(),
  TOOL_TOOLSDB_USER: z.string(),
  TOOL_TOOLSDB_PASSWORD: z.string(),
  ALLOW_SQLITE: flag,
  REDIS_URL: address('redis', 'rediss'),
  REDIS_PREFIX: z.string(),
  SECRET_KEY: z.string(),
  SUPERADMIN_USERS: z.string().transform((names) => names.split(',').map(normaliseUsername).filter(Boolean)),
  DEV_LOGIN: flag,
  OAUTH_CLIENT_ID: z.string(),
  OAUTH_CLIENT_SECRET: z.string(),
  OAUTH_REDIRECT_URI: address('http', 'https'),
  OAUTH_BASE_URL: pageAddress,
  MEDIAWIKI_API_URL: pageAddress,
  TRUST_PROXY: wholeNumber(0, 9),
  METRICS_TOKEN: z.string().regex(/^[\x21-\x7e]+$/, { error: 'must be printable ASCII without spaces' }),
};
type Name = keyof typeof fields;
type Given = { [N in Name]?: z.output<(typeof fields)[N]> };

const secretFiles: Partial<Record<Name, string>> = {
  OAUTH_CLIENT_ID: 'oauth-client-id',
  OAUTH_CLIENT_SECRET: 'oauth-client-secret',
  OAUTH_REDIRECT_URI: 'oauth-redirect-uri',
  SECRET_KEY: 'secret-key',
  DB_HOST: 'db-host',
  DB_USER: 'db-user',
  DB_PASSWORD: 'db-password',
  DB_NAME: 'db-name',
};

const SECRET_KEY_LENGTH = 32;

/**
 * Reads secret files, the environment and `.env`, in this order; an empty value counts as none. On SQLite outside production it also makes
 * the secret key when there is none yet.
 * @throws SettingsError with everything that is wrong at once
 */
export function readSettings(env: Environment = process.env, { cwd = process.cwd() } = {}): Settings {
  const problems: string[] = [];
  const given = readFields(env, cwd, problems);

  const nodeEnv = given.NODE_ENV ?? 'development';
  const production = nodeEnv === 'production';
  const host = given.HOST ?? (production ? '0.0.0.0' : '127.0.0.1');
  const port = given.PORT ?? 5000;
  const publicUrl =
    given.PUBLIC_URL ??
    originOf(given.OAUTH_REDIRECT_URI) ??
    `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const dataDir = path.resolve(cwd, given.DATA_DIR ?? 'data');
  const database = readDatabase(given, cwd, dataDir, problems);

  if (production) {
    if (given.DEV_LOGIN) problems.push('DEV_LOGIN: is refused in production');
    if (database.type === 'sqlite' && !given.ALLOW_SQLITE) {
      problems.push('DB_USER, DB_NAME: production needs a server database, or ALLOW_SQLITE=1');
    }
    if (given.REDIS_URL && !given.REDIS_PREFIX) problems.push('REDIS_PREFIX: is required in production with REDIS_URL');
  }

  const settings: Settings = {
    env: nodeEnv,
    host,
    port,
    publicUrl,
    dataDir,
    database,
    redis: given.REDIS_URL ? { url: given.REDIS_URL, prefix: given.REDIS_PREFIX ?? 'chatstream:' } : null,
    oauth: readOAuth(given, publicUrl, production, problems),
    oauthBaseUrl: given.OAUTH_BASE_URL ?? 'https://meta.wikimedia.org/w/rest.php/oauth2',
    mediawikiApiUrl: given.MEDIAWIKI_API_URL ?? 'https://meta.wikimedia.org/w/api.php',
    superadmins: given.SUPERADMIN_USERS ?? (nodeEnv === 'development' ? ['Admin'] : []),
    devLogin: given.DEV_LOGIN ?? (!production && isLoopback(host)),
    trustProxy: given.TRUST_PROXY ?? (production ? 1 : 0),
    metricsToken: given.METRICS_TOKEN ?? null,
    // Last: a key is made only for settings that are otherwise right.
    secretKey: readSecretKey(given, dataDir, production || database.type !== 'sqlite', problems),
  };
  if (problems.length > 0) throw new SettingsError(problems);
  return deepFreeze(settings);
}

/** Each field from the first place that has it, checked by itself. */
function readFields(env: Environment, cwd: string, problems: string[]): Given {
  const dotenv = parse(readOptional(path.join(cwd, '.env'), '.env', problems) ?? '');
  const plain = (name: string) => env[name] || dotenv[name] || undefined;
  const secrets = plain('SECRETS_DIR') ?? '/etc/passwords';

  const given: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(fields) as [Name, z.ZodType][]) {
    const file = secretFiles[name];
    const fromFile = file && readOptional(path.resolve(cwd, secrets, file), name, problems)?.replace(/\r?\n$/, '');
    const text = fromFile || plain(name);
    if (text === undefined) continue;
    const result = schema.safeParse(text);
    if (result.success) given[name] = result.data;
    else problems.push(`${name}: ${result.error.issues[0]?.message}`);
  }
  return given;
}

/** A file's text, or undefined where there is none. */
function readOptional(file: string, name: string, problems: string[]): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') problems.push(`${name}: its file cannot be read (${code})`);
    return undefined;
  }
}

function readDatabase(given: Given, cwd: string, dataDir: string, problems: string[]): DatabaseSettings {
  const onToolsDb = given.DB_TYPE === undefined || given.DB_TYPE === 'mariadb';
  const user = given.DB_USER ?? (onToolsDb ? given.TOOL_TOOLSDB_USER : undefined);
  const password = given.DB_PASSWORD ?? (onToolsDb ? given.TOOL_TOOLSDB_PASSWORD : undefined);
  const type = given.DB_TYPE ?? (user && given.DB_NAME ? 'mariadb' : 'sqlite');
  if (type === 'sqlite') return { type, path: path.resolve(cwd, given.DB_PATH ?? path.join(dataDir, 'chatstream.db')) };

  if (!user) problems.push(`DB_USER: is required with DB_TYPE=${type}`);
  if (!given.DB_NAME) problems.push(`DB_NAME: is required with DB_TYPE=${type}`);
  return {
    type,
    host: given.DB_HOST ?? (type === 'mariadb' ? 'tools.db.svc.wikimedia.cloud' : '127.0.0.1'),
    port: given.DB_PORT ?? (type === 'mariadb' ? 3306 : 5432),
    user: user ?? '',
    password: password ?? '',
    name: given.DB_NAME ?? '',
  };
}

function readOAuth(given: Given, publicUrl: string, production: boolean, problems: string[]): Settings['oauth'] {
  const { OAUTH_CLIENT_ID: clientId, OAUTH_CLIENT_SECRET: clientSecret, OAUTH_REDIRECT_URI: redirectUri } = given;
  if (clientId && clientSecret)
    return { clientId, clientSecret, redirectUri: redirectUri ?? `${publicUrl}/oauth-callback` };
  if (production || clientId || clientSecret || redirectUri) {
    const where = production ? 'in production' : 'when another OAuth setting is given';
    if (!clientId) problems.push(`OAUTH_CLIENT_ID: is required ${where}`);
    if (!clientSecret) problems.push(`OAUTH_CLIENT_SECRET: is required ${where}`);
  }
  return null;
}

function readSecretKey(given: Given, dataDir: string, mustBeGiven: boolean, problems: string[]): string {
  const key = given.SECRET_KEY;
  if (mustBeGiven && (key === undefined || key.length < SECRET_KEY_LENGTH)) {
    problems.push(
      `SECRET_KEY: must have ${SECRET_KEY_LENGTH} characters or more in production and on a server database`,
    );
  }
  if (key !== undefined || problems.length > 0) return key ?? '';
  try {
    return keptSecretKey(dataDir, SECRET_KEY_LENGTH);
  } catch (error) {
    problems.push(`DATA_DIR: the secret key cannot be kept there (${codeOf(error)})`);
    return '';
  }
}

/** A Wikimedia username as MediaWiki writes it: underscores are spaces, the first letter is upper case. */
export function normaliseUsername(name: string): string {
  const spaced = name
    .normalize('NFC')
    .replace(/[_\s]+/gu, ' ')
    .trim();
  const [first = ''] = spaced;
  const upper = first.toUpperCase();
  // As in MediaWiki, a letter whose upper case is several letters (ß) stays, and so does Georgian.
  const stays = [...upper].length !== 1 || /\p{Script=Georgian}/u.test(first);
  return stays ? spaced : upper + spaced.slice(first.length);
}

function originOf(url: string | undefined): string | undefined {
  return url && new URL(url).origin;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (part !== null && typeof part === 'object') deepFreeze(part as object);
  return Object.freeze(value);
}
