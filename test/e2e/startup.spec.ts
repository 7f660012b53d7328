import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';
import { send } from '../support/http';
import { runToEnd, startServer } from '../support/server';

const dist = path.resolve(__dirname, '../../dist');

let database: TestDatabase;
beforeEach(async () => {
  database = await freshDatabase('sqlite');
});
afterEach(() => database.drop());

describe('a server', () => {
  it('needs no setting, says where it is, and closes its database on SIGTERM', async () => {
    const server = await startServer({ database });
    expect((await send(`${server.url}/healthz`)).status).toBe(200);
    expect(server.output()).toContain(server.url);
    await server.stop();
    // SQLite removes its write-ahead log when the last connection is closed properly.
    expect(readdirSync(database.env.DATA_DIR)).toContain('chatstream.db');
    expect(readdirSync(database.env.DATA_DIR)).not.toContain('chatstream.db-wal');
  });

  it('logs a line for each request of a page or the API, and neither queries, senders nor the making of its routes', async () => {
    const server = await startServer({ database, env: { NODE_ENV: 'development' } });
    await send(`${server.url}/admin/channels?token=tell-tale-1`);
    await send(`${server.url}/api/v1/channels/hall/senders/tell-tale-2`, { method: 'DELETE' });
    await send(`${server.url}/rss/simulation?token=tell-tale-3`);
    await server.stop();
    const [ready, ...lines] = server.output().trimEnd().split('\n');
    expect(ready).toContain(server.url);
    const logged = lines.map((line) => JSON.parse(line) as { req: { path: string }; res: { status: number } });
    expect(logged.map(({ req, res }) => [req.path, res.status])).toEqual([
      ['/admin/channels', 302],
      ['/api/v1/channels/hall/senders/…', 401],
    ]);
    expect(server.output()).not.toContain('tell-tale');
  });

  it('is refused with every faulty setting named, none of the values told, and nothing left behind', async () => {
    const { code, output } = await runToEnd({
      ...database.env,
      NODE_ENV: 'production',
      DEV_LOGIN: '1',
      SECRET_KEY: 'tell-tale-1',
      OAUTH_CLIENT_ID: 'tell-tale-2',
      TRUST_PROXY: 'tell-tale-3',
    });
    expect(code).toBe(1);
    for (const name of ['DEV_LOGIN', 'SECRET_KEY', 'OAUTH_CLIENT_SECRET', 'TRUST_PROXY', 'DB_NAME'])
      expect(output).toContain(`${name}:`);
    expect(output).not.toContain('tell-tale');
    expect(output).not.toMatch(/^\s+at /m);
    expect(existsSync(path.join(database.env.DATA_DIR, 'chatstream.db'))).toBe(false);
  });

  it('is refused beside another one on the same SQLite file', async () => {
    const first = await startServer({ database });
    const second = await runToEnd(database.env);
    expect(second).toEqual({ code: 1, output: expect.stringContaining('chatstream.db') });
    expect((await send(`${first.url}/readyz`)).status).toBe(200);
    await first.stop();
  });

  it('takes over the SQLite file of one that crashed', async () => {
    await (await startServer({ database })).kill();
    await (await startServer({ database })).stop();
  });

  it('is refused on an address that is taken', async () => {
    const first = await startServer({ database });
    const { code, output } = await runToEnd({ PORT: String(first.port) });
    expect(code).toBe(1);
    expect(output).toContain('PORT');
    await first.stop();
  });
});

describeEachDatabase(
  'a server in production',
  (kind) => {
    it('starts with nothing but what the contract asks for, and has no development login', async () => {
      const own = await freshDatabase(kind);
      const env = { NODE_ENV: 'production', OAUTH_CLIENT_ID: 'client', OAUTH_CLIENT_SECRET: 'hidden' };
      const server = await startServer({ env, database: own });
      expect((await send(`${server.url}/dev-login?username=Admin`)).status).toBe(404);
      expect(server.output()).not.toContain('hidden');
      await server.stop();
      await own.drop();
    });
  },
  ['mariadb', 'postgres'],
);

it('processes that start together on one DATA_DIR make one secret key', async () => {
  // Each goes through the same folders at the same moments, so that they meet in some.
  const script = `
    const { readSettings } = require(${JSON.stringify(path.join(dist, 'src/settings.js'))});
    const keys = [];
    for (let turn = 0; turn < 25; turn++) {
      while (Date.now() < ${Date.now() + 2000} + turn * 20);
      keys.push(readSettings({ SECRETS_DIR: '/nonexistent', DATA_DIR: String(turn) }).secretKey);
    }
    process.stdout.write(keys.join(' '));`;
  const start = () => promisify(execFile)(process.execPath, ['-e', script], { cwd: database.env.DATA_DIR });
  const outputs = (await Promise.all([start(), start(), start(), start()])).map(({ stdout }) => stdout);
  expect(outputs[0]).toMatch(/^[0-9a-f]{64}( [0-9a-f]{64}){24}$/);
  expect(new Set(outputs).size).toBe(1);
});
