import { bodyOf, isObject, isReaction } from './recording';

/**
 * Makes recorded events happen again, now: with ids of their own, for those of the recording may have been taken already,
 * and the times at which they are sent. A reaction goes on meaning the message that it meant, and what was delivered twice
 * is a duplicate again.
 */
export class Reenactment {
  private readonly ids = new Map<string, number>();
  private readonly times = new Map<number, string>();

  /** @param nextId gives numbers that no message has had */
  constructor(private readonly nextId: () => number) {}

  /**
   * @param line as readRecording gives them
   * @param now epoch ms
   */
  event(line: string, now: number): object {
    const body = bodyOf(line);
    const event = { ...body };
    const id = this.newId(body.message_id);
    if (id !== null) event.message_id = id;
    const time = new Date(now).toISOString().replace('Z', '000+00:00');
    if (!isReaction(body)) {
      if (body.timestamp) event.timestamp = time;
      if (id !== null && !this.times.has(id)) this.times.set(id, time);
      return event;
    }
    const meta = isObject(body.meta) ? body.meta : {};
    const target = this.newId(meta.target_message_id);
    if (target !== null) event.meta = { ...meta, target_message_id: target };
    // As from Eventyay: a reaction says when the message reacted to was sent.
    if (body.timestamp) event.timestamp = this.times.get(target ?? 0) ?? time;
    return event;
  }

  /** Null for what the webhook does not take for an id: it comes through as it was. 5 and "5" are one. */
  private newId(old: unknown): number | null {
    if (typeof old !== 'number' && (typeof old !== 'string' || old.trim() === '')) return null;
    const key = String(old);
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.nextId();
    this.ids.set(key, id);
    return id;
  }
}
