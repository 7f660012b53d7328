const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const EXTENDED = form('-', ':');
const BASIC = form('', '');

function form(dash: string, colon: string): RegExp {
  const date = `(?<year>[0-9]{4})${dash}(?<month>[0-9]{2})${dash}(?<day>[0-9]{2})`;
  const time = `(?<hour>[0-9]{2})(?:${colon}(?<minute>[0-9]{2})(?:${colon}(?<second>[0-9]{2}))?)?`;
  const fraction = '(?:[.,](?<fraction>[0-9]+))?';
  // The colon is free here, for writers mix the two forms (strftime's %z has none), and it means the same.
  const zone = '(?:Z|(?<sign>[+-])(?<zoneHour>[0-9]{2})(?::?(?<zoneMinute>[0-9]{2}))?)?';
  return new RegExp(`^${date}T${time}${fraction}${zone}$`);
}

/**
 * An ISO 8601 calendar date and time as epoch milliseconds, rounded, or null for anything else. Both forms, extended
 * and basic; the time to hours, minutes or seconds, its last part with a fraction; without a zone it is UTC. Only days
 * and times that exist: Date would take February 30 for March 2, and "1" for 2001.
 */
export function parseIsoTimestamp(text: string): number | null {
  const parts = (EXTENDED.exec(text) ?? BASIC.exec(text))?.groups;
  if (parts === undefined) return null;
  const number = (name: string): number => Number(parts[name] ?? 0);

  const day = Date.UTC(number('year'), number('month') - 1, number('day'));
  const date = new Date(day);
  // A day that does not exist is one of another month.
  if (date.getUTCMonth() !== number('month') - 1) return null;
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  if (date.getUTCFullYear() !== number('year')) return null;

  const last = parts.second !== undefined ? 1000 : parts.minute !== undefined ? MINUTE : HOUR;
  const fraction = Number(`0.${parts.fraction ?? '0'}`) * last;
  const time = number('hour') * HOUR + number('minute') * MINUTE + number('second') * 1000 + fraction;
  if (number('minute') > 59 || number('second') > 59 || time > 24 * HOUR) return null;

  if (number('zoneHour') > 23 || number('zoneMinute') > 59) return null;
  const zone = (number('zoneHour') * HOUR + number('zoneMinute') * MINUTE) * (parts.sign === '-' ? -1 : 1);
  return Math.round(day + time - zone);
}
