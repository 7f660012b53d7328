import type { Principal } from '../auth/access';
import type { LockedChannel } from '../database/channel-writer';
import { Operation } from '../entities/operation.entity';

/** Remembers a bulk decision, so that it can be undone even if it decided nothing but made an entry. */
export async function recordOperation(
  channel: LockedChannel,
  { id, cause, entryId, moderator }: { id: string; cause: string; entryId: number | null; moderator: Principal },
): Promise<void> {
  await channel.tx.insert(Operation, {
    id,
    channelId: channel.id,
    cause,
    entryId,
    madeBy: moderator.username,
    madeAt: channel.now,
  });
}

/**
 * The entry or pattern that an undo takes away with the operation. What was forbidden more than once belongs to each, so
 * that it goes only with the last of them; unless it came in another way, such as by an import: then no undo takes it away.
 */
export async function entryOf(
  { tx, id: channelId }: LockedChannel,
  cause: string,
  { created, entryId }: { created: boolean; entryId: number },
): Promise<number | null> {
  if (created) return entryId;
  // An allow is the other way round: one moderator's doubt suffices to end it.
  if (cause === 'allow') return null;
  return (await tx.existsBy(Operation, { channelId, cause, entryId })) ? entryId : null;
}

/** @returns the entry or pattern to be removed now that the operation no longer stands; null when there is none, or another operation means it too */
export async function releaseEntry(
  { tx, id: channelId }: LockedChannel,
  { id, cause, entryId }: Operation,
): Promise<number | null> {
  if (entryId === null) return null;
  await tx.update(Operation, { id }, { entryId: null });
  return (await tx.existsBy(Operation, { channelId, cause, entryId })) ? null : entryId;
}
