import type { QueryRunner } from 'typeorm';

/** A column that rows from before have no value for. */
export interface NewColumn {
  table: string;
  column: string;
  type: string;
}

/** MariaDB keeps what was done before an interruption: the next start goes on from there. */
export async function addColumns(runner: QueryRunner, columns: readonly NewColumn[]): Promise<void> {
  for (const { table, column, type } of columns)
    if (!(await runner.hasColumn(table, column)))
      await runner.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${type} NULL`);
}

export async function dropColumns(runner: QueryRunner, columns: readonly NewColumn[]): Promise<void> {
  for (const { table, column } of columns)
    if (await runner.hasColumn(table, column)) await runner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
}
