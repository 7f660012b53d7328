import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { In } from 'typeorm';
import { ChannelWriter, LockedChannel } from '../database/channel-writer';
import { Database } from '../database/database';
import { execute, insertRows } from '../database/statements';
import { ChannelState } from '../entities/channel-state.entity';

interface Counted {
  channelId: string;
  status: number;
  count: number;
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

  count(channelId: string, status: number, times = 1): void {
    const key = `${status} ${channelId}`;
    const known = this.counts.get(key);
    if (known) known.count += times;
    else if (this.counts.size < MAX_COUNTED) this.counts.set(key, { channelId, status, count: times });
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
      for (const { channelId, status, count } of counted) this.count(channelId, status, count);
    }
  }

  /** Under the channels' locks: no count outlives its channel, and two processes never both begin a row. */
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

async function raise({ tx, id, now }: LockedChannel, { status, count }: Counted): Promise<void> {
  const raised = await execute(
    tx,
    'UPDATE intake_refusals SET count = count + ?, last_at = ? WHERE channel_id = ? AND status = ?',
    [count, now, id, status],
  );
  if (raised === 0)
    await insertRows(tx, 'intake_refusals', ['channel_id', 'status', 'count', 'last_at'], [[id, status, count, now]]);
}
