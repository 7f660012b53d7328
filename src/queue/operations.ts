import type { Principal } from '../auth/access';
import type { LockedChannel } from '../database/channel-writer';
import { Operation } from '../entities/operation.entity';

/** Remembers a bulk decision, so that it can be undone even if it decided nothing but made an entry. */
export async function recordOperation(
  channel: LockedChannel,
  { id, cause, createdId, moderator }: { id: string; cause: string; createdId: number | null; moderator: Principal },
): Promise<void> {
  await channel.tx.insert(Operation, {
    id,
    channelId: channel.id,
    cause,
    createdId,
    madeBy: moderator.username,
    madeAt: channel.now,
  });
}
