import type { EntityManager } from 'typeorm';
import { In } from 'typeorm';
import { chunks } from '../database/statements';
import { ImportedRow } from '../entities/imported-row.entity';
import { insertRowsOf } from './insert-rows-of';
import type { OriginalTable } from './original/tables';

/** In place of a channel, for what belongs to none. */
export const EVERYWHERE = '*';
/** In place of a table: the row that tells with which key marks are made. */
const KEY = { channelId: EVERYWHERE, sourceTable: 'key' };
const AT_ONCE = 1_000;

/** Tables whose rows are told apart by a number that names nobody but an account of the team; the others by their contents. */
const MARKED_BY_ID = new Set<string>(['channels', 'channel_members', 'messages'] satisfies OriginalTable[]);

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
  const plain = (await tx.find(ImportedRow)).filter(({ sourceTable }) => !MARKED_BY_ID.has(sourceTable));
  await insertRowsOf(
    tx,
    ImportedRow,
    plain.map((row) => ({ ...row, sourceKey: veiled(row.sourceKey) })),
  );
  for (const some of chunks(plain, AT_ONCE))
    await tx.delete(ImportedRow, { sourceKey: In(some.map(({ sourceKey }) => sourceKey)) });
  await tx.insert(ImportedRow, { ...KEY, sourceKey: fingerprint, target: null, rank: null, changes: [] });
}
