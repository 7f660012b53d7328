import { Injectable } from '@nestjs/common';
import { In, Not } from 'typeorm';
import { ChannelWriter, LockedChannel } from '../database/channel-writer';
import { SenderVeil } from '../database/sender-veil';
import { insertNewKeys } from '../database/statements';
import { Channel } from '../entities/channel.entity';
import { LogEntry } from '../entities/log-entry.entity';
import { Message } from '../entities/message.entity';
import { effect, rankOf } from '../moderation/decision';
import { languageOf } from '../moderation/language';
import { nameKey, type Veil } from '../moderation/sender';
import { codePointLength, normalise } from '../moderation/similarity';
import { permitted } from '../queue/standing-rules';
import { type ImportRun, nameOf, type TakenChannel } from './import-run';
import { insertRowsOf } from './insert-rows-of';
import { mapMessage, type OriginalMessage } from './rows/message-row';
import { type Outcome, takeRows } from './take-rows';

const REJECT = effect({ decision: 'reject' });
const NEW_NUMBER = 'the number of a sender without a name has been given here since: another one was given';
const OTHER_OF_EVENT = 'another message with the same eventyay_message_id is here already';
const BLOCKED_HERE = 'its sender or its text is blocked here: taken as rejected';

/** Takes the messages, in the order in which they arrived, with their keys: what Eventyay sends again is a duplicate. */
@Injectable()
export class MessageImport {
  constructor(
    private readonly writer: ChannelWriter,
    private readonly veil: SenderVeil,
  ) {}

  async take(run: ImportRun): Promise<void> {
    const labelsOf = (id: unknown) => run.channels.get(String(id))?.labels ?? [];
    await takeRows(
      run,
      this.writer,
      'messages',
      (cells) => mapMessage(cells, labelsOf(cells.channel_id)),
      (channel, rows) => store(channel, run, rows, this.veil.veil),
    );
  }
}

async function store(channel: LockedChannel, run: ImportRun, rows: OriginalMessage[], veil: Veil): Promise<Outcome[]> {
  const fresh = await takeKeys(channel, rows);
  const settings = await channel.tx.findOneByOrFail(Channel, { id: channel.id });
  const taken = run.channels.get(channel.id) as TakenChannel;
  const changes: string[][] = [];
  const messages = fresh.map((row, i) => {
    changes[i] = [];
    return messageOf(channel, settings, run, row, screenName(channel, settings, taken, row, changes[i]));
  });
  const ids = await insertRowsOf(channel.tx, Message, messages);
  if (ids.length > 0) channel.touch();
  if (messages.some(({ rank }) => isPublished(rank))) channel.raisePublished();
  const blocked = await rejectForbidden(
    channel,
    messages.map((message, i) => ({ ...message, id: ids[i] })),
    veil,
  );

  const outcomes = new Map<OriginalMessage, Outcome>();
  fresh.forEach((row, i) => {
    if (blocked.has(ids[i])) changes[i].push(BLOCKED_HERE);
    outcomes.set(row, { kind: 'taken', target: ids[i], rank: row.rank, changes: changes[i] });
  });
  const others = rows.filter((row) => !outcomes.has(row));
  const different = await differentFromTaken(channel, others);
  return rows.map(
    (row) => outcomes.get(row) ?? (different.has(row) ? { kind: 'refused', why: OTHER_OF_EVENT } : { kind: 'present' }),
  );
}

/** Those whose event nobody has taken: neither the webhook since the move, nor an earlier row. */
async function takeKeys({ tx, id }: LockedChannel, rows: OriginalMessage[]): Promise<OriginalMessage[]> {
  const keys = new Set(rows.map(({ message }) => message.key));
  const inserted = await insertNewKeys<{ digest: string }>(
    tx,
    'taken_keys',
    ['channel_id', 'digest'],
    [...keys].map((key) => [id, key]),
  );
  const untaken = new Set(inserted.map(({ digest }) => digest));
  return rows.filter(({ message }) => untaken.delete(message.key));
}

