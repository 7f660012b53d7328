import type { TestDatabase } from './databases';

const COLUMNS = {
  sqlite: `SELECT m.name AS "table", c.name AS "column" FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`,
  mariadb:
    'SELECT table_name AS `table`, column_name AS `column` FROM information_schema.columns WHERE table_schema = DATABASE()',
  postgres: `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns WHERE table_schema = 'public'`,
};

/** Every column of every table there is, a table that comes later among them. */
function columnsOf(database: TestDatabase): Promise<{ table: string; column: string }[]> {
  return database.query(COLUMNS[database.kind]);
}

/** Where in the whole database any of these words stands, as `table.column: word`. */
export async function findEverywhere(database: TestDatabase, words: readonly string[]): Promise<string[]> {
  const text = { sqlite: 'TEXT', mariadb: 'CHAR', postgres: 'TEXT' }[database.kind];
  const columns = await columnsOf(database);
  const found: string[] = [];
  for (const table of new Set(columns.map((one) => one.table))) {
    const places = columns
      .filter((one) => one.table === table)
      .flatMap(({ column }) => words.map((word) => ({ column, word })));
    const counts = places.map(
      ({ column }, i) => `SUM(CASE WHEN LOWER(CAST(${column} AS ${text})) LIKE ? THEN 1 ELSE 0 END) AS n${i}`,
    );
    const [row] = await database.query<Record<string, unknown>>(
      `SELECT ${counts.join(', ')} FROM ${table}`,
      places.map(({ word }) => `%${word.toLowerCase()}%`),
    );
    places.forEach(({ column, word }, i) => {
      if (Number(row[`n${i}`]) > 0) found.push(`${table}.${column}: ${word}`);
    });
  }
  return found.sort();
}
