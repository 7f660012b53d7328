import { Injectable, Logger } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { setImmediate, setTimeout as pause } from 'node:timers/promises';
import { In, IsNull, LessThan, MoreThan, Not } from 'typeorm';
import { ChannelWriter, type LockedChannel } from '../database/channel-writer';
import { Database } from '../database/database';
import { REMOVED_AT_ONCE, removeMessages } from '../database/remove-messages';
import { Channel } from '../entities/channel.entity';
import { LogEntry } from '../entities/log-entry.entity';
import { Message } from '../entities/message.entity';
import { Leases } from './leases';

const DAY_MS = 24 * 60 * 60_000;
const LEASE = 'retention';
/** Much longer than a portion takes; and than clocks differ, for the others look at the same time of the night. */
const LEASE_MS = 10 * 60_000;
/** Rows looked at in one go. */
const PORTION = REMOVED_AT_ONCE;
/** Milliseconds between two transactions, in which everybody else gets their turn. */
const BREATH = 20;

class LeaseLost extends Error {}

/**
 * Removes what is older than its channel keeps it, once a night, by one process. It looks without any lock and removes in
 * small transactions, each of which looks again: so a setting that was changed meanwhile holds, and two that should ever
 * do it at once do no harm.
 */
@Injectable()
export class Retention {
  private readonly logger = new Logger(Retention.name);
  private leaseEnds = 0;

  constructor(
    private readonly database: Database,
    private readonly channels: ChannelWriter,
    private readonly leases: Leases,
  ) {}

  /** Whatever goes wrong, the next night tries again. */
  @Cron('0 17 3 * * *')
  async run(): Promise<void> {
    this.leaseEnds = 0;
    const done = { messages: 0, entries: 0 };
    try {
      await this.holdLease();
      for (const { id } of await this.database.reader.findBy(Channel, { retentionDays: Not(IsNull()) })) {
        await this.clear(id, done).catch((error: unknown) => {
          if (error instanceof LeaseLost) throw error;
          this.logger.warn(`what is too old in ${id} stays until the next night: ${(error as Error).name}`);
        });
      }
    } catch (error) {
      if (!(error instanceof LeaseLost))
        this.logger.warn(`what is too old stays until the next night: ${(error as Error).name}`);
    }
    if (done.messages + done.entries === 0) return;
    await this.database.forget().catch(() => undefined);
    this.logger.log(`removed ${done.messages} messages, and the text of ${done.entries} more log entries`);
  }

  private async clear(channelId: string, done: { messages: number; entries: number }): Promise<void> {
    for (let after: number | null = 0; after !== null;) {
      const rows: Pick<Message, 'id' | 'arrivedAt'>[] = await this.database.reader.find(Message, {
        select: { id: true, arrivedAt: true },
        where: { channelId, id: MoreThan(after) },
        order: { id: 'ASC' },
        take: PORTION,
      });
      // On SQLite nobody else's turn comes unless it is given.
      await setImmediate();
      const ids = await this.tooOld(channelId, rows, ({ arrivedAt }) => arrivedAt);
      done.messages += await this.remove(channelId, ids, removeOld);
      after = rows.length < PORTION ? null : rows[rows.length - 1].id;
    }
    for (let after: number | null = 0; after !== null;) {
      const inOrder = { channelId, id: MoreThan(after) };
      const rows: Pick<LogEntry, 'id' | 'decidedAt'>[] = await this.database.reader.find(LogEntry, {
        select: { id: true, decidedAt: true },
        // What was imported may have a text without a name.
        where: [
          { ...inOrder, screenName: Not('') },
          { ...inOrder, text: Not('') },
        ],
        order: { id: 'ASC' },
        take: PORTION,
      });
      await setImmediate();
      const ids = await this.tooOld(channelId, rows, ({ decidedAt }) => decidedAt);
      done.entries += await this.remove(channelId, ids, blankOld);
      after = rows.length < PORTION ? null : rows[rows.length - 1].id;
    }
  }

  private async tooOld<Row extends { id: number }>(
    channelId: string,
    rows: Row[],
    time: (row: Row) => number,
  ): Promise<number[]> {
    const channel = await this.database.reader.findOneBy(Channel, { id: channelId });
    const limit = limitOf(channel, Date.now());
    return rows.filter((row) => time(row) < limit).map(({ id }) => id);
  }

  private async remove(
    channelId: string,
    ids: number[],
    work: (channel: LockedChannel, ids: number[], limit: number) => Promise<number>,
  ): Promise<number> {
    if (ids.length === 0) return 0;
    await this.holdLease();
    const removed = await this.channels.write(channelId, async (channel) => {
      const settings = await channel.tx.findOneBy(Channel, { id: channelId });
      return work(channel, ids, limitOf(settings, channel.now));
    });
    await pause(BREATH);
    return removed;
  }

  /** @throws LeaseLost when another process has it */
  private async holdLease(): Promise<void> {
    if (this.leaseEnds - Date.now() > LEASE_MS / 2) return;
    const until = await this.leases.acquire(LEASE, LEASE_MS);
    if (until === null) throw new LeaseLost();
    this.leaseEnds = until;
  }
}

/** Epoch milliseconds before which what is there is too old; nothing is where nothing is set. */
function limitOf(channel: Channel | null, now: number): number {
  return channel?.retentionDays ? now - channel.retentionDays * DAY_MS : -Infinity;
}

async function removeOld(channel: LockedChannel, ids: number[], limit: number): Promise<number> {
  if (limit === -Infinity) return 0;
  const rows = await channel.tx.find(Message, {
    select: { id: true },
    where: { channelId: channel.id, id: In(ids), arrivedAt: LessThan(limit) },
  });
  return removeMessages(
    channel,
    rows.map(({ id }) => id),
  );
}

async function blankOld({ tx, id: channelId }: LockedChannel, ids: number[], limit: number): Promise<number> {
  if (limit === -Infinity) return 0;
  const old = { channelId, id: In(ids), decidedAt: LessThan(limit) };
  const { affected } = await tx.update(LogEntry, old, { text: '', screenName: '' });
  return affected ?? 0;
}