/** Of rows whose event was taken before, those that say something else than the message that stands for it here. */
async function differentFromTaken({ tx, id }: LockedChannel, rows: OriginalMessage[]): Promise<Set<OriginalMessage>> {
  // A reaction's event is all that it says.
  const told = rows.filter(({ message }) => message.type !== 'emoji');
  if (told.length === 0) return new Set();
  const here = await tx.find(Message, {
    select: { id: true, sourceId: true, type: true, text: true },
    where: { channelId: id, sourceId: In(told.map(({ message }) => message.sourceId)), type: Not('emoji') },
  });
  const bySource = new Map(here.map((message) => [message.sourceId, message]));
  return new Set(
    told.filter(({ message: { sourceId, type, text } }) => {
      const known = bySource.get(sourceId);
      return known && (known.type !== type || known.text !== text);
    }),
  );
}

/** No number is given twice: one that came after the counter was taken over may have been given here as well. */
function screenName(
  { state }: LockedChannel,
  { anonymousLabel }: Channel,
  { anonymousCounter }: TakenChannel,
  { message, madeName }: OriginalMessage,
  changes: string[],
): string {
  if (message.ownName !== null) return message.ownName;
  if (madeName !== null && (madeName.number <= anonymousCounter || madeName.number > state.anonymousCounter)) {
    state.anonymousCounter = Math.max(state.anonymousCounter, madeName.number);
    return `${madeName.label} #${madeName.number}`;
  }
  if (madeName !== null) changes.push(NEW_NUMBER);
  state.anonymousCounter += 1;
  return `${anonymousLabel} #${state.anonymousCounter}`;
}

function messageOf(
  { id, seq }: LockedChannel,
  settings: Channel,
  run: ImportRun,
  row: OriginalMessage,
  name: string,
): Omit<Message, 'id'> {
  const { message, rank, arrivedAt, decidedAt, deciderId } = row;
  const normalText = normalise(message.text);
  // As at the webhook: a reaction that a rule let through comes with a name that nobody may have looked at.
  const isUnseen = message.type === 'emoji' && isPublished(rank) && deciderId === null;
  return {
    channelId: id,
    changeSeq: seq,
    sourceId: message.sourceId,
    sourceChannel: message.sourceChannel,
    targetId: message.targetId,
    type: message.type,
    text: message.text,
    normalText,
    normalLength: codePointLength(normalText),
    symbol: message.type === 'emoji' ? message.text : null,
    screenName: name,
    nameKey: nameKey(message.ownName),
    publishedName: isUnseen ? settings.anonymousLabel : null,
    wikiUsername: message.wikiUsername,
    senderId: message.senderId,
    centralauthId: message.centralauthId,
    language: languageOf(message, { detection: false, likely: [], default: settings.defaultLanguage }),
    profileImage: message.profileImage,
    rank,
    revision: 0,
    arrivedAt,
    sentAt: message.sentAt,
    decidedAt,
    decidedBy: deciderId === null ? null : nameOf(run, { name: null, centralauthId: deciderId }),
  };
}

/** A ban or a pattern that has been answered holds for what comes this way too. */
async function rejectForbidden(channel: LockedChannel, messages: Message[], veil: Veil): Promise<Set<number>> {
  const candidates = messages.filter(({ rank }) => rank < REJECT.rank);
  const allowed = new Set(
    await permitted(
      channel,
      candidates.map(({ id }) => id),
      veil,
    ),
  );
  const forbidden = candidates.filter(({ id }) => !allowed.has(id));
  if (forbidden.length === 0) return new Set();
  const { tx, now } = channel;
  const ids = forbidden.map(({ id }) => id);
  await insertRowsOf(
    tx,
    LogEntry,
    forbidden.map(({ id, channelId, rank, screenName: name, text, type, arrivedAt }) => ({
      channelId,
      messageId: id,
      decision: 'reject',
      fromRank: rank,
      toRank: REJECT.rank,
      revision: 0,
      automatic: true,
      cause: 'block',
      screenName: name,
      text,
      type,
      arrivedAt,
      decidedAt: now,
    })),
  );
  await tx.update(Message, { id: In(ids) }, { rank: REJECT.rank, decidedAt: now, decidedBy: null });
  return new Set(ids);
}

const isPublished = (rank: number) => rank === rankOf('highlighted') || rank === rankOf('approved');
