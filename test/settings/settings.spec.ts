import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { normaliseUsername, readSettings, type Settings, SettingsError } from '../../src/settings';

type Env = Record<string, string>;

const KEY = 'k'.repeat(32);
const server: Env = { DB_USER: 's1', DB_NAME: 's1__chat', SECRET_KEY: KEY };
const oauth: Env = { OAUTH_CLIENT_ID: 'client', OAUTH_CLIENT_SECRET: 'hidden' };
const production: Env = { NODE_ENV: 'production', ...server, ...oauth };

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'cs_settings-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

/** A secrets folder of the test's own, so that this machine's /etc/passwords has no say. */
function read(env: Env = {}): Settings {
  return readSettings({ SECRETS_DIR: 'secrets', ...env }, { cwd });
}

function problemsOf(env: Env): readonly string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

function faultyNames(env: Env): string[] {
  return problemsOf(env)
    .map((problem) => problem.slice(0, problem.indexOf(':')))
    .sort();
}

function writeSecret(name: string, text: string): void {
  mkdirSync(path.join(cwd, 'secrets'), { recursive: true });
  writeFileSync(path.join(cwd, 'secrets', name), text);
}

describe('with nothing set', () => {
  it('is a development server on SQLite with everything at its default', () => {
    expect(read()).toEqual({
      env: 'development',
      host: '127.0.0.1',
      port: 5000,
      publicUrl: 'http://127.0.0.1:5000',
      dataDir: path.join(cwd, 'data'),
      database: { type: 'sqlite', path: path.join(cwd, 'data', 'chatstream.db') },
      redis: null,
      secretKey: expect.stringMatching(/^[0-9a-f]{64}$/),
      superadmins: ['Admin'],
      devLogin: true,
      oauth: null,
      oauthBaseUrl: 'https://meta.wikimedia.org/w/rest.php/oauth2',
      mediawikiApiUrl: 'https://meta.wikimedia.org/w/api.php',
      trustProxy: 0,
      metricsToken: null,
    });
  });

  it('cannot be changed afterwards', () => {
    const settings = read();
    expect(() => Object.assign(settings, { port: 1 })).toThrow(TypeError);
    expect(() => Object.assign(settings.database, { path: '/' })).toThrow(TypeError);
    expect(() => (settings.superadmins as string[]).push('Mallory')).toThrow(TypeError);
  });
});

