import { CHANNEL_ID } from '../../entities/channel.entity';
import { removeControls } from '../../moderation/text';
import { parseIsoTimestamp } from '../../moderation/timestamp';

/** Epoch milliseconds of a time as the original keeps it: UTC without a zone, with or without microseconds. */
export function readTime(cell: unknown): number | null {
  return typeof cell === 'string' ? parseIsoTimestamp(cell.trim().replace(' ', 'T')) : null;
}

export function readFlag(cell: unknown): boolean | null {
  if (cell === 1 || cell === true || cell === '1') return true;
  return cell === 0 || cell === false || cell === '0' ? false : null;
}

/** Text without what no database of ours takes; null for anything else, and for nothing. */
export function readText(cell: unknown): string | null {
  const text = typeof cell === 'string' ? removeControls(cell).trim() : '';
  return text === '' ? null : text;
}

/** Whether a cell that holds an id says anything: the original writes nothing, or 0, where there is none. */
export const isGiven = (cell: unknown) => ![null, undefined, '', 0, '0'].includes(cell as string);

/** JSON text, or undefined. */
export function readJson(cell: unknown): unknown {
  if (typeof cell !== 'string') return undefined;
  try {
    return JSON.parse(cell);
  } catch {
    return undefined;
  }
}

/** Upper and lower case, blanks, hyphens and underscores have come and gone in the original's own words. */
export function readWord(cell: unknown): string {
  return typeof cell === 'string'
    ? cell
        .trim()
        .toLowerCase()
        .replace(/[_\s]+/g, '-')
    : '';
}

/** The number of a row at the original. */
export function readRowId(cell: unknown): string | null {
  const text = typeof cell === 'number' ? String(cell) : cell;
  return typeof text === 'string' && /^[1-9]\d{0,18}$/.test(text) ? text : null;
}

export function readChannelId(cell: unknown): string | null {
  return typeof cell === 'string' && CHANNEL_ID.test(cell) ? cell : null;
}
