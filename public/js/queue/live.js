// Keeps the page told. A push is a hint: whatever a stream misses, the next question what has changed since brings.
import { channelPath, get } from '../api.js';

const ASK_EVERY_MS = 30_000;
/** News that come close together are drawn once. */
const GATHER_MS = 80;
/** A stream that is away for less is not worth a word. */
const PATIENCE_MS = 3_000;
const REOPEN_MS = 5_000;

export class Live {
  /**
   * `news`: messages(list), stats(stats), presence(users), state('live' | 'lost'), reset(), and ended('denied' | 'gone'):
   * the right to the channel has been taken away, or the channel is no more.
   */
  constructor(channel, news) {
    this.channel = channel;
    this.news = news;
    /** Everything up to here has been seen, in a page or in an answer about changes; pushes prove nothing. */
    this.seen = 0;
    this.gathered = [];
    this.asking = Promise.resolve();
    this.next = null;
    this.stopped = false;
  }

  start() {
    if (this.stopped) return;
    this.open();
    this.timer = setInterval(() => this.sync(), ASK_EVERY_MS);
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.sync());
    addEventListener('online', () => this.sync());
  }

  /** For good. */
  stop() {
    this.stopped = true;
    this.source?.close();
    clearInterval(this.timer);
    clearTimeout(this.losing);
    clearTimeout(this.reopening);
  }

  /** A page was loaded that knows everything up to `seq`. */
  startFrom(seq) {
    this.seen = seq;
  }

  open() {
    const source = new EventSource(channelPath(this.channel, 'events'));
    this.source = source;
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
    // Why it ended only an answer tells: perhaps a right has.
    this.sync();
    // The browser reopens a broken stream by itself, but not one that was refused (a proxy's error page).
    if (source.readyState === EventSource.CLOSED) this.reopening = setTimeout(() => this.open(), REOPEN_MS);
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
    if (this.stopped) return;
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
    if (this.stopped) return;
    try {
      const { seq, reset, messages, stats } = await get(channelPath(this.channel, `changes?since=${this.seen}`));
      if (this.stopped) return;
      if (reset) return this.news.reset();
      this.seen = Math.max(this.seen, seq);
      this.news.messages(messages);
      this.news.stats(stats);
    } catch (error) {
      // Away: the stream's own error tells it. Signed out: the API's own event does.
      if (error.status === 403) this.news.ended('denied');
      if (error.status === 404) this.news.ended('gone');
    }
  }
}