describe('what a setting becomes', () => {
  it.each<[string, Env, Partial<Settings>]>([
    ['an empty value is none', { PORT: '', NODE_ENV: '', SUPERADMIN_USERS: '' }, { port: 5000, env: 'development' }],
    ['port 0 is left to the system', { PORT: '0' }, { port: 0 }],
    [
      'the public address follows host and port',
      { HOST: 'localhost', PORT: '80' },
      { publicUrl: 'http://localhost:80' },
    ],
    ['an IPv6 host gets brackets', { HOST: '::1' }, { publicUrl: 'http://[::1]:5000', devLogin: true }],
    [
      'the public address loses its slashes',
      { PUBLIC_URL: 'https://chat.example//' },
      { publicUrl: 'https://chat.example' },
    ],
    [
      'the public address is the redirect address’s origin',
      { ...oauth, OAUTH_REDIRECT_URI: 'https://a.example/x/oauth-callback' },
      {
        publicUrl: 'https://a.example',
        oauth: { clientId: 'client', clientSecret: 'hidden', redirectUri: 'https://a.example/x/oauth-callback' },
      },
    ],
    [
      'PUBLIC_URL goes before the redirect address',
      { ...oauth, OAUTH_REDIRECT_URI: 'https://a.example/x', PUBLIC_URL: 'https://b.example' },
      { publicUrl: 'https://b.example' },
    ],
    [
      'the redirect address follows the public one',
      { ...oauth, PUBLIC_URL: 'https://b.example/' },
      { oauth: { clientId: 'client', clientSecret: 'hidden', redirectUri: 'https://b.example/oauth-callback' } },
    ],
    [
      'a user and a database name mean MariaDB on ToolsDB',
      server,
      {
        secretKey: KEY,
        database: {
          type: 'mariadb',
          host: 'tools.db.svc.wikimedia.cloud',
          port: 3306,
          user: 's1',
          password: '',
          name: 's1__chat',
        },
      },
    ],
    [
      'user and password fall back to what Toolforge gives',
      {
        TOOL_TOOLSDB_USER: 't1',
        TOOL_TOOLSDB_PASSWORD: 'pw',
        DB_NAME: 't1__chat',
        DB_HOST: 'db',
        DB_PORT: '3307',
        SECRET_KEY: KEY,
      },
      { database: { type: 'mariadb', host: 'db', port: 3307, user: 't1', password: 'pw', name: 't1__chat' } },
    ],
    [
      'one’s own user goes before Toolforge’s',
      { ...server, DB_PASSWORD: 'own', TOOL_TOOLSDB_USER: 't1', TOOL_TOOLSDB_PASSWORD: 'pw', DB_HOST: 'db' },
      { database: { type: 'mariadb', host: 'db', port: 3306, user: 's1', password: 'own', name: 's1__chat' } },
    ],
    [
      'PostgreSQL has its own defaults',
      { ...server, DB_TYPE: 'postgres' },
      { database: { type: 'postgres', host: '127.0.0.1', port: 5432, user: 's1', password: '', name: 's1__chat' } },
    ],
    [
      'a user without a database name is SQLite',
      { DB_USER: 's1', DB_PATH: '/x/y.db' },
      { database: { type: 'sqlite', path: '/x/y.db' } },
    ],
    [
      'SQLite can be asked for',
      { ...server, DB_TYPE: 'sqlite', DB_PATH: '/y.db' },
      { database: { type: 'sqlite', path: '/y.db' } },
    ],
    [
      'production on a server database',
      production,
      { env: 'production', host: '0.0.0.0', trustProxy: 1, devLogin: false, superadmins: [] },
    ],
    [
      'production on SQLite when allowed',
      { NODE_ENV: 'production', ...oauth, SECRET_KEY: KEY, ALLOW_SQLITE: '1', DB_PATH: '/y.db' },
      { database: { type: 'sqlite', path: '/y.db' } },
    ],
    ['proxies can be counted', { ...production, TRUST_PROXY: '2' }, { trustProxy: 2 }],
    ['production behind no proxy', { ...production, TRUST_PROXY: '0' }, { trustProxy: 0 }],
    ['development login is on in tests', { NODE_ENV: 'test' }, { devLogin: true, superadmins: [] }],
    ['development login can be switched off', { DEV_LOGIN: '0' }, { devLogin: false }],
    ['development login is off on an open address', { HOST: '0.0.0.0' }, { devLogin: false }],
    ['development login on an open address when asked for', { HOST: '0.0.0.0', DEV_LOGIN: '1' }, { devLogin: true }],
    [
      'Redis has a prefix in development',
      { REDIS_URL: 'redis://r:6379/1' },
      { redis: { url: 'redis://r:6379/1', prefix: 'chatstream:' } },
    ],
    [
      'Redis with a prefix',
      { ...production, REDIS_URL: 'rediss://u:p@r', REDIS_PREFIX: 'x' },
      { redis: { url: 'rediss://u:p@r', prefix: 'x' } },
    ],
    [
      'superadmins as MediaWiki writes them',
      { SUPERADMIN_USERS: ' jane_Doe ,, bob,Éa ' },
      { superadmins: ['Jane Doe', 'Bob', 'Éa'] },
    ],
    ['other providers', { OAUTH_BASE_URL: 'http://127.0.0.1:1/o/' }, { oauthBaseUrl: 'http://127.0.0.1:1/o' }],
    ['a short key is good enough at home', { SECRET_KEY: 'short' }, { secretKey: 'short' }],
    ['a token for the metrics', { METRICS_TOKEN: 'm' }, { metricsToken: 'm' }],
  ])('%s', (_title, env, expected) => {
    expect(read(env)).toMatchObject(expected);
  });
});

