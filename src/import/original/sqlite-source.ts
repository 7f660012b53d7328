import BetterSqlite3 from 'better-sqlite3';
import { constants, copyFileSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cells, type SourceConnection, SourceProblem } from './original';

/** The file itself, what has been committed but not moved into it yet, and what a crash left to be undone. */
const PARTS = ['', '-wal', '-journal'];
const ATTEMPTS = 10;
const BETWEEN_ATTEMPTS_MS = 300;

/**
 * Opens a copy, in a folder that only we can read: even a connection that only reads makes files beside a database in
 * WAL mode, and moves into it what had been committed, when it is the last to close.
 * @throws SourceProblem
 */
export async function openSqliteSource(file: string): Promise<SourceConnection> {
  const folder = mkdtempSync(path.join(tmpdir(), 'chatstream-import-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = path.join(folder, 'original.db');
    await copyAtRest(file, copy);
    const database = openCopy(copy);
    removeAtOnce(remove);
    return new SqliteSource(database, remove);
  } catch (error) {
    remove();
    throw error instanceof SourceProblem ? error : new SourceProblem(`The file cannot be read (${codeOf(error)}).`);
  }
}

class SqliteSource implements SourceConnection {
  constructor(
    private readonly copy: BetterSqlite3.Database,
    private readonly remove: () => void,
  ) {}

  *query(sql: string): Iterable<Cells> {
    // Of text that is no UTF-8 the driver makes what it can; numbers that a double would round come as bigint.
    for (const row of this.copy.prepare(sql).safeIntegers().iterate()) yield inPlainNumbers(row as Cells);
  }

  columns(table: string): Promise<string[]> {
    const columns = this.copy.pragma(`table_info(${table})`) as { name: string }[];
    return Promise.resolve(columns.map(({ name }) => name.toLowerCase()));
  }

  close(): Promise<void> {
    this.copy.close();
    return Promise.resolve(this.remove());
  }
}

function openCopy(copy: string): BetterSqlite3.Database {
  const database = new BetterSqlite3(copy, { fileMustExist: true });
  try {
    // Moves into the copy what had been committed: from here on it is one file, and open.
    database.pragma('journal_mode = DELETE');
    database.pragma('query_only = ON');
    return database;
  } catch (error) {
    database.close();
    throw new SourceProblem(`The file is no SQLite database, or a broken one (${codeOf(error)}).`);
  }
}

/** An open file goes on without its name, so that no copy is left behind however we end; where it does not, it goes later. */
function removeAtOnce(remove: () => void): void {
  try {
    remove();
  } catch {
    // Windows.
  }
}

/** The parts fit together only when nothing was written while they were copied. */
async function copyAtRest(file: string, copy: string): Promise<void> {
  const original = realpathSync(file);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const before = stateOf(original);
    if (copyParts(original, copy) && stateOf(original) === before) return;
    await sleep(BETWEEN_ATTEMPTS_MS);
  }
  throw new SourceProblem('The original keeps writing to its database. Stop it, then import.');
}

function copyParts(original: string, copy: string): boolean {
  for (const part of PARTS) {
    rmSync(copy + part, { force: true });
    try {
      copyFileSync(original + part, copy + part, constants.COPYFILE_FICLONE);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      if (part === '') return false;
    }
  }
  return true;
}

function stateOf(original: string): string {
  return PARTS.map((part) => {
    const stat = statSync(original + part, { bigint: true, throwIfNoEntry: false });
    return stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs}` : '-';
  }).join(' ');
}

function inPlainNumbers(row: Cells): Cells {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.toLowerCase(),
      typeof value !== 'bigint' ? value : Number.isSafeInteger(Number(value)) ? Number(value) : String(value),
    ]),
  );
}

const codeOf = (error: unknown) => (error as { code?: string }).code ?? 'unknown';
