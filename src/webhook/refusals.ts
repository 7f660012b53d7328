import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { In } from 'typeorm';
import { ChannelWriter, LockedChannel } from '../database/channel-writer';
import { Database } from '../database/database';
import { addToRow } from '../database/statements';
import { ChannelState } from '../entities/channel-state.entity';
import { minuteOf } from '../entities/intake-minute.entity';
import type { RefusalReason } from '../entities/intake-refusal.entity';
import { countInMinute } from './minutes';
import { STATUS } from './refusal';

interface Counted {
  channelId: string;
  reason: RefusalReason;
  minute: number;
  count: number;
  lastAt: number;
}

/** A flood of invented channel ids must not fill the memory. */
const MAX_COUNTED = 10_000;

/**
 * Counts what the webhook refused, for the admins' intake page. Kept in memory and written once a second, so that a
 * flood of refused requests costs no transactions; a crash loses at most that second.
 */
@Injectable()
export class Refusals implements OnApplicationShutdown {
  private counts = new Map<string, Counted>();

  constructor(
    private readonly database: Database,
    private readonly channels: ChannelWriter,
  ) {}

  count(channelId: string, reason: RefusalReason, now: number, times = 1): void {
    const minute = minuteOf(now);
    const key = `${minute} ${reason} ${channelId}`;
    const known = this.counts.get(key);
    if (known) {
      known.count += times;
      known.lastAt = Math.max(known.lastAt, now);
    } else if (this.counts.size < MAX_COUNTED) {
      this.counts.set(key, { channelId, reason, minute, count: times, lastAt: now });
    }
  }

  @Interval(500)
  async flush(): Promise<void> {
    if (this.counts.size === 0) return;
    const counted = [...this.counts.values()];
    this.counts = new Map();
    try {
      await this.store(counted);
    } catch {
      // The database is away: keep what was counted for the next turn.
      for (const { channelId, reason, lastAt, count } of counted) this.count(channelId, reason, lastAt, count);
    }
  }

  /** Under the channels' locks: no count outlives its channel. */
  private async store(counted: Counted[]): Promise<void> {
    const ids = [...new Set(counted.map(({ channelId }) => channelId))];
    const existing = await this.database.reader.find(ChannelState, {
      select: { channelId: true },
      where: { channelId: In(ids) },
    });
    if (existing.length === 0) return;
    await this.channels.writeMany(
      existing.map(({ channelId }) => channelId),
      async (channels) => {
        for (const one of counted) {
          const channel = channels.get(one.channelId);
          if (channel) await raise(channel, one);
        }
      },
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.flush();
  }
}

async function raise(channel: LockedChannel, { reason, minute, count, lastAt }: Counted): Promise<void> {
  const key = { channel_id: channel.id, status: STATUS[reason], reason };
  await addToRow(channel.tx, 'intake_refusals', key, { count }, { last_at: lastAt });
  await countInMinute(channel, minute, { refused: count });
}
