// Keeps the page told. A push is a hint: whatever a stream misses, the next question what has changed since brings.
import { channelPath, get } from '../api.js';

const ASK_EVERY_MS = 30_000;
/** News that come close together are drawn once. */
const GATHER_MS = 80;
/** A stream that is away for less is not worth a word. */
const PATIENCE_MS = 3_000;
const REOPEN_MS = 5_000;

export class Live {
  /** `news`: messages(list), stats(stats), presence(users), state('live' | 'lost' | 'denied'), reset(). */
  constructor(channel, news) {
    this.channel = channel;
    this.news = news;
    /** Everything up to here has been seen, in a page or in an answer about changes; pushes prove nothing. */
    this.seen = 0;
    this.gathered = [];
    this.asking = Promise.resolve();
    this.next = null;
  }

  start() {
    this.open();
    setInterval(() => this.sync(), ASK_EVERY_MS);
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.sync());
    addEventListener('online', () => this.sync());
  }

  /** A page was loaded that knows everything up to `seq`. */
  startFrom(seq) {
    this.seen = seq;
  }

  open() {
    const source = new EventSource(channelPath(this.channel, 'events'));
    source.addEventListener('open', () => this.connected());
    source.addEventListener('message', (event) => this.hear(event));
    source.addEventListener('decision', (event) => this.hear(event));
    source.addEventListener('stats', (event) => this.news.stats(JSON.parse(event.data).stats));
    source.addEventListener('presence', (event) => this.news.presence(JSON.parse(event.data).users));
    source.addEventListener('reset', () => this.sync());
    source.addEventListener('error', () => this.interrupted(source));
  }

  connected() {
    clearTimeout(this.losing);
    this.losing = undefined;
    this.news.state('live');
    this.sync();
  }

  interrupted(source) {
    this.losing ??= setTimeout(() => this.news.state('lost'), PATIENCE_MS);
    // The browser reopens a broken stream by itself, but not one that was refused (signed out, a proxy's error page).
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => this.open(), REOPEN_MS);
    this.sync();
  }

  hear(event) {
    const { seq, messages } = JSON.parse(event.data);
    if (seq <= this.seen) return;
    if (this.gathered.length === 0) setTimeout(() => this.tell(), GATHER_MS);
    this.gathered.push(...messages);
  }

  tell() {
    const messages = this.gathered;
    this.gathered = [];
    this.news.messages(messages);
  }

  /** Asks what has changed, after the question under way if there is one: the answer is younger than the call. */
  sync() {
    this.next ??= this.asking.then(() => {
      this.next = null;
      this.asking = this.ask();
      return this.asking;
    });
    return this.next;
  }

  async ask() {
    try {
      const { seq, reset, messages, stats } = await get(channelPath(this.channel, `changes?since=${this.seen}`));
      if (reset) return this.news.reset();
      this.seen = Math.max(this.seen, seq);
      this.news.messages(messages);
      this.news.stats(stats);
    } catch (error) {
      // Away: the stream's own error tells it. Refused: a right has been removed.
      if (error.status === 403 || error.status === 404) this.news.state('denied');
    }
  }
}
