import { readChannelId, readRowId } from '../rows/cells';
import { ORIGINAL_TABLES, type OriginalTable, REQUIRED_TABLES } from './tables';

/** What the columns of a row hold: text, numbers, null, or whatever else somebody put there. */
export type Cells = Readonly<Record<string, unknown>>;

export interface SourceRow {
  /** Where to find it: its id, or where there is none, its place among the table's rows. Fit to be shown. */
  place: string;
  cells: Cells;
}

/** Why nothing can be imported from there, in a sentence for the person at the terminal. */
export class SourceProblem extends Error {}

/** What the two kinds of database that the original runs on have in common. Nothing here ever writes. */
export interface SourceConnection {
  /** In the order of the query, a few at a time. */
  query(sql: string): Iterable<Cells> | AsyncIterable<Cells>;
  /** Of a table's columns, lower case; none where there is no such table. */
  columns(table: string): Promise<string[]>;
  close(): Promise<void>;
}

/** Rows that are read in the order in which things happened; of the other tables the order is their own. */
const MOMENT: Partial<Record<OriginalTable, string>> = { messages: 'arrived_at', moderation_log: 'decided_at' };

/** The database of a Python original, open for reading. */
export class Original {
  private constructor(
    private readonly connection: SourceConnection,
    private readonly columns: ReadonlyMap<OriginalTable, ReadonlySet<string>>,
  ) {}

  /** @throws SourceProblem when it is somebody else's database */
  static async in(connection: SourceConnection): Promise<Original> {
    const columns = new Map<OriginalTable, ReadonlySet<string>>();
    for (const [table, needed] of Object.entries(ORIGINAL_TABLES) as [OriginalTable, readonly string[]][]) {
      const present = new Set(await connection.columns(table));
      const missing = needed.filter((column) => !present.has(column));
      if (present.size === 0 && !REQUIRED_TABLES.includes(table)) continue;
      if (missing.length > 0) throw new SourceProblem(foreign(table, present.size === 0 ? [] : missing));
      columns.set(table, present);
    }
    return new Original(connection, columns);
  }

  has(table: OriginalTable): boolean {
    return this.columns.has(table);
  }

  /** All rows of a table, none where it is missing. */
  async *rows(table: OriginalTable): AsyncIterable<SourceRow> {
    const columns = this.columns.get(table);
    if (!columns) return;
    // SQLite keeps times as text, with a space or a T in the middle.
    const moment = MOMENT[table];
    const hasNumber = columns.has('id') && table !== 'channels';
    const order = [...(moment ? [`REPLACE(${moment}, 'T', ' ')`] : []), ...(hasNumber ? ['id'] : [])];
    const orderBy = order.length > 0 ? ` ORDER BY ${order.join(', ')}` : '';
    let number = 0;
    for await (const cells of this.connection.query(`SELECT * FROM ${table}${orderBy}`)) {
      number += 1;
      const id = table === 'channels' ? readChannelId(cells.id) : readRowId(cells.id);
      yield { place: id === null ? `row ${number}` : `id ${id}`, cells };
    }
  }

  /** What two columns hold together, each pair once; none where the table or one of them is missing. */
  async *pairs(table: OriginalTable, first: string, second: string): AsyncIterable<[unknown, unknown]> {
    const columns = this.columns.get(table);
    if (!columns?.has(first) || !columns.has(second)) return;
    for await (const cells of this.connection.query(`SELECT DISTINCT ${first}, ${second} FROM ${table}`)) {
      yield [cells[first], cells[second]];
    }
  }
}

function foreign(table: string, missing: readonly string[]): string {
  const what = missing.length > 0 ? `its table ${table} has no ${missing.join(', ')}` : `it has no table ${table}`;
  return `This is not a database of the original: ${what}.`;
}
