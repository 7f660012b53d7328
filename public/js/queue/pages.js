// Fetches parts of the queue: the window around a place, its neighbours, the counts.
import { channelPath, get } from '../api.js';
import { isFiltering, matcherOf, queryOf } from './filter.js';
import { QueueWindow } from './window.js';

const PAGE = 60;
/** Cards of the neighbouring page that are asked for again, so that it touches although the queue has moved. */
const OVERLAP = 15;
/** Newer cards shown above the place that a moderator lands at. */
const ABOVE = 10;

export class Pages {
  constructor(channel) {
    this.channel = channel;
  }

  /** Answers `{ window, index, page }`: `index` is the card that lies `percent` of the way from newest to oldest. */
  async loadAt(percent, filter) {
    let place = 0;
    if (percent > 0) {
      const { total } = await this.fetch(filter, 0, 1);
      place = Math.round((percent / 100) * Math.max(0, total - 1));
    }
    return this.loadAround(place, filter);
  }

  async loadAround(place, filter) {
    const offset = Math.max(0, place - ABOVE);
    const page = await this.fetch(filter, offset, PAGE);
    const window = new QueueWindow(isFiltering(filter) ? matcherOf(filter) : undefined);
    window.load(page, offset);
    return { window, index: place - offset, page };
  }

  /** Adds the neighbouring page; false when it no longer touches the window. */
  async extend(window, filter, direction) {
    const from = Math.max(0, window.offset);
    const offset = direction === 'newer' ? from - PAGE + OVERLAP : from + window.cards.length - OVERLAP;
    const page = await this.fetch(filter, Math.max(0, offset), PAGE);
    return window.extend(page, Math.max(0, offset));
  }

  /** `{ total, languages, types, stats }` as they are now, without cards. */
  counts(filter) {
    return this.fetch(filter, 0, 1);
  }

  fetch(filter, offset, limit) {
    const query = queryOf(filter);
    query.set('limit', String(limit));
    if (offset > 0) query.set('offset', String(offset));
    return get(channelPath(this.channel, `messages?${query}`));
  }
}
