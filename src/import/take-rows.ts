import { type EntityManager, In } from 'typeorm';
import type { ChannelWriter, LockedChannel } from '../database/channel-writer';
import { chunks } from '../database/statements';
import { ImportedRow } from '../entities/imported-row.entity';
import type { ImportRun } from './import-run';
import { insertRowsOf } from './insert-rows-of';
import { markOf } from './marks';
import type { Cells } from './original/original';
import type { OriginalTable } from './original/tables';
import type { Tally } from './report';
import { type Identified, type Mapped, refused } from './rows/mapped';

/**
 * What became of a row. `present`: what it says is here already, from elsewhere or from an earlier import. `changes`: what
 * was changed about it here, whenever it was taken.
 */
export type Outcome =
  | { kind: 'taken'; target?: number; rank?: number; changes?: string[] }
  | { kind: 'present'; changes?: string[] }
  | { kind: 'refused'; why: string };

/** Stores rows that have not been imported before, in their order; answers for each of them. */
type Store<Row> = (channel: LockedChannel, rows: Row[]) => Promise<Outcome[]>;

interface Waiting<Row> {
  row: Row;
  place: string;
  changes: string[];
}

interface Batch<Row> {
  waiting: Waiting<Row>[];
  text: number;
}

/** A batch is one short transaction, so that a server at work on the same database goes on. */
const ROWS_PER_BATCH = 500;
/** Of texts, in UTF-16 code units; with all that is stored beside them below the largest statement that MariaDB takes. */
const TEXT_PER_BATCH = 512 * 1024;
/** Rows that wait in all, however many channels there are. */
const ROWS_IN_MEMORY = 5_000;
const KEYS_PER_QUERY = 1_000;

/** Takes a table of which every row belongs to a channel. What was imported before is left as it is now. */
export async function takeRows<Row extends Identified>(
  run: ImportRun,
  writer: ChannelWriter,
  table: OriginalTable,
  map: (cells: Cells) => Mapped<Row>,
  store: Store<Row>,
): Promise<void> {
  const tally = run.report.begin(table, run.original.has(table));
  const batches = new Map<string, Batch<Row>>();
  let waiting = 0;
  const flush = async (channelId: string, batch: Batch<Row>) => {
    batches.delete(channelId);
    waiting -= batch.waiting.length;
    const outcomes = await writer.write(channelId, (channel) =>
      takeNew(run, channel.tx, { channelId, table }, batch.waiting, (fresh) => store(channel, fresh)),
    );
    countOutcomes(tally, batch.waiting, outcomes);
  };

  for await (const { place, cells } of run.original.rows(table)) {
    const mapped = run.channels.has(String(cells.channel_id)) ? map(cells) : refused('its channel was not taken');
    if (mapped.kind === 'refused') {
      tally.refuse(mapped.why, place);
      continue;
    }
    const { channelId } = mapped.row;
    const batch = batches.get(channelId) ?? { waiting: [], text: 0 };
    batches.set(channelId, batch);
    batch.waiting.push({ row: mapped.row, place, changes: mapped.changes });
    batch.text += textIn(cells);
    waiting += 1;
    if (batch.waiting.length >= ROWS_PER_BATCH || batch.text >= TEXT_PER_BATCH) await flush(channelId, batch);
    else if (waiting >= ROWS_IN_MEMORY) for (const [id, each] of [...batches]) await flush(id, each);
  }
  for (const [channelId, batch] of [...batches]) await flush(channelId, batch);
}

function textIn(cells: Cells): number {
  return Object.values(cells).reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 0), 0);
}

/** Of rows that come again, in one batch or another, the first is taken; the others share its fate. */
export async function takeNew<Row extends Identified>(
  run: Pick<ImportRun, 'veiled'>,
  tx: EntityManager,
  { channelId, table }: { channelId: string; table: OriginalTable },
  waiting: readonly Pick<Waiting<Row>, 'row' | 'changes'>[],
  store: (fresh: Row[]) => Promise<Outcome[]>,
): Promise<Outcome[]> {
  const marks = waiting.map(({ row }) => markOf(table, row.key, run.veiled));
  const known = await importedBefore(tx, channelId, table, [...new Set(marks)]);
  /** By mark, where in the batch it is first. */
  const fresh = new Map<string, number>();
  marks.forEach((mark, i) => !known.has(mark) && !fresh.has(mark) && fresh.set(mark, i));
  const outcomes = fresh.size > 0 ? await store([...fresh.values()].map((i) => waiting[i].row)) : [];
  const outcomeOf = new Map(
    [...fresh].map(([mark, i], n): [string, Outcome] => {
      const outcome = outcomes[n];
      if (outcome.kind !== 'taken') return [mark, outcome];
      return [mark, { ...outcome, changes: [...waiting[i].changes, ...(outcome.changes ?? [])] }];
    }),
  );
  await insertRowsOf(
    tx,
    ImportedRow,
    [...outcomeOf].flatMap(([sourceKey, outcome]) => {
      if (outcome.kind === 'refused') return [];
      const { target = null, rank = null, changes = [] } = outcome.kind === 'taken' ? outcome : {};
      return [{ channelId, sourceTable: table, sourceKey, target, rank, changes }];
    }),
  );
  return marks.map((mark, i): Outcome => {
    const outcome = outcomeOf.get(mark);
    if (!outcome) return { kind: 'present', changes: known.get(mark) };
    return fresh.get(mark) === i || outcome.kind === 'refused' ? outcome : { kind: 'present' };
  });
}

/** Of those of the marks that are there, what was changed about their rows. */
async function importedBefore(
  tx: EntityManager,
  channelId: string,
  sourceTable: string,
  marks: string[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const some of chunks(marks, KEYS_PER_QUERY)) {
    const rows = await tx.findBy(ImportedRow, { channelId, sourceTable, sourceKey: In(some) });
    for (const { sourceKey, changes } of rows) found.set(sourceKey, changes);
  }
  return found;
}

export function countOutcomes(
  tally: Tally,
  batch: readonly Pick<Waiting<unknown>, 'place'>[],
  outcomes: readonly Outcome[],
): void {
  batch.forEach(({ place }, i) => {
    const outcome = outcomes[i];
    if (outcome.kind === 'refused') return tally.refuse(outcome.why, place);
    if (outcome.kind === 'taken') tally.taken += 1;
    else tally.present += 1;
    for (const change of outcome.changes ?? []) tally.change(change, place);
  });
}
