import { EntityManager } from 'typeorm';
import { ChannelState } from '../entities/channel-state.entity';
import { execute, numberPlaceholders, type Where } from './statements';

type Numbers = Omit<ChannelState, 'channelId'>;
type Row = { channel_id: string } & Record<string, number | string | null>;

// Plain statements: every batch of intake runs both, and TypeORM's builder takes longer over them than the database.

/** Reads the rows that fit, in the order of ids, and keeps everybody else from changing them until the transaction ends. */
export async function lockStates(tx: EntityManager, { sql, parameters }: Where): Promise<ChannelState[]> {
  // SQLite knows no such clause, and needs none: there is one writer.
  const lock = tx.connection.options.type === 'better-sqlite3' ? '' : 'FOR UPDATE';
  const query = `SELECT * FROM channel_state WHERE ${sql} ORDER BY channel_id ${lock}`;
  const rows = await tx.query<Row[]>(numberPlaceholders(tx, query), parameters);
  return rows.map((row) => toState(tx, row));
}

/** Writes all of a locked row. */
export async function saveState(tx: EntityManager, state: ChannelState): Promise<void> {
  const columns = numberColumns(tx);
  await execute(
    tx,
    `UPDATE channel_state SET ${columns.map(([, column]) => `${column} = ?`).join(', ')} WHERE channel_id = ?`,
    [...columns.map(([property]) => state[property]), state.channelId],
  );
}

/** A bigint comes as a number or as its digits, by the database. */
function toState(tx: EntityManager, row: Row): ChannelState {
  const state = new ChannelState();
  state.channelId = row.channel_id;
  for (const [property, column] of numberColumns(tx)) {
    Object.assign(state, { [property]: row[column] === null ? null : Number(row[column]) });
  }
  return state;
}

/** The entity's properties and their columns: all but the id are whole numbers. */
function numberColumns(tx: EntityManager): [keyof Numbers, string][] {
  return tx.connection
    .getMetadata(ChannelState)
    .columns.filter(({ isPrimary }) => !isPrimary)
    .map(({ propertyName, databaseName }) => [propertyName as keyof Numbers, databaseName]);
}
