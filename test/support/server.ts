import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestDatabase } from './databases';
import { send } from './http';

const MAIN = path.resolve(__dirname, '../../dist/src/main.js');
const START_MS = 40_000;
const STOP_MS = 15_000;
const KEPT_OUTPUT = 1_000_000;

export interface TestServer {
  url: string;
  port: number;
  pid: number;
  /** SIGTERM; waits for the end, and throws when the server does not end by itself. Answers the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, as a crash. */
  kill(): Promise<void>;
  /** What it has written to stdout and stderr so far. */
  output(): string;
}

export interface ServerOptions {
  /** Settings beside the database's; undefined takes one away. */
  env?: Record<string, string | undefined>;
  /** Without one: SQLite in a folder that lives as long as the server. */
  database?: Pick<TestDatabase, 'env'>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** The real server as a child process, ready for requests. It inherits nothing from this machine's environment but PATH and HOME. */
export async function startServer({ env = {}, database }: ServerOptions = {}): Promise<TestServer> {
  for (let attempt = 1; ; attempt++) {
    const port = Number(env.PORT ?? (await freePort()));
    const server = launch({ ...database?.env, ...env, PORT: String(port) });
    const problem = await ready(server);
    if (problem === null) return server;
    await server.kill();
    // Between finding a free port and listening on it another process may have taken it.
    if (attempt < 3 && env.PORT === undefined && server.output().includes('EADDRINUSE')) continue;
    throw new Error(`The server ${problem}:\n${server.output()}`);
  }
}

/** Runs the server until it ends by itself, for settings that it must refuse. */
export async function runToEnd(
  env: Record<string, string | undefined>,
): Promise<{ code: number | null; output: string }> {
  const server = launch({ PORT: String(await freePort()), ...env });
  const code = await server.exited(START_MS);
  if (code === undefined) await server.kill();
  return { code: code ?? null, output: server.output() };
}

type Launched = TestServer & { exited(withinMs: number): Promise<number | null | undefined> };

function launch(env: Record<string, string | undefined>): Launched {
  const folder = mkdtempSync(path.join(tmpdir(), 'cs_server-'));
  const child = spawn(process.execPath, [MAIN], {
    // A folder of its own: neither a developer's .env nor a path relative to the repository may matter.
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      SECRETS_DIR: path.join(folder, 'no-secrets'),
      DATA_DIR: path.join(folder, 'data'),
      SUPERADMIN_USERS: 'Admin',
      // Nobody listens there: no test reaches the real wiki.
      MEDIAWIKI_API_URL: 'http://127.0.0.1:9/w/api.php',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);

  let written = '';
  const keep = (chunk: string) => (written = (written + chunk).slice(-KEPT_OUTPUT));
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve)).finally(() => {
    running.delete(child);
    rmSync(folder, { recursive: true, force: true });
    if ((globalThis as { someTestFailed?: boolean }).someTestFailed)
      process.stderr.write(`--- server ${child.pid} ---\n${written}\n`);
  });
  const exited = (withinMs: number) => Promise.race([ended, sleep(withinMs, undefined, { ref: false })]);

  return {
    url: `http://127.0.0.1:${env.PORT}`,
    port: Number(env.PORT),
    pid: child.pid as number,
    output: () => written,
    exited,
    async stop() {
      child.kill('SIGTERM');
      const code = await exited(STOP_MS);
      if (code !== undefined) return code;
      child.kill('SIGKILL');
      await ended;
      throw new Error(`The server did not end within ${STOP_MS} ms of SIGTERM:\n${written}`);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** null when it answers /readyz, else what went wrong. */
async function ready(server: Launched): Promise<string | null> {
  const giveUp = Date.now() + START_MS;
  while (Date.now() < giveUp) {
    const code = await server.exited(50);
    if (code !== undefined) return `ended with code ${code}`;
    // Its own word first: who answers at that port may be another suite's server.
    if (!server.output().includes('is ready at')) continue;
    const status = await send(`${server.url}/readyz`).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return null;
  }
  return `was not ready within ${START_MS} ms`;
}

/** A port of this machine that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
