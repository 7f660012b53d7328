import { execFile, spawn } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const root = path.resolve(__dirname, '../..');
const copied = [
  'scripts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
];

/** A clone of this repository whose server is one line, so that building it is quick. */
let clone: string;
beforeEach(() => {
  clone = mkdtempSync(path.join(tmpdir(), 'cs_clone-'));
  for (const name of copied) cpSync(path.join(root, name), path.join(clone, name), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(clone, 'node_modules'));
  mkdirSync(path.join(clone, 'src'));
  writeFileSync(path.join(clone, 'ormconfig.ts'), 'export default 1;\n');
  writeServer('first');
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

const writeServer = (text: string) =>
  writeFileSync(path.join(clone, 'src/main.ts'), `process.stdout.write('${text}');\n`);
const breakTypes = () => appendFileSync(path.join(clone, 'src/main.ts'), 'export const wrong: number = "text";\n');

async function run(script: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = promisify(execFile)(process.execPath, [`scripts/${script}.mjs`], { cwd: clone });
  return child.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

describe('npm start', () => {
  it('several at once on a fresh clone: one builds, all run', async () => {
    const runs = await Promise.all([run('start'), run('start'), run('start')]);
    expect(runs.map(({ stdout }) => stdout)).toEqual(['first', 'first', 'first']);
    expect(runs.filter(({ stderr }) => stderr.includes('Building'))).toHaveLength(1);
    expect(readdirSync(path.join(clone, '.cache'))).toEqual([]);
  });

  it('builds again when a source has changed, and only then', async () => {
    await run('start');
    expect(await run('start')).toMatchObject({ stdout: 'first', stderr: '' });
    writeServer('second');
    expect(await run('start')).toMatchObject({ stdout: 'second', stderr: expect.stringContaining('Building') });
  });

  it('takes over from one that was killed while building', async () => {
    const killed = spawn(process.execPath, ['scripts/start.mjs'], { cwd: clone, stdio: 'ignore' });
    const ended = new Promise((resolve) => killed.once('close', resolve));
    while (!hasLock() && killed.exitCode === null) await sleep(10);
    killed.kill('SIGKILL');
    await ended;
    expect(hasLock()).toBe(true);
    expect((await run('start')).stdout).toBe('first');
  });

  it('runs in spite of a type error, and tells it', async () => {
    breakTypes();
    expect(await run('start')).toMatchObject({ stdout: 'first', stderr: expect.stringContaining('src/main.ts(2,14)') });
  });

  it('takes dist/ as it is where there is no compiler', async () => {
    await run('start');
    writeServer('second');
    rmSync(path.join(clone, 'node_modules'));
    expect(await run('start')).toMatchObject({ stdout: 'first', stderr: '' });
    rmSync(path.join(clone, 'dist'), { recursive: true });
    expect(await run('start')).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('npm ci') });
  });
});

describe('npm run build', () => {
  it('refuses a type error and leaves dist/ as it was', async () => {
    expect((await run('build')).code).toBe(0);
    breakTypes();
    expect((await run('build')).code).toBe(1);
    expect((await promisify(execFile)(process.execPath, ['dist/src/main.js'], { cwd: clone })).stdout).toBe('first');
  });

  it('puts the vendor styles beside the server, with their licences', async () => {
    await run('build');
    const names = readdirSync(path.join(clone, 'dist/public/vendor/codex'));
    expect(names).toEqual(expect.arrayContaining(['LICENSE', 'codex.style.css', 'theme-wikimedia-ui-root.css']));
  });
});

function hasLock(): boolean {
  try {
    return readdirSync(path.join(clone, '.cache')).includes('build.lock');
  } catch {
    return false;
  }
}
