// Whether messages arrive, what becomes of them, and what to do about those that are refused.
import { channelPath, get } from '../api.js';
import { msg, number } from '../i18n.js';
import { showAge } from '../time.js';
import { startMinutesChart } from './minutes-chart.js';

const EVERY_MS = 5_000;
const RECENT_MS = 10 * 60_000;
/** What was refused longer ago is told, but is no alarm. */
const ALARM_MS = 60 * 60_000;

/** `silenceLimit()`: the minutes after which the channel's admins want to be warned. */
export function startHealth(root, channelId, silenceLimit) {
  const section = root.querySelector('[data-health]');
  const find = (name) => section.querySelector(`[data-${name}]`);
  const chart = startMinutesChart(find('chart'));
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

  function show({ lastReceivedAt, silentSince, dropped, refusals, perMinute, ...counts }) {
    showLast(lastReceivedAt);
    showSilence(silentSince);
    chart.show(perMinute);
    const all = { ...counts, dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0) };
    for (const place of section.querySelectorAll('[data-count-of]')) {
      place.textContent = number(all[place.dataset.countOf]);
    }
    const isRecent = ({ lastAt }) => Date.now() - Date.parse(lastAt) < ALARM_MS;
    showRefusals('recent', refusals.filter(isRecent));
    showRefusals(
      'earlier',
      refusals.filter((one) => !isRecent(one)),
    );
  }

  function showLast(lastReceivedAt) {
    const time = find('health-time');
    time.hidden = lastReceivedAt === null;
    find('health-last').textContent = msg(lastReceivedAt === null ? 'health-never' : 'channels-last-message');
    if (lastReceivedAt) showAge(time, lastReceivedAt);
    const isRecent = lastReceivedAt !== null && Date.now() - Date.parse(lastReceivedAt) < RECENT_MS;
    find('health-light').classList.toggle('is-recent', isRecent);
  }

  function showSilence(silentSince) {
    const notice = find('silence');
    notice.hidden = silentSince === null;
    const limit = silenceLimit();
    if (silentSince !== null && limit) notice.textContent = msg('silence-settings', limit, number(limit));
  }

  function showRefusals(age, refusals) {
    const part = section.querySelector(`[data-refused="${age}"]`);
    part.hidden = refusals.length === 0;
    part.querySelector('.refusals').replaceChildren(...refusals.map(refusal));
  }

  const first = look();
  setInterval(() => document.visibilityState === 'visible' && look(), EVERY_MS);
  return { look, first };
}

function refusal({ reason, count, lastAt }) {
  const item = document.createElement('li');
  const [what, facts, time] = ['strong', 'span', 'time'].map((name) => document.createElement(name));
  what.textContent = msg(`refusal-${reason}`);
  facts.className = 'refusals__facts';
  showAge(time, lastAt);
  facts.append(msg('refusal-count', count, number(count)), ' ', time);
  const advice = document.createElement('p');
  advice.textContent = msg(`advice-${reason}`);
  item.append(what, ' ', facts, advice);
  return item;
}
