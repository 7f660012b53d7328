import { type Channel, isOpen } from '../entities/channel.entity';
import { type IntakeMinute, minuteOf } from '../entities/intake-minute.entity';

const MINUTE_MS = 60_000;
/** Minutes that a rate is the mean of. */
const RATE_MINUTES = 5;

/** The first of the minutes that a rate at this time is made of. */
export const rateFrom = (now: number) => minuteOf(now) - RATE_MINUTES;

/**
 * Messages a minute over the last five minutes. The present minute has only begun, so of the one that began more than
 * five minutes ago the part is taken that still lies within.
 */
export function ratePerMinute(minutes: readonly IntakeMinute[], now: number): number {
  const first = rateFrom(now);
  const stillWithin = 1 - (now % MINUTE_MS) / MINUTE_MS;
  const arrived = minutes
    .filter(({ minute }) => minute >= first)
    .reduce((sum, one) => sum + received(one) * (one.minute === first ? stillWithin : 1), 0);
  return arrived / RATE_MINUTES;
}

/** Everything that was taken, whatever became of it. */
function received({ queued, approved, duplicate, dropped, ignored }: IntakeMinute): number {
  return queued + approved + duplicate + dropped + ignored;
}

type Watched = Pick<Channel, 'active' | 'archivedAt' | 'createdAt' | 'openedAt' | 'silenceWarningMinutes'>;

/**
 * Since when nothing has come, where that is longer than the channel's admins find normal; null: all is well. Of a
 * channel to which nothing ever came it is counted from when it was made: a first set-up that fails is silent too.
 */
export function silentSince(channel: Watched, lastReceivedAt: number | null, now: number): number | null {
  const { createdAt, openedAt, silenceWarningMinutes } = channel;
  if (!isOpen(channel) || silenceWarningMinutes === null) return null;
  const since = Math.max(lastReceivedAt ?? 0, openedAt ?? 0) || createdAt;
  return now - since >= silenceWarningMinutes * MINUTE_MS ? since : null;
}
