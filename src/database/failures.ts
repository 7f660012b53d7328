import { driverError } from './database';

/** MariaDB: cannot be null, duplicate, out of range, incorrect value, too long, check failed, SIGNAL of a trigger. */
const MARIADB_DATA = new Set([1048, 1062, 1264, 1366, 1406, 4025, 1644]);
/** SQLite: constraint, too big, wrong type. */
const SQLITE_DATA = /^SQLITE_(CONSTRAINT|TOOBIG|MISMATCH)/;
/** PostgreSQL: data exception, integrity constraint violation, RAISE. */
const POSTGRES_DATA = /^(22|23|P0)/;

/** What a fault of our own throws while it handles a row. */
const OURS = [TypeError, RangeError, ReferenceError, SyntaxError];

/** Whether a row may be to blame for what it holds; otherwise the database is away, full or broken, and rows are innocent. */
export function isRowToBlame(error: unknown): boolean {
  const { code = '', errno = 0 } = driverError(error) ?? {};
  return (
    MARIADB_DATA.has(errno) ||
    SQLITE_DATA.test(code) ||
    POSTGRES_DATA.test(code) ||
    OURS.some((fault) => error instanceof fault)
  );
}

const UNAVAILABLE =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|PROTOCOL_CONNECTION_LOST|PROTOCOL_SEQUENCE_TIMEOUT|POOL_CLOSED|ER_CON_COUNT_ERROR|ER_SERVER_SHUTDOWN|57P0[123]|53300|08\w{3})$/;

/** What drivers say without a code. */
const CONNECTION_LOST =
  /^(Connection terminated|Client has encountered a connection error|Can't add new command when connection is in closed state)/;

/** Whether the database is away, so that trying again later makes sense. */
export function isUnavailable(error: unknown): boolean {
  const { code, message } = (driverError(error) ?? error ?? {}) as { code?: unknown; message?: unknown };
  return UNAVAILABLE.test(String(code)) || CONNECTION_LOST.test(String(message));
}
