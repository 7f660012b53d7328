import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mysql from 'mysql2/promise';

/** A server under load. */
export interface Target {
  name: string;
  url: string;
  secret: string;
  /** Resident memory in MiB. */
  memory(): number;
  stop(): Promise<void>;
}

const BENCH_SECRET = 'bench-secret';
const CHANNEL = 'bench';
/** As `npm start` has it, for the baselines too. */
const HEAP = '--max-old-space-size=384';
const root = path.resolve(__dirname, '..', '..', '..');

export function baseline(name: string, script: string): Promise<Target> {
  return launch(name, path.join(__dirname, script), {}, BENCH_SECRET, () => Promise.resolve(undefined));
}

export async function appOnSqlite(): Promise<Target> {
  const folder = mkdtempSync(path.join(tmpdir(), 'chatstream-bench-'));
  const target = await launch(
    'sqlite',
    path.join(root, 'dist/src/main.js'),
    { DATA_DIR: folder, DB_TYPE: 'sqlite' },
    '',
    makeChannel,
  );
  return { ...target, stop: () => target.stop().then(() => rmSync(folder, { recursive: true })) };
}

/** @returns null where no MariaDB answers */
export async function appOnMariadb(): Promise<Target | null> {
  const server = await mysql.createConnection({ host: '127.0.0.1', user: 'root' }).catch(() => null);
  if (!server) return null;
  const name = `cs_bench_${process.pid}`;
  await server.query(`CREATE DATABASE ${name}`);
  const env = {
    DB_TYPE: 'mariadb',
    DB_HOST: '127.0.0.1',
    DB_USER: 'root',
    DB_PASSWORD: '',
    DB_NAME: name,
    SECRET_KEY: 'b'.repeat(40),
  };
  const target = await launch('mariadb', path.join(root, 'dist/src/main.js'), env, '', makeChannel);
  const drop = async () => {
    await server.query(`DROP DATABASE ${name}`);
    await server.end();
  };
  return { ...target, stop: () => target.stop().then(drop) };
}

/** Adds patterns through the API, so that every message is compared with each of them. */
export async function addPatterns(base: string, count: number): Promise<void> {
  const api = await signIn(base);
  for (let i = 0; i < count; i += 1) {
    await api('POST', `/api/v1/channels/${CHANNEL}/blocked-patterns`, {
      text: `an offer that nobody wants to read, number ${i} of many`,
    });
  }
}

async function launch(
  name: string,
  script: string,
  env: Record<string, string>,
  secret: string,
  prepare: (base: string) => Promise<string | undefined>,
): Promise<Target> {
  const port = await freePort();
  const child = spawn(process.execPath, [HEAP, script], {
    env: {
      ...process.env,
      NODE_ENV: 'development',
      PORT: String(port),
      BENCH_SECRET,
      SECRETS_DIR: '/nonexistent',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const base = `http://127.0.0.1:${port}`;
  await listening(port);
  const made = await prepare(base);
  return {
    name,
    url: `${base}/webhook/channel/${CHANNEL}`,
    secret: made ?? secret,
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    stop: () => stopped(child),
  };
}

async function makeChannel(base: string): Promise<string> {
  const api = await signIn(base);
  const { webhookSecret } = (await api('POST', '/api/v1/channels', { id: CHANNEL, name: 'Bench' })) as {
    webhookSecret: string;
  };
  return webhookSecret;
}

async function signIn(base: string) {
  const answer = await fetch(`${base}/dev-login?username=Admin`, { redirect: 'manual' });
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const { csrfToken } = (await (await fetch(`${base}/api/v1/session`, { headers: { cookie } })).json()) as {
    csrfToken: string;
  };
  return async (method: string, path: string, body: unknown): Promise<unknown> => {
    const headers = { cookie, 'X-CSRF-Token': csrfToken, 'Content-Type': 'application/json' };
    const response = await fetch(`${base}${path}`, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    return response.json();
  };
}

async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing listens on port ${port}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
