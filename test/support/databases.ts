import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import mysql from 'mysql2/promise';
import pg from 'pg';

export type DatabaseKind = 'sqlite' | 'mariadb' | 'postgres';
type ServerKind = Exclude<DatabaseKind, 'sqlite'>;
type Row = Record<string, unknown>;

export interface TestDatabase {
  kind: DatabaseKind;
  /** Settings that make a server use it; DATA_DIR is a folder of its own also with MariaDB and PostgreSQL. */
  env: Record<string, string>;
  /** Looks past the server: `?` placeholders on every database, bigints as numbers, rows for what returns rows, else []. */
  query<T = Row>(sql: string, params?: unknown[]): Promise<T[]>;
  drop(): Promise<void>;
}

/** What this run can test on; `why` says what is wrong with a missing one. Known only in suites outside test/moderation, house, browser-modules. */
function databases(): { name: DatabaseKind; available: boolean; why?: string }[] {
  const missing = JSON.parse(process.env.TEST_DATABASES_MISSING ?? '{}') as Partial<Record<DatabaseKind, string>>;
  return (['sqlite', 'mariadb', 'postgres'] as const).map((name) => ({
    name,
    available: missing[name] === undefined,
    why: missing[name],
  }));
}

/** One `describe` for each database; one without its server is skipped under a name that says so. */
export function describeEachDatabase(
  title: string,
  suite: (kind: DatabaseKind) => void,
  kinds: readonly DatabaseKind[] = ['sqlite', 'mariadb', 'postgres'],
): void {
  for (const { name, available, why } of databases().filter((database) => kinds.includes(database.name))) {
    if (available) describe(`${title} on ${name}`, () => suite(name));
    else describe.skip(`${title} on ${name}: no server (${why})`, () => suite(name));
  }
}

/**
 * For what is about the API rather than about SQL: the embedded database and one server will do. What SQL decides,
 * counts, removes or keeps apart is tested on all three.
 */
export function describeOnOneServer(title: string, suite: (kind: DatabaseKind) => void): void {
  describeEachDatabase(title, suite, ['sqlite', 'mariadb']);
}

/** An empty database for one suite, tables not yet made. */
export async function freshDatabase(kind: DatabaseKind, prefix = 'cs_test'): Promise<TestDatabase> {
  const dataDir = mkdtempSync(path.join(tmpdir(), `${prefix}-`));
  const removeDataDir = () => rmSync(dataDir, { recursive: true, force: true });
  if (kind === 'sqlite') {
    const file = path.join(dataDir, 'chatstream.db');
    return {
      kind,
      env: { DB_TYPE: 'sqlite', DATA_DIR: dataDir },
      query: (sql, params = []) => Promise.resolve(querySqlite(file, sql, params)),
      drop: () => Promise.resolve(removeDataDir()),
    };
  }

  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  const server = new URL(process.env[kind === 'mariadb' ? 'TEST_MARIADB_URL' : 'TEST_POSTGRES_URL'] as string);
  const own = new URL(`/${name}`, server);
  await run(
    kind,
    server,
    kind === 'mariadb' ? `CREATE DATABASE ${name}` : `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`,
  );
  return {
    kind,
    env: {
      DB_TYPE: kind,
      DB_HOST: server.hostname,
      DB_PORT: server.port,
      DB_USER: decodeURIComponent(server.username),
      DB_PASSWORD: decodeURIComponent(server.password),
      DB_NAME: name,
      DATA_DIR: dataDir,
      SECRET_KEY: randomBytes(32).toString('hex'),
    },
    query: <T>(sql: string, params: unknown[] = []) => run(kind, own, sql, params) as Promise<T[]>,
    async drop() {
      await run(
        kind,
        server,
        kind === 'mariadb' ? `DROP DATABASE IF EXISTS ${name}` : `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`,
      );
      removeDataDir();
    },
  };
}

function querySqlite<T>(file: string, sql: string, params: unknown[]): T[] {
  const database = new BetterSqlite3(file, { fileMustExist: existsSync(file), timeout: 5000 });
  try {
    const statement = database.prepare(sql);
    if (statement.reader) return statement.all(...params) as T[];
    statement.run(...params);
    return [];
  } finally {
    database.close();
  }
}

async function run(kind: ServerKind, url: URL, sql: string, params: unknown[] = []): Promise<Row[]> {
  return kind === 'mariadb' ? runMariadb(url, sql, params) : runPostgres(url, sql, params);
}

async function runMariadb(url: URL, sql: string, params: unknown[]): Promise<Row[]> {
  const connection = await mysql.createConnection(url.href);
  try {
    const [rows] = await connection.query(sql, params);
    return Array.isArray(rows) ? (rows as Row[]) : [];
  } finally {
    await connection.end();
  }
}

async function runPostgres(url: URL, sql: string, params: unknown[]): Promise<Row[]> {
  let number = 0;
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  types.setTypeParser(pg.types.builtins.NUMERIC, Number);
  const client = new pg.Client({ connectionString: url.href, types });
  await client.connect();
  try {
    const result = await client.query<Row>(
      sql.replace(/\?/g, () => `$${++number}`),
      params,
    );
    return result.rows;
  } finally {
    await client.end();
  }
}
