import { parseIsoTimestamp } from '../../moderation/timestamp';

type Json = Record<string, unknown>;

/** One webhook body of a recording. */
export interface RecordedEvent {
  /** Milliseconds after the first one, with long silences shortened. */
  at: number;
  /** Its line, for ten thousand parsed ones would take many times the room. */
  line: string;
}

/** Longer than any body that the webhook takes, and what may be wrapped around it. */
const MAX_LINE_BYTES = 68 * 1024;
export const MAX_EVENTS = 20_000;
/** A silence of the recording that lasts longer is played as one of this length, divided by the speed like all others. */
export const LONGEST_SILENCE_MS = 30_000;

const REACTION_TYPES: unknown[] = ['emoji', 'reaction', 'event.reaction'];

/** What cannot be played; says which line, and what is wrong with it. */
export class RecordingProblem extends Error {
  constructor(line: number, problem: string) {
    super(line === 0 ? `recording ${problem}` : `recording line ${line} ${problem}`);
  }
}

/**
 * Reads JSON Lines: a webhook body on each, as it was delivered, or `{"receivedAt": …, "body": {…}}`; blank lines mean
 * nothing. When something happened is `receivedAt`, else the `timestamp` of a text or question. A reaction's is that of the
 * message reacted to, so a reaction comes together with the line before it; as does whatever says no time, or an earlier one.
 * Gives way to other work every now and then.
 * @throws RecordingProblem for the first line that is none
 */
export async function readRecording(text: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  let latest: number | null = null;
  let at = 0;
  let number = 0;
  for (const line of linesOf(text)) {
    number += 1;
    if (number % 200 === 0) await new Promise(setImmediate);
    if (line.trim() === '') continue;
    if (events.length === MAX_EVENTS) throw new RecordingProblem(0, `must have at most ${MAX_EVENTS} events`);
    const time = timeOf(line, number);
    if (time !== null && time > (latest ?? -Infinity)) {
      at += latest === null ? 0 : Math.min(time - latest, LONGEST_SILENCE_MS);
      latest = time;
    }
    events.push({ at, line });
  }
  if (events.length === 0) throw new RecordingProblem(0, 'has no events');
  return events;
}

/** The webhook body of a line that has been read before. */
export function bodyOf(line: string): Json {
  return unwrapped(JSON.parse(line) as Json);
}

const unwrapped = (value: Json): Json => (isObject(value.body) ? value.body : value);

function* linesOf(text: string): Generator<string> {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  for (let from = start, to; from <= text.length; from = to + 1) {
    to = text.indexOf('\n', from);
    if (to === -1) to = text.length;
    yield text.slice(from, to);
  }
}

/** Epoch milliseconds, or null when the line does not say. */
function timeOf(line: string, number: number): number | null {
  if (Buffer.byteLength(line) > MAX_LINE_BYTES) throw new RecordingProblem(number, 'is longer than a webhook body');
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new RecordingProblem(number, 'is no valid JSON');
  }
  if (!isObject(value)) throw new RecordingProblem(number, 'is no JSON object');
  if (Object.hasOwn(value, 'body') && !isObject(value.body))
    throw new RecordingProblem(number, 'has a body that is no JSON object');
  const body = unwrapped(value);
  if (body !== value) return parsed('receivedAt', value.receivedAt, number) ?? ownTime(body, number);
  return ownTime(body, number);
}

function ownTime(body: Json, number: number): number | null {
  const time = parsed('timestamp', body.timestamp, number);
  return isReaction(body) ? null : time;
}

function parsed(name: string, value: unknown, number: number): number | null {
  if (value === undefined || value === null || value === '') return null;
  const time = typeof value === 'string' ? parseIsoTimestamp(value) : null;
  if (time === null) throw new RecordingProblem(number, `has a ${name} that is no ISO 8601 date and time`);
  return time;
}

/** One that says which message it is to. */
export function isReaction({ message_type: type, meta }: Json): boolean {
  return REACTION_TYPES.includes(type) && isObject(meta) && (meta.target_message_id ?? null) !== null;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
