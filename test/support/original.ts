import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import mysql from 'mysql2/promise';
import type { TestDatabase } from './databases';

/** The tables of the Python original; nothing is constrained, for what it holds has come about over the years. */
const TABLES = {
  channels:
    'id VARCHAR(64), name VARCHAR(255), description TEXT, is_active INT, is_public INT, display_token VARCHAR(64), webhook_hmac_secret VARCHAR(64), custom_css TEXT, language_detection_enabled INT, default_language VARCHAR(10), likely_languages TEXT, emoji_auto_approve INT, anonymous_label VARCHAR(64), anonymous_counter INT, created_at DATETIME, archived_at DATETIME',
  channel_members:
    'id INTEGER, channel_id VARCHAR(64), centralauth_id INT, wiki_username VARCHAR(255), role VARCHAR(16), added_at DATETIME',
  messages:
    'id INTEGER, eventyay_message_id VARCHAR(255), channel_id VARCHAR(64), screen_name VARCHAR(255), wiki_username VARCHAR(255), sender_id VARCHAR(255), centralauth_id INT, message TEXT, message_type VARCHAR(16), meta TEXT, profile_img VARCHAR(1024), user_language VARCHAR(10), detected_language VARCHAR(10), status VARCHAR(16), arrived_at DATETIME, processed_at DATETIME, processed_by_centralauth_id INT',
  ...sameFor(['blacklist', 'whitelist', 'global_blacklist'], (table) =>
    [
      'id INTEGER',
      ...(table === 'global_blacklist' ? [] : ['channel_id VARCHAR(64)']),
      'screen_name VARCHAR(255), sender_id VARCHAR(255), centralauth_id INT, added_by_centralauth_id INT, added_by_wiki_username VARCHAR(255), added_at DATETIME',
    ].join(', '),
  ),
  blocked_patterns:
    'id INTEGER, channel_id VARCHAR(64), pattern_text TEXT, original_message_id INT, added_by_centralauth_id INT, added_at DATETIME',
  moderation_log:
    'id INTEGER, channel_id VARCHAR(64), message_id INT, moderator_centralauth_id INT, moderator_wiki_username VARCHAR(255), decision VARCHAR(32), screen_name VARCHAR(255), message_text TEXT, message_type VARCHAR(16), arrived_at DATETIME, decided_at DATETIME',
};

function sameFor<Name extends string>(names: Name[], columns: (name: Name) => string): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, columns(name)])) as Record<Name, string>;
}

type Row = Record<string, unknown>;
export type OriginalRows = Partial<Record<keyof typeof TABLES, Row[]>>;

export interface TestOriginal {
  /** What --from is given. */
  from: string;
  insert(rows: OriginalRows): Promise<void>;
  run(sql: string): Promise<void>;
  /** Of every byte that is there, and of every file beside it. */
  fingerprint(): Promise<string>;
  drop(): Promise<void>;
}

/** A SQLite file in WAL mode, whose last rows are in the log and not in the file yet, as a running original leaves it. */
export function makeSqliteOriginal(): Promise<TestOriginal> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cs_original-'));
  const file = path.join(folder, 'dev.db');
  const database = new BetterSqlite3(file);
  database.pragma('journal_mode = WAL');
  database.pragma('wal_autocheckpoint = 0');
  for (const [table, columns] of Object.entries(TABLES)) database.exec(`CREATE TABLE ${table} (${columns})`);
  return Promise.resolve({
    from: file,
    insert: (rows) => {
      for (const [sql, values] of inserts(rows)) database.prepare(sql).run(...values);
      return Promise.resolve();
    },
    run: (sql) => Promise.resolve(void database.exec(sql)),
    fingerprint: () =>
      Promise.resolve(
        readdirSync(folder)
          .map((name) => path.join(folder, name))
          .map((each) => `${each} ${statSync(each).mtimeMs} ${hash(readFileSync(each))}`)
          .join('\n'),
      ),
    drop: () => {
      database.close();
      return Promise.resolve(rmSync(folder, { recursive: true }));
    },
  });
}

