import { createHash } from 'node:crypto';
import { isBlank } from './text';

/** The longest id that is kept as it is, in code points; it fits every database's key. */
export const MAX_ID_LENGTH = 255;

/** What veilWith in sender.ts makes of an id or a name; it fits the shortest column of them. */
export const VEILED = /^~[\w-]{19}$/;
const HASHED = /^sha256:[0-9a-f]{64}$/;
/** What databases refuse, mangle or compare as something else. */
const NOT_STORABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * An id as the sender means it: a string, or an integer that JSON has not rounded. 5 equals "5". Anything else, and a
 * blank one, is no id. Never cut or cleaned: what differs in a single byte is somebody else.
 */
export function readId(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null;
  if (typeof value === 'string') return isBlank(value) ? null : value;
  return null;
}

/** The form in which an id is stored, compared and shown. One that looks like a hash or a veiled id is hashed, so as not to pass for it. */
export function storedId(id: string): string {
  const short = id.length <= MAX_ID_LENGTH || [...id].length <= MAX_ID_LENGTH;
  const storable = short && !NOT_STORABLE.test(id) && !HASHED.test(id) && !VEILED.test(id);
  return storable ? id : `sha256:${createHash('sha256').update(JSON.stringify(id)).digest('hex')}`;
}

/** An id that a person or a program copied from where it is shown, or from the sender: both find the same sender. */
export function storedIdFromApi(id: string): string | null {
  if (isBlank(id)) return null;
  return HASHED.test(id) ? id : storedId(id);
}

/** A Wikimedia account's number as its digits, without leading zeros: a positive integer up to 2^53 - 1. */
export function readCentralauthId(value: unknown): string | null {
  if (typeof value === 'string' && !/^[0-9]+$/.test(value)) return null;
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const id = Number(value);
  return Number.isSafeInteger(id) && id > 0 ? String(id) : null;
}

/** 43 characters that stand for these parts and no others. */
export function digestOf(...parts: string[]): string {
  // As JSON, so that no two lists of parts are the same bytes; it also escapes half pairs, which UTF-8 would merge.
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** Characters of an id that a key begins with: enough for a counter, and for the time in ids that begin with it (UUIDv7). */
const PLACE_LENGTH = 14;
/** Words are kept out: a key outlives its message and its sender. */
const PLACE = /^[0-9a-f-]+$/i;

/**
 * 43 characters that stand for a namespace, an id and further parts, and for no others: at least 29 are of the digest.
 * They begin as the id does, so that messages sent one after the other stand together in the index; a digest alone would
 * have every message write to a page of its own.
 */
export function keyOf(namespace: string, id: string, ...parts: string[]): string {
  const beginning = id.slice(0, PLACE_LENGTH);
  const place = PLACE.test(beginning) ? beginning : '';
  const digest = digestOf(namespace, id, ...parts);
  return place + digest.slice(0, digest.length - place.length);
}
