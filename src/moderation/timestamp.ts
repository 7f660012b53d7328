const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const EXTENDED = form('-', ':');
const BASIC = form('', '');

/** Groups: year, month, day, hour, minute, second, fraction, sign, hours and minutes of the zone. */
function form(dash: string, colon: string): RegExp {
  const date = `([0-9]{4})${dash}([0-9]{2})${dash}([0-9]{2})`;
  const time = `([0-9]{2})(?:${colon}([0-9]{2})(?:${colon}([0-9]{2}))?)?`;
  const fraction = '(?:[.,]([0-9]+))?';
  // The colon is free here, for writers mix the two forms (strftime's %z has none), and it means the same.
  const zone = '(?:Z|([+-])([0-9]{2})(?::?([0-9]{2}))?)?';
  return new RegExp(`^${date}T${time}${fraction}${zone}$`);
}

/**
 * An ISO 8601 calendar date and time as epoch milliseconds, rounded, or null for anything else. Both forms, extended
 * and basic; the time to hours, minutes or seconds, its last part with a fraction; without a zone it is UTC. Only days
 * and times that exist: Date would take February 30 for March 2, and "1" for 2001.
 */
export function parseIsoTimestamp(text: string): number | null {
  const parts = EXTENDED.exec(text) ?? BASIC.exec(text);
  if (parts === null) return null;
  const [year, month, date, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((group) => Number(parts[group] ?? 0));
  const [, , , , , minutes, seconds, digits, sign, zoneHours, zoneMinutes] = parts as (string | undefined)[];

  const day = Date.UTC(year, month - 1, date);
  const there = new Date(day);
  // A day that does not exist is one of another month, and Date.UTC takes the years 0 to 99 for 1900 to 1999.
  if (there.getUTCMonth() !== month - 1 || there.getUTCFullYear() !== year) return null;

  const last = seconds !== undefined ? 1000 : minutes !== undefined ? MINUTE : HOUR;
  const fraction = digits === undefined ? 0 : Number(`0.${digits}`) * last;
  const time = hour * HOUR + minute * MINUTE + second * 1000 + fraction;
  if (minute > 59 || second > 59 || time > 24 * HOUR) return null;

  const zoneHour = Number(zoneHours ?? 0);
  const zoneMinute = Number(zoneMinutes ?? 0);
  if (zoneHour > 23 || zoneMinute > 59) return null;
  const zone = (zoneHour * HOUR + zoneMinute * MINUTE) * (sign === '-' ? -1 : 1);
  return Math.round(day + time - zone);
}
