import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSettings } from '../settings';
import { openMysqlSource } from './original/mysql-source';
import { type SourceConnection, SourceProblem } from './original/original';
import { openSqliteSource } from './original/sqlite-source';

/** Where an original's database is. */
export type SourceAddress =
  | { type: 'sqlite'; path: string }
  | { type: 'mysql'; login: { host: string; port: number; user: string; password: string; database: string } };

const MYSQL = /^(mysql|mariadb)(\+\w+)?:$/;
const THIS_ITSELF = 'That is the database of this server itself. Give the server a database of its own.';

/** @param from a path, or an address in the form that the original's own settings have; null when it is neither */
export function readSourceAddress(from: string): SourceAddress | null {
  const file = /^sqlite:\/\/\/(.+)$/.exec(from)?.[1];
  if (file !== undefined) return { type: 'sqlite', path: file };
  if (!/^[\w+.-]+:\/\//.test(from)) return from === '' ? null : { type: 'sqlite', path: from };
  const url = URL.canParse(from) ? new URL(from) : null;
  const database = url?.pathname.slice(1) ?? '';
  if (!url || !MYSQL.test(url.protocol) || url.hostname === '' || !/^[^/]+$/.test(database)) return null;
  try {
    const [user, password, name] = [url.username, url.password, database].map(decodeURIComponent);
    return {
      type: 'mysql',
      login: { host: url.hostname, port: Number(url.port || 3306), user, password, database: name },
    };
  } catch {
    return null;
  }
}

/** @throws SourceProblem when it cannot be read, or is where this server keeps its own */
export async function openSource(source: SourceAddress, own: DatabaseSettings): Promise<SourceConnection> {
  if (source.type === 'sqlite') {
    if (own.type === 'sqlite' && realPath(source.path) === realPath(own.path)) throw new SourceProblem(THIS_ITSELF);
    return openSqliteSource(source.path);
  }
  const { host, port, database } = source.login;
  const isOwn = own.type === 'mariadb' && own.host === host && own.port === port && own.name === database;
  if (isOwn) throw new SourceProblem(THIS_ITSELF);
  return openMysqlSource(source.login);
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}