/** A database on MariaDB, and an account that may do nothing but read it. */
export async function makeMariadbOriginal(): Promise<TestOriginal> {
  const server = new URL(process.env.TEST_MARIADB_URL as string);
  const name = `cs_original_${randomBytes(6).toString('hex')}`;
  const connection = await mysql.createConnection({ uri: server.href, multipleStatements: true });
  // As servers once were: what does not fit is made to fit, and what is no time becomes the year 0.
  await connection.query("SET SESSION sql_mode = ''");
  await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci; USE ${name}`);
  await connection.query(`CREATE USER ${name}@'%' IDENTIFIED BY 'p:w/d'; GRANT SELECT ON ${name}.* TO ${name}@'%'`);
  for (const [table, columns] of Object.entries(TABLES)) {
    await connection.query(`CREATE TABLE ${table} (${columns.replaceAll('DATETIME', 'DATETIME(6)')})`);
  }
  return {
    from: `mysql+pymysql://${name}:${encodeURIComponent('p:w/d')}@${server.host}/${name}`,
    insert: async (rows) => {
      for (const [sql, values] of inserts(rows)) await connection.query(sql, values);
    },
    run: async (sql) => void (await connection.query(sql)),
    fingerprint: async () => {
      const [rows] = await connection.query(`CHECKSUM TABLE ${Object.keys(TABLES).join(', ')}`);
      return JSON.stringify(rows);
    },
    drop: async () => {
      await connection.query(`DROP DATABASE ${name}; DROP USER ${name}@'%'`);
      await connection.end();
    },
  };
}

function inserts(rows: OriginalRows): [string, unknown[]][] {
  return Object.entries(rows).flatMap(([table, each]) =>
    each.map((row): [string, unknown[]] => [
      `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row)
        .map(() => '?')
        .join(', ')})`,
      Object.values(row),
    ]),
  );
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

export interface ImportRunResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** `npm run import` as it runs once everything is built, into the database of a server. */
export function runImport({ env }: Pick<TestDatabase, 'env'>, ...args: string[]): Promise<ImportRunResult> {
  const main = path.resolve(__dirname, '../../dist/src/import/main.js');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, ...args],
      { env: { PATH: process.env.PATH, NODE_ENV: 'test', SECRETS_DIR: '/nowhere', ...env }, cwd: env.DATA_DIR },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

/** A channel of the original, as its pages make them. */
export function originalChannel(overrides: Row = {}): Row {
  return {
    id: 'main-hall',
    name: 'Main hall',
    description: 'Keynotes',
    is_active: 1,
    is_public: 1,
    display_token: 'token-of-the-original',
    webhook_hmac_secret: 'secret-of-the-original',
    custom_css: '.message { color: red }',
    language_detection_enabled: 0,
    default_language: 'en',
    likely_languages: '["en", "pt_BR"]',
    emoji_auto_approve: 1,
    anonymous_label: 'Anonymous',
    anonymous_counter: 3,
    created_at: '2026-01-02 03:04:05.678901',
    archived_at: null,
    ...overrides,
  };
}

/** A text in its queue. */
export function originalMessage(id: number, overrides: Row = {}): Row {
  return {
    id,
    eventyay_message_id: String(1000 + id),
    channel_id: 'main-hall',
    screen_name: `Guest ${id}`,
    wiki_username: null,
    sender_id: `sender-${id}`,
    centralauth_id: null,
    message: `Text number ${id}`,
    message_type: 'text',
    meta: '{}',
    profile_img: null,
    user_language: null,
    detected_language: 'en',
    status: 'queued',
    arrived_at: `2026-08-05 09:${String(id % 60).padStart(2, '0')}:00.123456`,
    processed_at: null,
    processed_by_centralauth_id: null,
    ...overrides,
  };
}

/** A row of its log about such a message. */
export function originalLogRow(id: number, overrides: Row = {}): Row {
  return {
    id,
    channel_id: 'main-hall',
    message_id: id,
    moderator_centralauth_id: 71,
    moderator_wiki_username: 'Mo',
    decision: 'approved',
    screen_name: `Guest ${id}`,
    message_text: `Text number ${id}`,
    message_type: 'text',
    arrived_at: `2026-08-05 09:${String(id % 60).padStart(2, '0')}:00.123456`,
    decided_at: '2026-08-05 11:00:00.500000',
    ...overrides,
  };
}
