import { rankOf } from '../moderation/decision';
import type { LockedChannel } from './channel-writer';
import { execute, numberPlaceholders, placeholders } from './statements';

/** Messages that are removed in one transaction: the channel's lock holds its intake up meanwhile. */
export const REMOVED_AT_ONCE = 500;

/**
 * Removes messages of the channel, and from its log what they said and under which name; that something was decided, by
 * whom and when, stays. Their keys stay taken.
 * @param ids at most REMOVED_AT_ONCE
 * @returns how many were there
 */
export async function removeMessages(channel: LockedChannel, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { tx, id: channelId } = channel;
  const these = `channel_id = ? AND id IN (${placeholders(ids)})`;
  const ranks = await tx.query<{ status_rank: number }[]>(
    numberPlaceholders(tx, `SELECT DISTINCT status_rank FROM messages WHERE ${these}`),
    [channelId, ...ids],
  );
  if (ranks.length === 0) return 0;
  await execute(
    tx,
    `UPDATE moderation_log SET text = '', screen_name = '' WHERE channel_id = ? AND message_id IN (${placeholders(ids)})`,
    [channelId, ...ids],
  );
  const removed = await execute(tx, `DELETE FROM messages WHERE ${these}`, [channelId, ...ids]);
  channel.markRemoved();
  const published = [rankOf('highlighted'), rankOf('approved')];
  if (ranks.some(({ status_rank: rank }) => published.includes(Number(rank)))) channel.raisePublished();
  return removed;
}
