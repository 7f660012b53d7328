import type { LockedChannel } from '../database/channel-writer';
import { addToRow } from '../database/statements';
import type { IntakeMinute } from '../entities/intake-minute.entity';

const NOTHING = { queued: 0, approved: 0, duplicate: 0, dropped: 0, ignored: 0, refused: 0 };
type Counts = Partial<Pick<IntakeMinute, keyof typeof NOTHING>>;

/** Adds to what the admins' chart shows of a minute. One statement, for it is on the way of every batch. */
export async function countInMinute({ tx, id }: LockedChannel, minute: number, counts: Counts): Promise<void> {
  await addToRow(tx, 'intake_minutes', { channel_id: id, minute }, { ...NOTHING, ...counts });
}
