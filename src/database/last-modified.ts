/**
 * Last-Modified counts in seconds, but two changes within one second must never yield a 304; and it may never be later
 * than Date (RFC 9110, 8.8.2.1). So the date of a version is at least one second after that of the version before, and
 * trails the clock by up to TRAIL seconds: that many changes within a second have a date each. Versions that had to
 * share one were made within the same second, during which `sendable` withholds it: no two versions are ever sent with
 * the same date.
 */
const TRAIL = 60;
/** Seconds by which the clocks of several processes may differ, or one may be set back. */
const SKEW = 5;

/** @param seconds the previous version's date and the clock, in epoch seconds */
export function nextModified(previous: number, now: number): number {
  return Math.max(now - TRAIL - SKEW, previous, Math.min(previous + 1, now));
}

/** Whether a version's date may be sent and compared now. */
export function sendable(modified: number, now: number): boolean {
  return modified < now - SKEW;
}

/** A time, in epoch seconds, before which a version of that date was made. */
export function madeBefore(modified: number): number {
  return modified + TRAIL + 2 * SKEW + 1;
}
