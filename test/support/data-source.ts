import path from 'node:path';
import { DataSource } from 'typeorm';
import { writerDataSource } from '../../src/database/data-source';
import type { DatabaseSettings } from '../../src/settings';
import type { TestDatabase } from './databases';

/** A test's database as the server's settings say it. */
export function databaseSettings({ kind, env }: TestDatabase): DatabaseSettings {
  if (kind === 'sqlite') return { type: kind, path: path.join(env.DATA_DIR, 'chatstream.db') };
  return {
    type: kind,
    host: env.DB_HOST,
    port: Number(env.DB_PORT),
    user: env.DB_USER,
    password: env.DB_PASSWORD,
    name: env.DB_NAME,
  };
}

/** The server's own data source, connected in this process. */
export function connected(database: TestDatabase): Promise<DataSource> {
  return writerDataSource(databaseSettings(database)).initialize();
}
