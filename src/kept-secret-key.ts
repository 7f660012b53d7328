import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The key kept in `<dataDir>/secret-key`, made when there is none. Several processes may start at once: the first to link a whole file there
 * has made it, the others read it.
 * @throws NodeJS.ErrnoException when the folder or the file cannot be used
 */
export function keptSecretKey(dataDir: string, minimumLength: number): string {
  const file = path.join(dataDir, 'secret-key');
  const key = read(file) ?? make(file);
  if (key.length < minimumLength)
    throw Object.assign(new Error('secret-key is too short'), { code: 'secret-key is damaged' });
  return key;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function make(file: string): string {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(draft, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return readFileSync(file, 'utf8').trim();
}
