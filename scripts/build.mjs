// Compiles the server into dist/ and copies the vendor styles beside it. Run directly it always builds and refuses type errors;
// `npm start` and the tests call buildIfNeeded, which only reports them, so that a half-written file elsewhere stops nobody.
import { createHash, randomUUID } from 'node:crypto';
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const dist = path.join(root, 'dist');
const cache = path.join(root, '.cache');
const inRoot = (...parts) => path.join(root, ...parts);

const STAMP = '.stamp';
const LOCK_IS_STALE_AFTER_MS = 180_000;

// Codex is GPL-2.0-or-later and we are Apache-2.0: its files are served as they are, with their licences, never mixed into ours.
const vendorFiles = [
  ['@wikimedia/codex/dist/codex.style.css'],
  ['@wikimedia/codex/dist/codex.style-rtl.css'],
  ['@wikimedia/codex/LICENSE', 'LICENSE'],
  ['@wikimedia/codex-design-tokens/dist/theme-wikimedia-ui-root.css'],
  ['@wikimedia/codex-design-tokens/dist/theme-wikimedia-ui-mode-dark.css'],
  ['@wikimedia/codex-design-tokens/LICENSE', 'LICENSE.design-tokens'],
];

/** What dist/ is made from, as one hash. */
function sourceStamp() {
  const hash = createHash('sha256');
  const files = [
    'ormconfig.ts',
    'tsconfig.json',
    'tsconfig.build.json',
    'nest-cli.json',
    'package-lock.json',
    'scripts/build.mjs',
  ];
  for (const entry of readdirSync(inRoot('src'), { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) files.push(path.relative(root, path.join(entry.parentPath, entry.name)));
  }
  for (const file of files.sort()) {
    if (existsSync(inRoot(file)))
      hash
        .update(`${file}\0`)
        .update(readFileSync(inRoot(file)))
        .update('\0');
  }
  return hash.digest('hex');
}

function isCurrent(stamp) {
  const stored = path.join(dist, STAMP);
  return existsSync(stored) && readFileSync(stored, 'utf8') === stamp;
}

/** The TypeScript compiler with the plugin that nest-cli.json names; answers how many errors it found. */
function compile(outDir) {
  const ts = require('typescript');
  const nest = JSON.parse(readFileSync(inRoot('nest-cli.json'), 'utf8')).compilerOptions;
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (problem) => report(ts, [problem]) };
  const config = ts.getParsedCommandLineOfConfigFile(inRoot(nest.tsConfigPath), { outDir, noEmit: false }, host);
  if (!config) return 1;
  const program = ts.createProgram(config.fileNames, config.options);
  const plugins = nest.plugins.map(({ name, options }) => require(`${name}/plugin`).before(options, program));
  const emitted = program.emit(undefined, undefined, undefined, false, { before: plugins });
  const problems = [...ts.getPreEmitDiagnostics(program), ...emitted.diagnostics];
  report(ts, problems);
  return problems.length;
}

function report(ts, problems) {
  if (problems.length === 0) return;
  const formatHost = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => root, getNewLine: () => '\n' };
  process.stderr.write(ts.formatDiagnostics(problems, formatHost));
}

function copyVendor(outDir) {
  const target = path.join(outDir, 'public', 'vendor', 'codex');
  mkdirSync(target, { recursive: true });
  for (const [file, name = path.basename(file)] of vendorFiles) {
    cpSync(inRoot('node_modules', file), path.join(target, name));
  }
}

/** Puts a finished build in place. Another process may do the same at this moment: whoever comes second finds it done. */
function install(built, stamp, force) {
  for (;;) {
    if (!force && isCurrent(stamp)) return rmSync(built, { recursive: true, force: true });
    const old = path.join(cache, `old-${randomUUID()}`);
    try {
      if (existsSync(dist)) renameSync(dist, old);
      renameSync(built, dist);
      return rmSync(old, { recursive: true, force: true });
    } catch (error) {
      rmSync(old, { recursive: true, force: true });
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code) || !existsSync(built)) throw error;
    }
  }
}

/** Builds into a folder of its own and then swaps it in, so that nobody ever sees half a build. */
function build(stamp, { strict }) {
  const built = path.join(cache, `build-${randomUUID()}`);
  removeAbandoned();
  try {
    const problems = compile(built);
    if (problems > 0 && strict) throw new Error(`${problems} error(s), dist/ is left as it was`);
    if (!existsSync(path.join(built, 'src'))) throw new Error('the compiler wrote nothing');
    copyVendor(built);
    writeFileSync(path.join(built, STAMP), stamp);
    install(built, stamp, strict);
  } finally {
    rmSync(built, { recursive: true, force: true });
  }
}

/** What builds left that were killed. */
function removeAbandoned() {
  for (const name of readdirSync(cache).filter((each) => /^(build|old|lock)-/.test(each))) {
    const folder = path.join(cache, name);
    const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > LOCK_IS_STALE_AFTER_MS) rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits for another process's build instead of doing the same work beside it. It only saves work: build() is safe without. */
async function locked(work) {
  const lock = path.join(cache, 'build.lock');
  const draft = path.join(cache, `lock-${randomUUID()}`);
  const giveUp = Date.now() + LOCK_IS_STALE_AFTER_MS;
  mkdirSync(cache, { recursive: true });
  // Linked when it is whole, the lock names its owner from its first moment on.
  writeFileSync(draft, String(process.pid));
  try {
    while (!linked(draft, lock)) {
      if (!isOwned(lock) || Date.now() > giveUp) rmSync(lock, { force: true });
      else await sleep(100);
    }
  } finally {
    rmSync(draft);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function linked(draft, lock) {
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

function isOwned(lock) {
  try {
    return isAlive(Number(readFileSync(lock, 'utf8')));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function canCompile() {
  if (!existsSync(inRoot('src'))) return false;
  try {
    require.resolve('typescript');
    return true;
  } catch {
    return false;
  }
}

/** Builds when dist/ is missing or made from other sources. Without a compiler (an install without dev dependencies) dist/ is taken as it is. */
export async function buildIfNeeded() {
  if (!canCompile()) {
    if (existsSync(path.join(dist, 'src', 'main.js'))) return;
    throw new Error('dist/ is missing and so is the compiler: run `npm ci` and `npm run build` first');
  }
  if (isCurrent(sourceStamp())) return;
  await locked(() => {
    const stamp = sourceStamp();
    if (isCurrent(stamp)) return;
    process.stderr.write('Building …\n');
    build(stamp, { strict: false });
  });
}

/** Runs one of the programs in dist/src, in this same process. */
export async function runBuilt(program) {
  try {
    await buildIfNeeded();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  await import(pathToFileURL(path.join(dist, 'src', program)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await locked(() => build(sourceStamp(), { strict: true }));
  } catch (error) {
    process.stderr.write(`Build failed: ${error.message}\n`);
    process.exitCode = 1;
  }
}
