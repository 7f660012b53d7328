/**
 * Last-Modified counts in seconds, but two changes within one second must never yield a 304. So the date of a version
 * is at least one second after that of the version before; under many changes a second it runs ahead of the clock, by
 * at most AHEAD seconds. Versions that had to share the last of those dates were made within the same second, during
 * which `sendable` withholds it: no two versions are ever sent with the same date.
 */
const AHEAD = 60;
/** Seconds by which the clocks of several processes may differ, or one may be set back. */
const SKEW = 5;

/** @param seconds the previous version's date and the clock, in epoch seconds */
export function nextModified(previous: number, now: number): number {
  return Math.max(now, previous, Math.min(previous + 1, now + AHEAD + 1));
}

/** Whether a version's date may be sent and compared now. */
export function sendable(modified: number, now: number): boolean {
  return modified <= now + AHEAD - SKEW;
}
