import { createHash } from 'node:crypto';
import { digestOf, keyOf, readCentralauthId, readId, storedId } from './ids';
import { emojiOnly, readSymbol } from './symbol';
import { cut, cutBytes, cutVisible, isBlank, removeControls } from './text';
import { parseIsoTimestamp } from './timestamp';

export type MessageType = 'text' | 'emoji' | 'qa';

/** A chat message, with everything in it fit to be stored and shown. */
export interface IncomingMessage {
  type: MessageType;
  /** What makes it the same message: 43 characters of base64url. Equal for what was sent twice, and only for that. */
  key: string;
  /** The sender's id of it, at most 255 code points; for a reaction, of the message reacted to. */
  sourceId: string;
  /** For a reaction: the source id of the message reacted to, where it was given. */
  targetId: string | null;
  /** A reaction's symbol; otherwise what was written. Well-formed, never blank, at most MAX_TEXT_BYTES in UTF-8. */
  text: string;
  /** The name the sender gave; null when they gave none that could be seen. At most 200 code points. */
  ownName: string | null;
  wikiUsername: string | null;
  senderId: string | null;
  /** Digits. */
  centralauthId: string | null;
  /** An http or https URL of at most 1,000 characters. */
  profileImage: string | null;
  /** A canonical BCP 47 tag of at most 35 characters. */
  userLanguage: string | null;
  /** The sender's own id of the room, recorded and never compared. */
  sourceChannel: string | null;
  /** Epoch milliseconds. For a reaction, when its target was sent. */
  sentAt: number | null;
}

/** `problem` names the field at fault and never holds its value, so that it can be logged and answered. */
export type Reading =
  { kind: 'message'; message: IncomingMessage } | { kind: 'ignored'; why: 'removal' | 'no-symbol' } | Unusable;

/** Not JSON, a field that is needed and cannot be used, or a timestamp too far from now. */
interface Unusable {
  kind: 'unusable';
  why: 'not-json' | 'field' | 'clock';
  problem: string;
}

/** What MariaDB's text column takes. No body holds more, unless bytes that are no UTF-8 grow to U+FFFD. */
export const MAX_TEXT_BYTES = 65_535;
/** How far a timestamp may be from now, in milliseconds: what is older could be a replay. */
const MAX_CLOCK_DISTANCE = 300_000;

const MAX_NAME = 200;
const MAX_USERNAME = 255;
const MAX_URL = 1_000;
const MAX_LANGUAGE = 35;

const TYPES = new Map<unknown, MessageType>([
  ['text', 'text'],
  ['message', 'text'],
  ['channel.message', 'text'],
  ['emoji', 'emoji'],
  ['reaction', 'emoji'],
  ['event.reaction', 'emoji'],
  ['qa', 'qa'],
  ['question', 'qa'],
]);

/** What a message is by its sender's word for it, lower case; text for any other. */
export function messageTypeOf(word: unknown): MessageType {
  return TYPES.get(word) ?? 'text';
}

type Json = Record<string, unknown>;

/**
 * What a webhook's body says, whatever it holds; it never throws. What can be salvaged is, for the sender never tries
 * again: an optional field of the wrong type is dropped, one that is too long is cut.
 *
 * @param body the raw bytes of a request whose signature has been verified
 * @param now epoch milliseconds
 */
export function readMessage(body: Buffer, now: number): Reading {
  const payload = parseObject(body);
  if (payload === null) return unusable('the body is not a JSON object', 'not-json');
  const type = messageTypeOf(payload.message_type);
  return type === 'emoji' ? readReaction(payload, body, now) : readWords(type, payload, body, now);
}

function readWords(type: 'text' | 'qa', payload: Json, body: Buffer, now: number): Reading {
  const { message } = payload;
  if (typeof message !== 'string') return unusable('message must be a string');
  if (isBlank(message)) return unusable('message must not be blank');
  const id = readId(payload.message_id);
  const sentAt = readTime(payload.timestamp);
  const unsure = missesIdAndTime(id, payload.timestamp) ?? timestampProblem(payload.timestamp, sentAt, now);
  if (unsure !== null) return unsure;

  const text = cutVisible(removeControls(message), (whole) => cutBytes(whole, MAX_TEXT_BYTES));
  const key = id === null ? digestOf('message body', digestOfBody(body)) : keyOf('message', id);
  return { kind: 'message', message: readRest({ type, key, targetId: null, text, sentAt }, payload, body, id) };
}

