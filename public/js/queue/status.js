// What the page says about itself: how many wait, whether it is live, who else is here, what is shown.
import { announceSparingly } from '../announce.js';
import { drawAvatar } from '../avatar.js';
import { msg, number } from '../i18n.js';

const STATES = ['loading', 'empty', 'filtered', 'failed'];

export class Status {
  constructor({ root, channelName, username }) {
    this.root = root;
    this.channelName = channelName;
    this.username = username;
    this.title = document.title;
    this.find = (name) => root.querySelector(`[data-${name}]`);
  }

  /** How many messages of the channel wait, whatever the filters. */
  showWaiting(count) {
    this.find('waiting').textContent = msg('queue-waiting', count, number(count));
    document.title = count === 0 ? this.title : `(${number(count)}) ${this.title}`;
    announceSparingly(msg('queue-waiting', count, number(count)));
  }

  /** `place`: of the current card, from 1; 0 when there is none. */
  showPlace(place, count, isFiltering) {
    const key = isFiltering ? 'queue-position-matching' : 'queue-position';
    this.find('place').textContent = place === 0 ? '' : msg(key, number(place), number(Math.max(place, count)));
    this.find('filtered').hidden = !isFiltering;
  }

  showNewer(count) {
    const button = this.find('newer');
    button.hidden = count === 0;
    if (count > 0) this.find('newer-text').textContent = msg('queue-newer', count, number(count));
  }

  showDecided(count) {
    this.find('session-count').textContent = count === 0 ? '' : msg('session-count', count, number(count));
  }

  /** 'live' or 'lost'. */
  showConnection(state) {
    const light = this.find('live');
    light.dataset.state = state;
    light.title = msg(`live-${state}`);
    light.setAttribute('aria-label', msg(`live-${state}`));
    this.showBanner(state === 'live' ? null : msg(`live-${state}-banner`));
  }

  /** For good: a stream that reopens does not bring the session back. */
  showSignedOut() {
    this.showBanner(msg('signed-out-banner'));
    const link = document.createElement('a');
    link.href = `/login?returnTo=${encodeURIComponent(location.pathname)}`;
    link.textContent = msg('signed-out-link');
    this.find('banner-text').append(' ', link);
    this.showBanner = () => undefined;
  }

  /** For good: 'denied' or 'gone'. Nothing of the queue stays in sight. */
  showEnded(reason) {
    const place = this.find('ended');
    if (!place.hidden) return;
    document.title = this.title;
    document.body.classList.add('has-ended');
    for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
    this.find('ended-title').textContent = msg(`ended-${reason}`);
    this.find('ended-hint').textContent = msg(`ended-${reason}-hint`);
    place.hidden = false;
    scrollTo({ top: 0, behavior: 'instant' });
    this.find('ended-title').focus();
  }

  showBanner(text) {
    this.find('banner').hidden = text === null;
    if (text !== null) this.find('banner-text').textContent = text;
  }

  showPresence(users) {
    const others = users.filter(({ username }) => username !== this.username);
    this.find('presence').replaceChildren(...others.map(({ username }) => presenceOf(username)));
  }

  /** 'cards', 'loading', 'empty', 'filtered' or 'failed' with what went wrong. */
  showState(state, hint) {
    for (const name of STATES) this.root.querySelector(`[data-state="${name}"]`).hidden = name !== state;
    const feed = this.find('feed');
    feed.hidden = state !== 'cards';
    feed.setAttribute('aria-busy', String(state === 'loading'));
    if (hint) this.find(`${state}-hint`).textContent = hint;
  }
}

function presenceOf(username) {
  const item = document.createElement('li');
  item.className = 'avatar avatar--small';
  item.title = msg('presence-user', username);
  item.setAttribute('aria-label', username);
  drawAvatar(item, username, username);
  return item;
}
