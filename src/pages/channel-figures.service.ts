import { Injectable } from '@nestjs/common';
import { In, MoreThanOrEqual } from 'typeorm';
import { Database } from '../database/database';
import { ChannelState } from '../entities/channel-state.entity';
import type { Channel } from '../entities/channel.entity';
import { IntakeMinute } from '../entities/intake-minute.entity';
import { Message } from '../entities/message.entity';
import { rankOf } from '../moderation/decision';
import { rateFrom, ratePerMinute, silentSince } from './arrivals';

/** What goes on in a channel. Times are epoch milliseconds. */
export interface ChannelFigures {
  waiting: number;
  arrivalsPerMinute: number;
  lastReceivedAt: number | null;
  /** Null unless the admins are to be warned that nothing arrives. */
  silentSince: number | null;
}

/** The figures that lists of channels show, for any number of channels in three small queries. */
@Injectable()
export class ChannelFiguresService {
  constructor(private readonly database: Database) {}

  async of<C extends Channel>(channels: readonly C[]): Promise<[C, ChannelFigures][]> {
    const now = Date.now();
    const ids = channels.map(({ id }) => id);
    const [waiting, received, minutes] = await Promise.all([
      this.waiting(ids),
      this.lastReceived(ids),
      this.minutes(ids, now),
    ]);
    return channels.map((channel) => {
      const lastReceivedAt = received.get(channel.id) ?? null;
      return [
        channel,
        {
          waiting: waiting.get(channel.id) ?? 0,
          arrivalsPerMinute: ratePerMinute(minutes.get(channel.id) ?? [], now),
          lastReceivedAt,
          silentSince: silentSince(channel, lastReceivedAt, now),
        },
      ];
    });
  }

  private async waiting(channelIds: string[]): Promise<Map<string, number>> {
    const rows = await this.database.reader
      .createQueryBuilder(Message, 'message')
      .select('message.channelId', 'channelId')
      .addSelect('COUNT(*)', 'count')
      .where({ channelId: In(channelIds), rank: rankOf('queued') })
      .groupBy('message.channelId')
      .getRawMany<{ channelId: string; count: number | string }>();
    return new Map(rows.map(({ channelId, count }) => [channelId, Number(count)]));
  }

  private async lastReceived(channelIds: string[]): Promise<Map<string, number | null>> {
    const states = await this.database.reader.findBy(ChannelState, { channelId: In(channelIds) });
    return new Map(states.map(({ channelId, lastReceivedAt }) => [channelId, lastReceivedAt]));
  }

  private async minutes(channelIds: string[], now: number): Promise<Map<string, IntakeMinute[]>> {
    const rows = await this.database.reader.findBy(IntakeMinute, {
      channelId: In(channelIds),
      minute: MoreThanOrEqual(rateFrom(now)),
    });
    const byChannel = new Map<string, IntakeMinute[]>();
    for (const row of rows) byChannel.set(row.channelId, [...(byChannel.get(row.channelId) ?? []), row]);
    return byChannel;
  }
}