/** A reaction's `message` is the text reacted to, and its `message_id` and `timestamp` are that text's as well. */
function readReaction(payload: Json, body: Buffer, now: number): Reading {
  const meta = isObject(payload.meta) ? payload.meta : {};
  const id = readId(payload.message_id);
  const target = readId(meta.target_message_id);
  const sentAt = readTime(payload.timestamp);
  if (target === null) {
    const unsure = missesIdAndTime(id, payload.timestamp) ?? timestampProblem(payload.timestamp, sentAt, now);
    if (unsure !== null) return unsure;
  }
  if (meta.action === 'remove') return { kind: 'ignored', why: 'removal' };
  const symbol = readSymbol(meta.reaction) ?? emojiOnly(payload.message);
  if (symbol === null) return { kind: 'ignored', why: 'no-symbol' };

  const key = reactionKey(payload, body, id, target, symbol);
  const targetId = target === null ? null : storedId(target);
  const own = { type: 'emoji', key, targetId, text: symbol, sentAt } as const;
  return { kind: 'message', message: readRest(own, payload, body, id ?? target) };
}

/** The parts are namespaced: sender "5" is not account 5, and a message is no reaction. */
function reactionKey(payload: Json, body: Buffer, id: string | null, target: string | null, symbol: string): string {
  if (target === null) return id === null ? digestOf('emoji body', digestOfBody(body)) : keyOf('emoji', id);
  const senderId = readId(payload.sender_id);
  const centralauthId = readCentralauthId(payload.centralauth_id);
  if (senderId !== null) return keyOf('reaction', target, 'sender', senderId, symbol);
  if (centralauthId !== null) return keyOf('reaction', target, 'account', centralauthId, symbol);
  return keyOf('reaction', target, 'body', digestOfBody(body), symbol);
}

type Own = Pick<IncomingMessage, 'type' | 'key' | 'targetId' | 'text' | 'sentAt'>;

/** The fields that mean the same in words and in reactions. One literal: objects spread into each other cost as much as all the reading. */
function readRest(
  { type, key, targetId, text, sentAt }: Own,
  payload: Json,
  body: Buffer,
  id: string | null,
): IncomingMessage {
  const senderId = readId(payload.sender_id);
  return {
    type,
    key,
    sourceId: id === null ? `sha256:${digestOfBody(body)}` : storedId(id),
    targetId,
    text,
    ownName: readLabel(payload.screen_name, MAX_NAME),
    wikiUsername: readLabel(payload.centralauth_username, MAX_USERNAME),
    senderId: senderId === null ? null : storedId(senderId),
    centralauthId: readCentralauthId(payload.centralauth_id),
    profileImage: readUrl(payload.profile_img),
    userLanguage: readLanguage(payload.user_language),
    sourceChannel: readLabel(payload.channel, MAX_USERNAME),
    sentAt,
  };
}

function parseObject(body: Buffer): Json | null {
  // What is no UTF-8 becomes U+FFFD, and a byte order mark is no part of the text.
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** JSON.parse makes a key `__proto__` an own property like any other, so reading a field never leaves the body. */
function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAbsent(timestamp: unknown): boolean {
  return timestamp === undefined || timestamp === null || timestamp === '';
}

function readTime(timestamp: unknown): number | null {
  return typeof timestamp === 'string' ? parseIsoTimestamp(timestamp) : null;
}

function missesIdAndTime(id: string | null, timestamp: unknown): Unusable | null {
  return id === null && isAbsent(timestamp) ? unusable('message_id or timestamp is required') : null;
}

/** A replay must not pass by being malformed: what is there must be a time, and one of about now. */
function timestampProblem(timestamp: unknown, sentAt: number | null, now: number): Unusable | null {
  if (isAbsent(timestamp)) return null;
  if (sentAt === null) return unusable('timestamp must be an ISO 8601 date and time');
  return Math.abs(sentAt - now) > MAX_CLOCK_DISTANCE
    ? unusable(`timestamp must be within ${MAX_CLOCK_DISTANCE / 1000} seconds of now`, 'clock')
    : null;
}

function readLabel(value: unknown, maxCodePoints: number): string | null {
  if (typeof value !== 'string' || isBlank(value)) return null;
  return cutVisible(removeControls(value).trim(), (whole) => cut(whole, maxCodePoints)).trim();
}

function readUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > MAX_URL) return null;
  if (!/^https?:\/\//i.test(value) || /\s/.test(value) || removeControls(value) !== value) return null;
  return URL.canParse(value) ? value : null;
}

function readLanguage(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > MAX_LANGUAGE) return null;
  try {
    const tag = Intl.getCanonicalLocales(value.replaceAll('_', '-'))[0] ?? null;
    return tag !== null && tag.length <= MAX_LANGUAGE ? tag : null;
  } catch {
    return null;
  }
}

function digestOfBody(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

function unusable(problem: string, why: Unusable['why'] = 'field'): Unusable {
  return { kind: 'unusable', why, problem };
}
