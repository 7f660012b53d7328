import { BadRequestException, Injectable, NotFoundException } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { EntityTarget, ObjectLiteral } from 'typeorm';
import type { Principal } from '../auth/access';
import { ChannelWriter, LockedChannel } from '../database/channel-writer';
import { decideEach, decideWhere } from '../database/decide';
import { SenderVeil } from '../database/sender-veil';
import { AllowedSender } from '../entities/allowed-sender.entity';
import { BlockedPattern } from '../entities/blocked-pattern.entity';
import { BlockedSender } from '../entities/blocked-sender.entity';
import { LogEntry } from '../entities/log-entry.entity';
import { Message } from '../entities/message.entity';
import { Operation } from '../entities/operation.entity';
import { type Decision, statusOf } from '../moderation/decision';
import type { DecidedDto, DecisionDto, RejectedSimilarDto, UndoneDto } from './decision.dto';
import { messageView } from './message.view';
import { recordOperation, releaseEntry } from './operations';
import { similarMessages } from './similar-messages';
import { permitted } from './standing-rules';

/** What an operation made besides decisions, by its cause; undoing it takes that away too. */
const MADE_BY: Record<string, EntityTarget<ObjectLiteral>> = {
  block: BlockedSender,
  allow: AllowedSender,
  pattern: BlockedPattern,
};

/** Decisions on a card, on all that are like it, and their undoing. */
@Injectable()
export class DecisionsService {
  constructor(
    private readonly channels: ChannelWriter,
    private readonly veil: SenderVeil,
  ) {}

  async decide(channelId: string, messageId: number, dto: DecisionDto, moderator: Principal): Promise<DecidedDto> {
    const decision = toDecision(dto);
    return this.channels.write(channelId, async (channel) => {
      const applied = await decideWhere(
        channel,
        { decision, cause: null, operation: null, moderator },
        { sql: 'id = ?', parameters: [messageId] },
      );
      const message = await loadMessage(channel, messageId);
      return { outcome: applied ? 'applied' : 'superseded', message: messageView(message) };
    });
  }

  async rejectSimilar(channelId: string, messageId: number, moderator: Principal): Promise<RejectedSimilarDto> {
    return this.channels.write(channelId, async (channel) => {
      const { normalText, type } = await loadMessage(channel, messageId);
      const operation = randomUUID();
      const similar = await similarMessages(channel, normalText, { types: [type], status: 'queued' });
      const ruling = {
        decision: { decision: 'reject' as const },
        cause: 'reject-similar' as const,
        operation,
        moderator,
      };
      const rejected = await decideEach(channel, ruling, [...new Set([messageId, ...similar])]);
      await recordOperation(channel, { id: operation, cause: 'reject-similar', entryId: null, moderator });
      return { rejected, operation };
    });
  }

  /** Reconsiders whatever still stands as the operation left it, and removes its entry or pattern. */
  async undo(channelId: string, operationId: string, moderator: Principal): Promise<UndoneDto> {
    return this.channels.write(channelId, async (channel) => {
      const operation = await channel.tx.findOneByOrFail(Operation, { id: operationId, channelId });
      const undoing = randomUUID();
      const rows = await channel.tx.find(LogEntry, {
        select: { fromRank: true, toRank: true, revision: true, messageId: true },
        where: { operation: operationId, channelId },
      });
      const entryId = await releaseEntry(channel, operation);
      if (entryId !== null) {
        await channel.tx.delete(MADE_BY[operation.cause], { id: entryId, channelId });
        channel.raiseRules();
      }
      let undone = 0;
      for (const [decision, ids] of reconsiderations(rows)) {
        // Another ban or pattern may mean the same message by now; it was answered, so it holds.
        undone += await decideEach(
          channel,
          { decision, cause: 'undo', operation: undoing, moderator },
          await permitted(channel, ids, this.veil.veil),
        );
      }
      await recordOperation(channel, { id: undoing, cause: 'undo', entryId: null, moderator });
      return { undone, superseded: rows.length - undone };
    });
  }
}

/** The log rows of an operation as decisions that take each back, with the messages that each is for. */
function reconsiderations(
  rows: Pick<LogEntry, 'fromRank' | 'toRank' | 'revision' | 'messageId'>[],
): [Decision, number[]][] {
  const groups = new Map<string, [Decision, number[]]>();
  for (const { fromRank, toRank, revision, messageId } of rows) {
    const key = `${fromRank} ${toRank} ${revision}`;
    const group = groups.get(key) ?? [
      { decision: 'reconsider', to: statusOf(fromRank), status: statusOf(toRank), revision },
      [],
    ];
    group[1].push(messageId);
    groups.set(key, group);
  }
  return [...groups.values()];
}

async function loadMessage({ tx, id: channelId }: LockedChannel, id: number): Promise<Message> {
  const message = await tx.findOneBy(Message, { id, channelId });
  if (!message) throw new NotFoundException('There is no such message in this channel.');
  return message;
}

function toDecision({ decision, revision, status, to }: DecisionDto): Decision {
  if (decision !== 'reconsider') {
    if (status !== undefined || to !== undefined)
      throw new BadRequestException(['status and to belong to reconsider only']);
    return { decision, revision };
  }
  if (revision === undefined || status === undefined || to === undefined)
    throw new BadRequestException(['reconsider needs revision, status and to']);
  if (to === status) throw new BadRequestException(['to must be another status than the one seen']);
  return { decision, revision, status, to };
}
