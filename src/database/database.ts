import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { DataSource, EntityManager, QueryFailedError } from 'typeorm';
import type { Settings } from '../settings';
import { readerOptions, writerDataSource } from './data-source';
import { claimFile, migrate } from './schema';

export type DatabaseKind = Settings['database']['type'];

/**
 * The only door to the database: `write` for transactions, `reader` for everything else.
 *
 * TypeORM has a single SQLite connection, and a statement of one request would join the open transaction of another; so
 * on SQLite writers queue, and reads use a second, read-only connection.
 */
@Injectable()
export class Database implements OnApplicationShutdown {
  readonly kind: DatabaseKind;
  private readonly writer: DataSource;
  private readonly readerSource: DataSource;
  private readonly release: () => void;
  private lastWrite: Promise<unknown> = Promise.resolve();

  private constructor(kind: DatabaseKind, writer: DataSource, readerSource: DataSource, release: () => void) {
    this.kind = kind;
    this.writer = writer;
    this.readerSource = readerSource;
    this.release = release;
  }

  /** Connects and brings the schema up to date. */
  static async open({ database }: Pick<Settings, 'database'>): Promise<Database> {
    const release = database.type === 'sqlite' ? claimFile(database.path) : () => undefined;
    const writer = await connect(writerDataSource(database));
    await migrate(writer);
    const reader = database.type === 'sqlite' ? await connect(new DataSource(readerOptions(database.path))) : writer;
    return new Database(database.type, writer, reader, release);
  }

  /** For statements that only read, outside any transaction. */
  get reader(): EntityManager {
    return this.readerSource.manager;
  }

  /**
   * Runs `work` in one transaction. On a server database it is run again, from the start, when the server broke a
   * deadlock by undoing it; so `work` may have no effects but through `tx`.
   */
  async write<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    if (this.kind !== 'sqlite') return this.withRetries(work);
    const turn = this.lastWrite.then(() => this.writer.transaction(work));
    this.lastWrite = turn.catch(() => undefined);
    return turn;
  }

  private async withRetries<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.writer.transaction(work);
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !wasUndoneByServer(error)) throw error;
        await pause(attempt * 5 + Math.random() * 20);
      }
    }
  }

  /**
   * Leaves no copy of what was removed: SQLite's log keeps pages as they were until it is written over. Elsewhere the
   * server sees to that.
   */
  async forget(): Promise<void> {
    if (this.kind !== 'sqlite') return;
    const turn = this.lastWrite.then(() => this.writer.query('PRAGMA wal_checkpoint(TRUNCATE)'));
    this.lastWrite = turn.catch(() => undefined);
    await turn;
  }

  /** @param patience milliseconds. @throws when the database does not answer in time */
  async ping(patience: number): Promise<void> {
    const timeout = pause(patience).then(() => Promise.reject(new Error('no answer')));
    await Promise.race([this.reader.query('SELECT 1'), timeout]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.lastWrite;
    if (this.readerSource !== this.writer) await this.readerSource.destroy();
    await this.writer.destroy();
    this.release();
  }
}

const MAX_ATTEMPTS = 8;
/** Deadlock, lock wait timeout, snapshot conflict; PostgreSQL's serialization failure and deadlock. */
const UNDONE = new Set<unknown>([1213, 1205, 1020, '40001', '40P01']);

function wasUndoneByServer(error: unknown): boolean {
  const cause = driverError(error);
  return UNDONE.has(cause?.errno) || UNDONE.has(cause?.code);
}

export interface DriverError {
  code?: string;
  errno?: number;
}

/** What the database's driver said, if the error came from there. */
export function driverError(error: unknown): DriverError | undefined {
  return error instanceof QueryFailedError ? (error.driverError as DriverError) : undefined;
}

/** Nobody listens yet; PostgreSQL: starting up, or recovering. */
const STARTING = new Set<unknown>(['ECONNREFUSED', '57P03']);

/** The server may still be starting (Docker Compose, a restart): try for half a minute. */
async function connect(dataSource: DataSource): Promise<DataSource> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await dataSource.initialize();
    } catch (error) {
      if (attempt === 15 || !STARTING.has((error as DriverError).code)) throw error;
      await pause(2_000);
    }
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
