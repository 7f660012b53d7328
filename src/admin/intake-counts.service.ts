import { Injectable, NotFoundException } from '@nestjs/common';
import { MoreThanOrEqual } from 'typeorm';
import { Database } from '../database/database';
import { ChannelState } from '../entities/channel-state.entity';
import type { Channel } from '../entities/channel.entity';
import { IntakeMinute, minuteOf } from '../entities/intake-minute.entity';
import { IntakeRefusal } from '../entities/intake-refusal.entity';
import { silentSince } from '../pages/arrivals';
import { isoOrNull } from './channel-views';
import type { IntakeDto, MinuteDto } from './intake.dto';

/** Minutes that the chart shows. */
const SHOWN = 60;

@Injectable()
export class IntakeCountsService {
  constructor(private readonly database: Database) {}

  async of(channel: Channel): Promise<IntakeDto> {
    const { reader } = this.database;
    const channelId = channel.id;
    const now = Date.now();
    const first = minuteOf(now) - SHOWN + 1;
    const state = await reader.findOneBy(ChannelState, { channelId });
    if (!state) throw new NotFoundException('There is no such channel.');
    const refusals = await reader.find(IntakeRefusal, { where: { channelId }, order: { lastAt: 'DESC' } });
    const minutes = await reader.findBy(IntakeMinute, { channelId, minute: MoreThanOrEqual(first) });
    return {
      received: state.received,
      queued: state.queued,
      approved: state.approved,
      duplicate: state.duplicate,
      dropped: {
        'global-blocklist': state.droppedGlobal,
        blocklist: state.droppedBlocked,
        pattern: state.droppedPattern,
      },
      ignored: state.ignored,
      refused: byStatus(refusals),
      refusals: refusals.map(({ reason, status, count, lastAt }) => ({
        reason,
        status,
        count,
        lastAt: new Date(lastAt).toISOString(),
      })),
      perMinute: everyMinute(first, minutes),
      lastReceivedAt: isoOrNull(state.lastReceivedAt),
      silentSince: isoOrNull(silentSince(channel, state.lastReceivedAt, now)),
    };
  }
}

function byStatus(refusals: IntakeRefusal[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, count } of refusals) counts[status] = (counts[status] ?? 0) + count;
  return counts;
}

/** Also the minutes in which nothing came, and which have no row. */
function everyMinute(first: number, rows: IntakeMinute[]): MinuteDto[] {
  const known = new Map(rows.map((row) => [row.minute, row]));
  return Array.from({ length: SHOWN }, (_, i) => {
    const {
      queued = 0,
      approved = 0,
      duplicate = 0,
      dropped = 0,
      ignored = 0,
      refused = 0,
    } = known.get(first + i) ?? {};
    const minute = new Date((first + i) * 60_000).toISOString();
    return { minute, queued, approved, duplicate, dropped, ignored, refused };
  });
}
