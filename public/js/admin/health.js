// Whether messages arrive, what becomes of them, and what to do about those that are refused.
import { channelPath, get } from '../api.js';
import { msg, number } from '../i18n.js';
import { showAge } from '../time.js';

const EVERY_MS = 5_000;
const RECENT_MS = 10 * 60_000;
/** Refusals that have advice of their own. */
const ADVISED = ['400', '403', '404', '413', '429', '503'];

export function startHealth(root, channelId) {
  const section = root.querySelector('[data-health]');
  const find = (name) => section.querySelector(`[data-${name}]`);
  let isStale = false;

  async function look() {
    try {
      show(await get(channelPath(channelId, 'intake')));
      isStale = false;
    } catch (error) {
      // What is shown stays; it is asked for again soon.
      if (!isStale) find('health-last').textContent = error.message;
      isStale = true;
    }
  }

  function show({ lastReceivedAt, dropped, refused, ...counts }) {
    const time = find('health-time');
    time.hidden = lastReceivedAt === null;
    find('health-last').textContent = msg(lastReceivedAt === null ? 'health-never' : 'channels-last-message');
    if (lastReceivedAt) showAge(time, lastReceivedAt);
    const isRecent = lastReceivedAt !== null && Date.now() - Date.parse(lastReceivedAt) < RECENT_MS;
    find('health-light').classList.toggle('is-recent', isRecent);
    const all = { ...counts, dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0) };
    for (const place of section.querySelectorAll('[data-count-of]')) {
      place.textContent = number(all[place.dataset.countOf]);
    }
    showRefusals(Object.entries(refused).filter(([, count]) => count > 0));
  }

  function showRefusals(refusals) {
    find('refused').hidden = refusals.length === 0;
    find('refusals').replaceChildren(...refusals.map(([status, count]) => refusal(status, count)));
  }

  look();
  setInterval(() => document.visibilityState === 'visible' && look(), EVERY_MS);
}

function refusal(status, count) {
  const item = document.createElement('li');
  const what = document.createElement('strong');
  what.textContent = msg('health-refusal', count, number(count), status);
  item.append(what, ' ', msg(`health-advice-${ADVISED.includes(status) ? status : 'other'}`));
  return item;
}
