import { In } from 'typeorm';
import type { LockedChannel } from '../database/channel-writer';
import { chunks } from '../database/statements';
import { BlockedPattern } from '../entities/blocked-pattern.entity';
import { BlockedSender } from '../entities/blocked-sender.entity';
import { GlobalBlockedSender } from '../entities/global-blocked-sender.entity';
import { Message } from '../entities/message.entity';
import { type SenderIdentity, SenderList, type Veil } from '../moderation/sender';
import { PatternIndex } from '../moderation/similarity';

const ROWS_AT_A_TIME = 2_000;

/** The blocks that stand now, of this channel and of all. */
export async function standingBlocks({ tx, id: channelId }: LockedChannel, veil: Veil): Promise<SenderList> {
  const entries = [...(await tx.find(GlobalBlockedSender)), ...(await tx.findBy(BlockedSender, { channelId }))];
  return new SenderList(entries, veil);
}

/**
 * Those of the messages that no block and no pattern means. Whatever queues or publishes many at once goes through here:
 * only a moderator who looks at a card may bring back what a ban or a pattern forbids.
 */
export async function permitted(channel: LockedChannel, messageIds: readonly number[], veil: Veil): Promise<number[]> {
  const { tx, id: channelId } = channel;
  const blocks = await standingBlocks(channel, veil);
  const patterns = new PatternIndex(
    (await tx.findBy(BlockedPattern, { channelId })).map(({ normalText }) => normalText),
  );
  const left: number[] = [];
  for (const ids of chunks(messageIds, ROWS_AT_A_TIME)) {
    const rows = await tx.find(Message, {
      select: { id: true, type: true, normalText: true, senderId: true, centralauthId: true, nameKey: true },
      where: { id: In(ids) },
    });
    for (const row of rows) if (!isForbidden(row, blocks, patterns)) left.push(row.id);
  }
  return left;
}

function isForbidden(
  message: SenderIdentity & Pick<Message, 'type' | 'normalText'>,
  blocks: SenderList,
  patterns: PatternIndex,
): boolean {
  return blocks.blocks(message) || (message.type !== 'emoji' && patterns.find(message.normalText) !== null);
}
