import { Logger, StreamableFile } from '@nestjs/common';
import { stringify } from 'csv-stringify';
import { pipeline, Readable } from 'node:stream';

const logger = new Logger('Downloads');

/** Milliseconds between two looks whether who takes a file still may. */
const ASK_EVERY = 1_000;

/** Whether who takes a file still may, as of now. */
export type MayStill = () => Promise<boolean>;

class RightEnded extends Error {
  override readonly name = 'RightEnded';
}

/**
 * The rows for as long as who takes them may: a file can take minutes, and what is left of it is broken off.
 */
export async function* whileAllowed<Row>(rows: AsyncIterable<Row>, mayStill: MayStill): AsyncGenerator<Row> {
  let asked = Date.now();
  for await (const row of rows) {
    if (Date.now() - asked >= ASK_EVERY) {
      if (!(await mayStill())) throw new RightEnded();
      asked = Date.now();
    }
    yield row;
  }
}

/** Rows as a CSV file, written while they are read. */
export function csvOf<Row>(rows: AsyncIterable<Row>, columns: readonly (keyof Row & string)[]): Readable {
  // What a stranger wrote may begin like a formula; a spreadsheet must show it, not run it.
  const csv = stringify({
    header: true,
    columns: [...columns],
    escape_formulas: true,
    bom: true,
    cast: { boolean: String },
  });
  // Not pipe(): that would let a fault of the database, or a reader who leaves, end one of the two and not the other.
  return pipeline(Readable.from(rows), csv, () => undefined);
}

/** Rows as JSON Lines, written while they are read. */
export function jsonLinesOf(rows: AsyncIterable<object>): Readable {
  return Readable.from(lines(rows));
}

async function* lines(rows: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}

/** A file for the disk of whoever asks. What breaks it off is logged by name: the driver's own words may quote rows. */
export function download(content: Readable, type: string, filename: string): StreamableFile {
  const file = new StreamableFile(content, {
    type: `${type}; charset=utf-8`,
    disposition: `attachment; filename="${filename}"`,
  });
  return file.setErrorLogger(({ name }) => logger.error(`the download ${filename} was broken off: ${name}`));
}
