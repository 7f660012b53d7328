// Writes openapi.json from what a server answers at /openapi.json; with --check it compares instead. Then lints it with spectral.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildIfNeeded } from './build.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const committed = path.join(root, 'openapi.json');

async function documentOfServer() {
  const folder = mkdtempSync(path.join(tmpdir(), 'cs_openapi-'));
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: folder,
    SECRETS_DIR: folder,
  };
  const server = spawn(process.execPath, [path.join(root, 'dist/src/main.js')], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = new Promise((resolve) => server.once('close', resolve));
  try {
    for (let attempt = 0; attempt < 200 && server.exitCode === null; attempt++) {
      const answer = await fetch(`http://127.0.0.1:${port}/openapi.json`).catch(() => null);
      if (answer?.ok) return `${JSON.stringify(await answer.json(), null, 2)}\n`;
      await sleep(100);
    }
    throw new Error(`No server answers with its document:\n${output}`);
  } finally {
    server.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

await buildIfNeeded();
const current = await documentOfServer();
if (!process.argv.includes('--check')) {
  writeFileSync(committed, current);
} else if (!existsSync(committed) || readFileSync(committed, 'utf8') !== current) {
  process.stderr.write('openapi.json is not what the server answers: run `npm run openapi` and commit it\n');
  process.exitCode = 1;
}
const lint = spawnSync('npx', ['spectral', 'lint', '--fail-severity=warn', '--quiet', committed], {
  cwd: root,
  stdio: 'inherit',
});
if (lint.status !== 0) process.exitCode = 1;
