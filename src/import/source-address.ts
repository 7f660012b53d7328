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
const THIS_ITSELF = 'This server is set to the database of an original. Give it a database of its own.';

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

/** @throws SourceProblem when it cannot be read, or is where this server is to keep its own */
export async function openSource(source: SourceAddress, own: DatabaseSettings): Promise<SourceConnection> {
  if (own.type === 'mariadb') await refuseOriginal(own);
  if (source.type === 'mysql') return openMysqlSource(source.login);
  if (own.type === 'sqlite' && realPath(source.path) === realPath(own.path)) throw new SourceProblem(THIS_ITSELF);
  return openSqliteSource(source.path);
}

/** By what is in it: a server has several names. Making our tables there would change the original's of the same name. */
async function refuseOriginal({ host, port, user, password, name }: Exclude<DatabaseSettings, { type: 'sqlite' }>) {
  const connection = await openMysqlSource({ host, port, user, password, database: name }).catch(() => null);
  // What is wrong with it is said when it is opened.
  if (!connection) return;
  const columns = await connection.columns('channels');
  await connection.close();
  if (columns.includes('webhook_hmac_secret')) throw new SourceProblem(THIS_ITSELF);
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}
