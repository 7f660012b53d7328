import { setImmediate } from 'node:timers/promises';
import { type EntityTarget, In } from 'typeorm';
import type { ChannelWriter, LockedChannel } from '../database/channel-writer';
import { AllowedSender } from '../entities/allowed-sender.entity';
import { AnonymousSender } from '../entities/anonymous-sender.entity';
import { ApiToken } from '../entities/api-token.entity';
import { BlockedPattern } from '../entities/blocked-pattern.entity';
import { BlockedSender } from '../entities/blocked-sender.entity';
import { ChannelMember } from '../entities/channel-member.entity';
import { ChannelState } from '../entities/channel-state.entity';
import { Channel } from '../entities/channel.entity';
import { ImportedRow } from '../entities/imported-row.entity';
import { IntakeMinute } from '../entities/intake-minute.entity';
import { IntakeRefusal } from '../entities/intake-refusal.entity';
import { LogEntry } from '../entities/log-entry.entity';
import { Message } from '../entities/message.entity';
import { Operation } from '../entities/operation.entity';
import { Presence } from '../entities/presence.entity';
import { Simulation } from '../entities/simulation.entity';
import { TakenKey } from '../entities/taken-key.entity';

interface OfChannel {
  channelId: string;
}

/** A table of which a channel can have very many rows, and a column that takes them apart. */
interface LongTable {
  table: EntityTarget<OfChannel>;
  column: string;
}

const long = <Row extends OfChannel>(table: new () => Row, column: keyof Row & string): LongTable => ({
  table,
  column,
});

const LONG_TABLES: readonly LongTable[] = [
  long(Message, 'id'),
  long(LogEntry, 'id'),
  long(TakenKey, 'digest'),
  long(Operation, 'id'),
  long(AnonymousSender, 'senderDigest'),
  long(ImportedRow, 'sourceKey'),
];

/** Every table with rows of single channels, for there are no foreign keys that would clear up; a test compares. */
export const CHANNEL_TABLES: readonly EntityTarget<OfChannel>[] = [
  ...LONG_TABLES.map(({ table }) => table),
  AllowedSender,
  ApiToken,
  BlockedPattern,
  BlockedSender,
  ChannelMember,
  ChannelState,
  IntakeMinute,
  IntakeRefusal,
  Presence,
  Simulation,
];

/** Rows that are removed in one transaction: on SQLite everybody else waits for it. */
const PORTION = 1_000;

/**
 * Removes everything of a channel, which is closed already: what is much in small transactions, between which others get
 * their turn, and the channel itself with the last. Repeating it finishes one that was interrupted.
 * @throws NotFoundException when somebody else has removed it meanwhile
 */
export async function removeRows(channels: ChannelWriter, channelId: string): Promise<void> {
  for (const table of LONG_TABLES)
    while ((await channels.write(channelId, (channel) => removePortion(channel, table))) > 0) await setImmediate();
  await channels.write(channelId, async (channel) => {
    // Nothing is left to count this in, but whoever shows the channel is told.
    channel.raiseRules();
    for (const table of CHANNEL_TABLES) await channel.tx.delete(table, { channelId });
    await channel.tx.delete(Channel, { id: channelId });
  });
}

/** @returns how many rows were found */
async function removePortion({ tx, id: channelId }: LockedChannel, { table, column }: LongTable): Promise<number> {
  const rows = await tx.find(table, { select: { [column]: true }, where: { channelId }, take: PORTION });
  if (rows.length > 0) await tx.delete(table, { channelId, [column]: In(rows.map((row) => row[column as never])) });
  return rows.length;
}
