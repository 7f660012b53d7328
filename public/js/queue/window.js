// The part of the queue that this page holds: at most a few screens of cards around the current one, never the whole
// queue. Pure: no DOM, no network. Pushes may come in any order and twice; the window they leave is the same.
import { mergeMessages } from '../decision.js';

/** More than this of what is no card any more is forgotten, oldest news first. */
const MAX_REMEMBERED = 3_000;

/** The order of the queue, newest first; ids are digit strings that rise with arrival. */
export const newestFirst = (a, b) => compareIds(b.id, a.id);

export function compareIds(a, b) {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

export class QueueWindow {
  /** `matches(message)` is the filter that the pages were asked with. */
  constructor(matches = () => true) {
    this.matches = matches;
    this.known = new Map();
    this.held = new Set();
    this.total = 0;
    /** How many matching cards are newer than the window; 0 when it reaches the newest. */
    this.offset = 0;
    /** The ids the window reaches to; null where it reaches the queue's end. */
    this.newest = null;
    this.oldest = null;
    this.cache = null;
  }

  /** Replaces what the window holds by a page that begins `offset` cards below the newest. */
  load({ messages, total }, offset) {
    this.known = new Map(messages.map((message) => [message.id, message]));
    this.total = total;
    this.reach(messages, offset);
  }

  /** Adds a neighbouring page. False, and nothing added, when it does not touch the window: something may lie between. */
  extend({ messages, total }, offset) {
    const touches = messages.some((message) => this.known.has(message.id) && this.isWithin(message.id));
    if (!touches) return false;
    for (const message of messages) this.remember(message);
    this.total = total;
    const [first, last] = [messages[0].id, messages.at(-1).id];
    if (this.newest !== null && compareIds(first, this.newest) >= 0) {
      this.newest = offset === 0 ? null : first;
      this.offset = offset;
    }
    if (this.oldest !== null && compareIds(last, this.oldest) <= 0) {
      this.oldest = offset + messages.length >= total ? null : last;
    }
    this.cache = null;
    return true;
  }

  reach(messages, offset) {
    this.offset = messages.length === 0 ? 0 : offset;
    this.newest = this.offset === 0 ? null : messages[0].id;
    this.oldest = messages.length === 0 || offset + messages.length >= this.total ? null : messages.at(-1).id;
    this.cache = null;
  }

  /** Takes news. What leaves without ever having been in this window cannot be counted: the server knows better. */
  merge(messages) {
    for (const heard of messages) {
      const before = this.known.get(heard.id);
      const after = this.remember(heard);
      const change = Number(this.isWaiting(after)) - Number(before !== undefined && this.isWaiting(before));
      this.total += change;
      if (this.newest !== null && compareIds(after.id, this.newest) > 0) this.offset += change;
    }
    this.forget();
    this.cache = null;
  }

  remember(heard) {
    const before = this.known.get(heard.id);
    const after = before === undefined ? heard : mergeMessages(before, heard);
    this.known.delete(heard.id);
    this.known.set(heard.id, after);
    return after;
  }

  /** A card being decided leaves at once; `release` brings it back if the decision did not count. */
  hold(id) {
    this.held.add(id);
    this.cache = null;
  }

  release(id) {
    this.held.delete(id);
    this.cache = null;
  }

  /** Newest first. */
  get cards() {
    this.cache ??= [...this.known.values()]
      .filter((message) => this.isWaiting(message) && this.isWithin(message.id) && !this.held.has(message.id))
      .sort(newestFirst);
    return this.cache;
  }

  /** Cards that wait and match, here or beyond, without those being decided. */
  get waiting() {
    let held = 0;
    for (const id of this.held) if (this.known.has(id) && this.isWaiting(this.known.get(id))) held += 1;
    return Math.max(0, this.total - held);
  }

  get hasNewer() {
    return this.newest !== null;
  }

  get hasOlder() {
    return this.oldest !== null;
  }

  /** Lets go of what is more than `most` cards away from the card at `centre`. */
  trim(centre, most) {
    const { cards } = this;
    const first = centre - most;
    if (first > 0) {
      this.newest = cards[first].id;
      this.offset += first;
    }
    const last = centre + most;
    if (last < cards.length - 1) this.oldest = cards[last].id;
    if (first > 0 || last < cards.length - 1) this.cache = null;
  }

  isWaiting(message) {
    return message.status === 'queued' && this.matches(message);
  }

  isWithin(id) {
    if (this.newest !== null && compareIds(id, this.newest) > 0) return false;
    return this.oldest === null || compareIds(id, this.oldest) >= 0;
  }

  forget() {
    let surplus = this.known.size - MAX_REMEMBERED;
    for (const [id, message] of this.known) {
      if (surplus <= 0) return;
      if (this.isWaiting(message) && this.isWithin(id)) continue;
      this.known.delete(id);
      surplus -= 1;
    }
  }
}
