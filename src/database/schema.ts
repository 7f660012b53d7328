import BetterSqlite3 from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataSource } from 'typeorm';

/**
 * Applies the migrations that are missing. Several processes may start at once: one migrates, the others wait, and find
 * nothing left to do. The lock is the session's, so it is held on a connection of its own while another migrates.
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  if (dataSource.options.type === 'better-sqlite3') {
    await dataSource.runMigrations();
    return;
  }
  const guard = dataSource.createQueryRunner();
  await guard.connect();
  const { lock, unlock } = LOCKS[dataSource.options.type === 'mariadb' ? 'mariadb' : 'postgres'];
  try {
    const [{ locked }] = await guard.manager.query<{ locked: unknown }[]>(lock);
    if (Number(locked) !== 1) throw new Error('Another process has been changing the database for ten minutes.');
    try {
      await dataSource.runMigrations();
    } finally {
      await guard.query(unlock);
    }
  } finally {
    await guard.release();
  }
}

/** MariaDB's locks belong to the whole server, which on Toolforge is everybody's; PostgreSQL's to the database. */
const NAME = `CONCAT('chatstream-', MD5(DATABASE()))`;
const LOCKS = {
  mariadb: { lock: `SELECT GET_LOCK(${NAME}, 600) AS locked`, unlock: `SELECT RELEASE_LOCK(${NAME})` },
  postgres: {
    lock: 'SELECT 1 AS locked FROM (SELECT pg_advisory_lock(742001)) AS waited',
    unlock: 'SELECT pg_advisory_unlock(742001)',
  },
} as const;

export class DatabaseInUse extends Error {
  constructor(path: string) {
    super(
      `Another process is already running on ${path}. Give each its own DATA_DIR, or use MariaDB or PostgreSQL for several.`,
    );
  }
}

/**
 * Holds `<path>.lock` for as long as the process lives; SQLite's own file lock, so a crash releases it.
 * @throws DatabaseInUse when another process holds it.
 */
export function claimFile(path: string): () => void {
  mkdirSync(dirname(path), { recursive: true });
  const lock = new BetterSqlite3(`${path}.lock`, { timeout: 0 });
  try {
    lock.pragma('journal_mode = DELETE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) throw new DatabaseInUse(path);
    throw error;
  }
  return () => lock.close();
}