describe('faults', () => {
  it.each<[string, Env, string[]]>([
    ['an unknown environment', { NODE_ENV: 'staging' }, ['NODE_ENV']],
    ['a port too high', { PORT: '65536' }, ['PORT']],
    ['a port that is no number', { PORT: '5e3' }, ['PORT']],
    ['a host that is an address', { HOST: 'http://x' }, ['HOST']],
    ['a public address without scheme', { PUBLIC_URL: 'chat.example' }, ['PUBLIC_URL']],
    ['a public address of another scheme', { PUBLIC_URL: 'javascript://x' }, ['PUBLIC_URL']],
    ['a public address with a query', { PUBLIC_URL: 'https://x/?a=1' }, ['PUBLIC_URL']],
    ['a public address with a password', { PUBLIC_URL: 'https://u:p@x/' }, ['PUBLIC_URL']],
    ['a provider that is no address', { OAUTH_BASE_URL: 'meta' }, ['OAUTH_BASE_URL']],
    ['a wiki that is no address', { MEDIAWIKI_API_URL: 'meta' }, ['MEDIAWIKI_API_URL']],
    ['an unknown kind of database', { DB_TYPE: 'mysql' }, ['DB_TYPE']],
    ['a database port of 0', { ...server, DB_PORT: '0' }, ['DB_PORT']],
    ['MariaDB without user and name', { DB_TYPE: 'mariadb', SECRET_KEY: KEY }, ['DB_NAME', 'DB_USER']],
    [
      'PostgreSQL does not take Toolforge’s user',
      { DB_TYPE: 'postgres', DB_NAME: 'x', TOOL_TOOLSDB_USER: 't', SECRET_KEY: KEY },
      ['DB_USER'],
    ],
    ['a server database without a key', { DB_USER: 'x', DB_NAME: 'y' }, ['SECRET_KEY']],
    ['a server database with a short key', { ...server, SECRET_KEY: 'k'.repeat(31) }, ['SECRET_KEY']],
    ['a client without its secret', { OAUTH_CLIENT_ID: 'x' }, ['OAUTH_CLIENT_SECRET']],
    ['a client’s secret alone', { OAUTH_CLIENT_SECRET: 'x' }, ['OAUTH_CLIENT_ID']],
    ['a redirect address alone', { OAUTH_REDIRECT_URI: 'https://x/' }, ['OAUTH_CLIENT_ID', 'OAUTH_CLIENT_SECRET']],
    ['a redirect address that is none', { ...oauth, OAUTH_REDIRECT_URI: 'x' }, ['OAUTH_REDIRECT_URI']],
    ['Redis over HTTP', { REDIS_URL: 'http://x' }, ['REDIS_URL']],
    ['more proxies than there can be', { TRUST_PROXY: '10' }, ['TRUST_PROXY']],
    ['any proxy', { TRUST_PROXY: 'true' }, ['TRUST_PROXY']],
    ['a flag in words', { DEV_LOGIN: 'yes', ALLOW_SQLITE: 'true' }, ['ALLOW_SQLITE', 'DEV_LOGIN']],
    ['a token no header can carry', { METRICS_TOKEN: 'a b' }, ['METRICS_TOKEN']],
    ['development login in production', { ...production, DEV_LOGIN: '1' }, ['DEV_LOGIN']],
    ['production with a short key', { ...production, SECRET_KEY: 'x' }, ['SECRET_KEY']],
    ['production on SQLite unasked', { NODE_ENV: 'production', ...oauth, SECRET_KEY: KEY }, ['DB_USER, DB_NAME']],
    ['production that asks for SQLite without allowing it', { ...production, DB_TYPE: 'sqlite' }, ['DB_USER, DB_NAME']],
    ['production with Redis and no prefix', { ...production, REDIS_URL: 'redis://x' }, ['REDIS_PREFIX']],
    [
      'production with nothing',
      { NODE_ENV: 'production' },
      ['DB_USER, DB_NAME', 'OAUTH_CLIENT_ID', 'OAUTH_CLIENT_SECRET', 'SECRET_KEY'],
    ],
  ])('%s', (_title, env, names) => {
    expect(faultyNames(env)).toEqual(names);
  });

  it('are told all at once, those of single settings and those between settings', () => {
    const env = { NODE_ENV: 'production', PORT: 'x', DEV_LOGIN: '1', DB_TYPE: 'postgres', OAUTH_CLIENT_ID: 'a' };
    expect(faultyNames(env)).toEqual(['DB_NAME', 'DB_USER', 'DEV_LOGIN', 'OAUTH_CLIENT_SECRET', 'PORT', 'SECRET_KEY']);
  });

  it('never tell a value, whatever is wrong with it', () => {
    const marks: Env = {};
    const names =
      `NODE_ENV HOST PORT PUBLIC_URL DB_TYPE DB_PORT ALLOW_SQLITE REDIS_URL SECRET_KEY DEV_LOGIN OAUTH_CLIENT_ID OAUTH_REDIRECT_URI
      OAUTH_BASE_URL MEDIAWIKI_API_URL TRUST_PROXY METRICS_TOKEN`.split(/\s+/);
    for (const name of names) marks[name] = `value of ${name}: tell-tale`;
    const message = new SettingsError(problemsOf(marks)).message;
    for (const name of names.filter((each) => !['OAUTH_CLIENT_ID', 'SECRET_KEY'].includes(each)))
      expect(message).toContain(name);
    expect(message).not.toContain('tell-tale');
  });

  it('make no secret key', () => {
    expect(faultyNames({ PORT: 'x' })).toEqual(['PORT']);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('where a setting comes from', () => {
  it('a secret: its file, then the environment, then .env', () => {
    writeFileSync(
      path.join(cwd, '.env'),
      'SECRET_KEY=from-dotenv\nDB_NAME=from-dotenv\nDB_USER="from dotenv"\nDB_HOST=from-dotenv\n',
    );
    writeSecret('secret-key', `${'f'.repeat(40)}\n`);
    writeSecret('db-name', '\n');
    expect(read({ SECRET_KEY: 'from-environment', DB_NAME: 'from-environment', DB_HOST: '' })).toMatchObject({
      secretKey: 'f'.repeat(40),
      database: { name: 'from-environment', user: 'from dotenv', host: 'from-dotenv' },
    });
  });

  it('every secret of the contract has its file', () => {
    writeSecret('oauth-client-id', 'a');
    writeSecret('oauth-client-secret', 'b');
    writeSecret('oauth-redirect-uri', 'https://c.example/d');
    writeSecret('secret-key', KEY);
    writeSecret('db-host', 'e');
    writeSecret('db-user', 'f');
    writeSecret('db-password', 'g h\n\n');
    writeSecret('db-name', 'i');
    expect(read()).toMatchObject({
      secretKey: KEY,
      oauth: { clientId: 'a', clientSecret: 'b', redirectUri: 'https://c.example/d' },
      // One line break ends the file; another belongs to the secret.
      database: { host: 'e', user: 'f', password: 'g h\n', name: 'i' },
    });
  });

  it('another setting: the environment, then .env, never a file', () => {
    writeFileSync(path.join(cwd, '.env'), 'PORT=6001\nHOST=localhost\n');
    writeSecret('port', '6002');
    expect(read({ HOST: '127.0.0.1' })).toMatchObject({ port: 6001, host: '127.0.0.1' });
  });

  it('the environment of the process is left alone', () => {
    writeFileSync(path.join(cwd, '.env'), 'CS_ONLY_IN_DOTENV=1\nPORT=6001');
    const before = JSON.stringify(process.env);
    read();
    expect(JSON.stringify(process.env)).toBe(before);
  });

  it('a secret that cannot be read is a fault, not a missing secret', () => {
    mkdirSync(path.join(cwd, 'secrets', 'secret-key'), { recursive: true });
    expect(problemsOf({ SECRET_KEY: KEY })).toEqual(['SECRET_KEY: its file cannot be read (EISDIR)']);
  });
});

describe('the key made on SQLite', () => {
  const keyFile = () => path.join(cwd, 'data', 'secret-key');

  it('is kept for the next start, readable by its owner only', () => {
    const first = read().secretKey;
    expect(read().secretKey).toBe(first);
    expect(readFileSync(keyFile(), 'utf8')).toBe(first);
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    expect(readdirSync(path.join(cwd, 'data'))).toEqual(['secret-key']);
  });

  it('is not made where one is given, nor in production', () => {
    read({ SECRET_KEY: 'given' });
    expect(faultyNames({ NODE_ENV: 'production', ...oauth, ALLOW_SQLITE: '1' })).toEqual(['SECRET_KEY']);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('is refused when damaged, and the server is not started with a guessable one', () => {
    mkdirSync(path.join(cwd, 'data'));
    writeFileSync(keyFile(), '');
    expect(problemsOf({})).toEqual(['DATA_DIR: the secret key cannot be kept there (secret-key is damaged)']);
  });

  it('needs a folder that can be written', () => {
    writeFileSync(path.join(cwd, 'data'), 'a file, not a folder');
    chmodSync(path.join(cwd, 'data'), 0o400);
    expect(faultyNames({})).toEqual(['DATA_DIR']);
  });
});

describe('normaliseUsername', () => {
  it.each([
    ['admin', 'Admin'],
    [' jane__doe_', 'Jane doe'],
    ['łukasz', 'Łukasz'],
    ['ßabc', 'ßabc'],
    ['გიორგი', 'გიორგი'],
    ['𐐨x', '𐐀x'],
    ['e\u0301a', 'Éa'],
    ['', ''],
  ])('%j is %j', (given, canonical) => {
    expect(normaliseUsername(given)).toBe(canonical);
    expect(normaliseUsername(canonical)).toBe(canonical);
  });
});
