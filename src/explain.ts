import { DatabaseInUse } from './database/schema';
import { SettingsError } from './settings';

/** What the person at the terminal can mend is said in a sentence; a stack trace would only hide it. */
export function explain(error: unknown): string {
  if (error instanceof SettingsError || error instanceof DatabaseInUse) return error.message;
  const code = String((error as { code?: unknown }).code);
  if (code === 'EADDRINUSE') return 'Another program is listening on this address already. Choose another PORT.';
  if (/^(EADDRNOTAVAIL|EACCES)$/.test(code)) return `This machine cannot listen on that HOST and PORT (${code}).`;
  if (/^(SQLITE_\w+|ENOTDIR|EEXIST|EROFS)$/.test(code))
    return `The SQLite file cannot be used (${code}). Look at DB_PATH and DATA_DIR.`;
  if (/^(ECONNREFUSED|ENOTFOUND|ETIMEDOUT|ER_\w+|28\w{3}|3D000|57P03)$/.test(code))
    return `The database cannot be used (${code}). Look at the DB_ settings.`;
  return error instanceof Error ? String(error.stack) : String(error);
}
