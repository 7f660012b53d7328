import { EntityManager } from 'typeorm';

type Value = string | number | boolean | null;

/** A condition on one table, with `?` for its parameters. */
export interface Where {
  sql: string;
  parameters: (string | number)[];
}

/**
 * Rows that go into one statement at most. A server takes as many as it has parameters for, since each statement is a
 * trip. SQLite keeps a statement of each size prepared, for preparing costs more there than running; see data-source.ts.
 */
export const ROWS_PER_STATEMENT = { server: 1_000, sqlite: 64 };

/**
 * A multi-row INSERT, for where TypeORM's own is too slow (intake) and its ids of several rows are unreliable.
 * @param rows values in the order of `columns`
 * @param more what follows the values, such as `RETURNING id`
 * @returns what a RETURNING clause answers, for all rows
 */
export async function insertRows<Row>(
  tx: EntityManager,
  table: string,
  columns: readonly string[],
  rows: readonly Value[][],
  more = '',
  verb = 'INSERT',
): Promise<Row[]> {
  const { type } = tx.connection.options;
  const most = type === 'better-sqlite3' ? ROWS_PER_STATEMENT.sqlite : ROWS_PER_STATEMENT.server;
  const returned: Row[] = [];
  for (const part of chunks(rows, most)) {
    const values = valueList(part.length, columns.length, type === 'postgres');
    const query = `${verb} INTO ${table} (${columns.join(',')}) VALUES ${values} ${more}`;
    const answer = await tx.query<Row[]>(query, part.flat());
    if (more !== '') returned.push(...answer);
  }
  return returned;
}

const valueLists = new Map<string, string>();

/** `(?,?),(?,?)`, or the same numbered; remembered, for it is long and always one of a few. */
function valueList(rows: number, columns: number, numbered: boolean): string {
  const key = `${rows} ${columns} ${numbered}`;
  const list = valueLists.get(key) ?? makeValueList(rows, columns, numbered);
  if (rows <= ROWS_PER_STATEMENT.sqlite) valueLists.set(key, list);
  return list;
}

function makeValueList(rows: number, columns: number, numbered: boolean): string {
  if (!numbered) return new Array(rows).fill(`(${new Array(columns).fill('?').join(',')})`).join(',');
  return Array.from(
    { length: rows },
    (_, row) => `(${Array.from({ length: columns }, (__, i) => `$${row * columns + i + 1}`).join(',')})`,
  ).join(',');
}

/**
 * Inserts the rows whose primary key is new, and tells which. Only for tables of nothing but fixed-size keys:
 * MariaDB's INSERT IGNORE would cut anything longer without a word.
 */
export async function insertNewKeys<Row>(
  tx: EntityManager,
  table: string,
  columns: readonly string[],
  rows: readonly Value[][],
): Promise<Row[]> {
  const returning = `RETURNING ${columns.join(',')}`;
  return tx.connection.options.type === 'mariadb'
    ? insertRows(tx, table, columns, rows, returning, 'INSERT IGNORE')
    : insertRows(tx, table, columns, rows, `ON CONFLICT DO NOTHING ${returning}`);
}

/**
 * Adds to the counters of a row and sets other columns of it; begins the row where there is none.
 * @param key the row's primary key; `counts` and `last` are all its other columns
 */
export async function addToRow(
  tx: EntityManager,
  table: string,
  key: Record<string, Value>,
  counts: Record<string, number>,
  last: Record<string, Value> = {},
): Promise<void> {
  const isMariadb = tx.connection.options.type === 'mariadb';
  const given = (column: string) => (isMariadb ? `VALUES(${column})` : `excluded.${column}`);
  const changes = [
    ...Object.keys(counts).map((column) => `${column} = ${table}.${column} + ${given(column)}`),
    ...Object.keys(last).map((column) => `${column} = ${given(column)}`),
  ];
  const row = { ...key, ...counts, ...last };
  const onThere = isMariadb ? 'ON DUPLICATE KEY UPDATE' : `ON CONFLICT (${Object.keys(key).join(',')}) DO UPDATE SET`;
  await execute(
    tx,
    `INSERT INTO ${table} (${Object.keys(row).join(',')}) VALUES (${placeholders(Object.keys(row))}) ${onThere} ${changes.join(',')}`,
    Object.values(row),
  );
}

/** Runs one UPDATE or DELETE inside a transaction. @returns the number of rows it found to change */
export async function execute(tx: EntityManager, query: string, parameters: readonly Value[]): Promise<number> {
  const result = await runner(tx).query(numberPlaceholders(tx, query), [...parameters], true);
  return result.affected ?? 0;
}

/** Writes `?` the way the database wants its placeholders. The query may hold no other question mark. */
export function numberPlaceholders(tx: EntityManager, query: string): string {
  if (tx.connection.options.type !== 'postgres') return query;
  let n = 0;
  return query.replace(/\?/g, () => `$${++n}`);
}

function runner(tx: EntityManager) {
  if (!tx.queryRunner) throw new Error('this statement belongs into a transaction');
  return tx.queryRunner;
}

/** `?, ?, ?` */
export const placeholders = (values: readonly unknown[]) => values.map(() => '?').join(',');

/** Pieces of at most `size`, for statements whose number of parameters is limited. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
