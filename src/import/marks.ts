import type { EntityManager } from 'typeorm';
import { In } from 'typeorm';
import { chunks } from '../database/statements';
import { ImportedRow } from '../entities/imported-row.entity';
import { Message } from '../entities/message.entity';
import { insertRowsOf } from './insert-rows-of';
import type { OriginalTable } from './original/tables';

/** In place of a channel, for what belongs to none. */
export const EVERYWHERE = '*';
/** In place of a table: the row that tells with which key marks are made. */
const KEY = { channelId: EVERYWHERE, sourceTable: 'key' };
const AT_ONCE = 1_000;

/** Tables whose rows are told apart by a number that names nobody but an account of the team; the others by their contents. */
const MARKED_BY_ID = new Set<string>(['channels', 'channel_members', 'messages'] satisfies OriginalTable[]);
/** Rows that are no marks. */
const OWN = new Set(['key', 'run']);

export class OtherKey extends Error {
  constructor() {
    super(
      'An earlier import into this database was made with another SECRET_KEY, so what it took would not be recognised. Import with that key.',
    );
  }
}

/** The mark for what tells a row from the others of its table. @param veiled makes of it what says nothing of a name or words */
export function markOf(table: OriginalTable, key: string, veiled: (key: string) => string): string {
  return MARKED_BY_ID.has(table) ? key : veiled(key);
}

/**
 * Before the first import with a key: marks from before they were keyed are made so.
 * @throws OtherKey when marks are made with another
 */
export async function bindMarks(tx: EntityManager, veiled: (key: string) => string): Promise<void> {
  const fingerprint = veiled('the key of marks');
  const bound = await tx.findOneBy(ImportedRow, KEY);
  if (bound?.sourceKey === fingerprint) return;
  if (bound) throw new OtherKey();
  const plain = (await tx.find(ImportedRow)).filter(
    ({ sourceTable }) => !MARKED_BY_ID.has(sourceTable) && !OWN.has(sourceTable),
  );
  await insertRowsOf(
    tx,
    ImportedRow,
    plain.map((row) => ({ ...row, sourceKey: veiled(row.sourceKey) })),
  );
  for (const some of chunks(plain, AT_ONCE))
    await tx.delete(ImportedRow, { sourceKey: In(some.map(({ sourceKey }) => sourceKey)) });
  await tx.insert(ImportedRow, { ...KEY, sourceKey: fingerprint, target: null, rank: null, changes: [] });
}

/** In place of a table: the row that stands for as long as an import is under way, or was broken off. */
const RUN = { channelId: EVERYWHERE, sourceTable: 'run', sourceKey: 'open' };

/**
 * The greatest id of a message before this import; one that goes on with a broken-off one takes that one's, for what that
 * took is its own.
 */
export async function openRun(tx: EntityManager): Promise<number> {
  const open = await tx.findOneBy(ImportedRow, RUN);
  if (open) return open.target ?? 0;
  const last = (await tx.maximum(Message, 'id')) ?? 0;
  await tx.insert(ImportedRow, { ...RUN, target: last, rank: null, changes: [] });
  return last;
}

export async function closeRun(tx: EntityManager): Promise<void> {
  await tx.delete(ImportedRow, RUN);
}
