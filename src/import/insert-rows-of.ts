import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { insertRows } from '../database/statements';

/** Inserts many rows as their entity says; TypeORM's own insert makes no use of what a statement can hold. */
export async function insertRowsOf<Row extends ObjectLiteral>(
  tx: EntityManager,
  entity: EntityTarget<Row>,
  rows: readonly Partial<Row>[],
): Promise<number[]> {
  const { tableName, columns } = tx.connection.getMetadata(entity);
  const given = columns.filter(({ isGenerated }) => !isGenerated);
  const returning = columns.some(({ isGenerated }) => isGenerated) ? 'RETURNING id' : '';
  const inserted = await insertRows<{ id: number | string }>(
    tx,
    tableName,
    given.map(({ databaseName }) => databaseName),
    rows.map((row) =>
      given.map((column) => (column.getEntityValue(row, true) ?? null) as string | number | boolean | null),
    ),
    returning,
  );
  // Every database numbers the rows in their order, but promises no order for what RETURNING answers.
  return inserted.map(({ id }) => Number(id)).sort((a, b) => a - b);
}
