import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { ChannelWriter, LockedChannel } from '../database/channel-writer';
import { ImportedRow } from '../entities/imported-row.entity';
import { LogEntry } from '../entities/log-entry.entity';
import { Message } from '../entities/message.entity';
import { rankOf } from '../moderation/decision';
import { type ImportRun, nameOf } from './import-run';
import { insertRowsOf } from './insert-rows-of';
import { mapLogRow, type OriginalLogRow } from './rows/log-row';
import { type Outcome, takeRows } from './take-rows';

/** Log rows outlive their messages; one whose message never came carries this in place of an id. */
const NO_MESSAGE = 0;
const DECIDED_LATER = 'its message had been imported before this was decided there';

/** A message as the log needs it. */
interface Decided {
  id: number;
  /** What it came with. */
  rank: number;
  text: string;
}

/** Takes the log, in the order in which things were decided. After the messages: its rows tell of them. */
@Injectable()
export class LogImport {
  constructor(private readonly writer: ChannelWriter) {}

  async take(run: ImportRun): Promise<void> {
    await takeRows(run, this.writer, 'moderation_log', mapLogRow, (channel, rows) => store(channel, run, rows));
  }
}

async function store(channel: LockedChannel, run: ImportRun, rows: OriginalLogRow[]): Promise<Outcome[]> {
  const messages = await decidedMessages(channel, rows);
  const ranks = await ranksLogged(channel, [...messages.values()]);
  const entries: Partial<LogEntry>[] = [];
  const outcomes = rows.map((row): Outcome => {
    const message = messages.get(row.messageKey ?? '');
    // A decision that was taken at the original after its message had been imported never took effect here.
    if (message && message.id <= run.lastMessageBefore && row.toRank > message.rank)
      return { kind: 'refused', why: DECIDED_LATER };
    entries.push(entryOf(channel, run, row, message, ranks));
    return { kind: 'taken' };
  });
  await insertRowsOf(channel.tx, LogEntry, entries);
  if (entries.length > 0) channel.touch();
  return outcomes;
}

function entryOf(
  { id: channelId }: LockedChannel,
  run: ImportRun,
  row: OriginalLogRow,
  message: Decided | undefined,
  ranks: Map<number, number[]>,
): Partial<LogEntry> {
  const { decision, cause, toRank, type, screenName, arrivedAt, decidedAt } = row;
  const before = ranks.get(message?.id ?? NO_MESSAGE) ?? [];
  if (message) ranks.set(message.id, [...before, toRank]);
  return {
    channelId,
    messageId: message?.id ?? NO_MESSAGE,
    decision,
    // The original's messages only ever rose.
    fromRank: Math.max(rankOf('queued'), ...before.filter((rank) => rank < toRank)),
    toRank,
    revision: 0,
    automatic: false,
    cause,
    moderator: nameOf(run, row.moderator),
    moderatorId: row.moderator.centralauthId,
    screenName,
    text: message?.text ?? row.text,
    type,
    arrivedAt,
    decidedAt,
  };
}

/** By their ids at the original; those that are here. */
async function decidedMessages(
  { tx, id: channelId }: LockedChannel,
  rows: OriginalLogRow[],
): Promise<Map<string, Decided>> {
  const keys = [...new Set(rows.flatMap(({ messageKey }) => messageKey ?? []))];
  const marks = await tx.findBy(ImportedRow, { channelId, sourceTable: 'messages', sourceKey: In(keys) });
  const ids = marks.flatMap(({ target }) => target ?? []);
  const messages = await tx.find(Message, { select: { id: true, text: true }, where: { channelId, id: In(ids) } });
  const texts = new Map(messages.map(({ id, text }) => [id, text]));
  return new Map(
    marks.flatMap(({ sourceKey, target, rank }) => {
      const text = texts.get(target ?? NO_MESSAGE);
      return target === null || text === undefined ? [] : [[sourceKey, { id: target, rank: rank ?? 0, text }]];
    }),
  );
}

async function ranksLogged({ tx, id: channelId }: LockedChannel, messages: Decided[]): Promise<Map<number, number[]>> {
  const ranks = new Map<number, number[]>();
  const rows = await tx.find(LogEntry, {
    select: { id: true, messageId: true, toRank: true },
    where: { channelId, messageId: In(messages.map(({ id }) => id)), revision: 0 },
  });
  for (const { messageId, toRank } of rows) ranks.set(messageId, [...(ranks.get(messageId) ?? []), toRank]);
  return ranks;
}
