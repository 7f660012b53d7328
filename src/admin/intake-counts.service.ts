import { Injectable, NotFoundException } from '@nestjs/common';
import { Database } from '../database/database';
import { ChannelState } from '../entities/channel-state.entity';
import { IntakeRefusal } from '../entities/intake-refusal.entity';
import { isoOrNull } from './channel-views';
import type { IntakeDto } from './intake.dto';

@Injectable()
export class IntakeCountsService {
  constructor(private readonly database: Database) {}

  async of(channelId: string): Promise<IntakeDto> {
    const state = await this.database.reader.findOneBy(ChannelState, { channelId });
    if (!state) throw new NotFoundException('There is no such channel.');
    const refusals = await this.database.reader.find(IntakeRefusal, { where: { channelId }, order: { status: 'ASC' } });
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
      refused: Object.fromEntries(refusals.map(({ status, count }) => [String(status), count])),
      lastReceivedAt: isoOrNull(state.lastReceivedAt),
    };
  }
}
