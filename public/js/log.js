// The log page: rows from the API, one template, older ones on demand.
import { channelPath, get } from './api.js';
import { msg } from './i18n.js';
import { exactTime, showAge } from './time.js';

const LIMIT = 50;
const TYPING_MS = 300;
const root = document.getElementById('main');
const { channel } = root.dataset;
const find = (name) => root.querySelector(`[data-${name}]`);
const [filters, rows, older, retry] = ['filters', 'rows', 'older', 'retry'].map(find);
const table = root.querySelector('.log__table');
const csv = root.querySelector('.log__csv');
const csvPath = csv.getAttribute('href');
const template = document.getElementById('log-row-template');
const moderators = new Set();

let cursor = null;
let asked = 0;

function query() {
  const chosen = new URLSearchParams();
  for (const [name, value] of new FormData(filters)) if (value.trim()) chosen.set(name, value.trim());
  return chosen;
}

async function load({ more = false } = {}) {
  asked += 1;
  const mine = asked;
  const chosen = query();
  csv.href = chosen.size > 0 ? `${csvPath}?${chosen}` : csvPath;
  const page = new URLSearchParams([...chosen, ['limit', String(LIMIT)]]);
  if (more) page.set('cursor', cursor);
  table.setAttribute('aria-busy', 'true');
  try {
    const { entries, nextCursor } = await get(channelPath(channel, `log?${page}`));
    if (mine !== asked) return;
    cursor = nextCursor;
    if (!more) rows.replaceChildren();
    rows.append(...entries.map(makeRow));
    suggestModerators(entries);
    showState(rows.childElementCount === 0 ? 'empty' : 'rows');
  } catch (error) {
    if (mine !== asked) return;
    find('failed-hint').textContent = error.message;
    showState('failed');
  }
  older.hidden = !cursor;
  table.setAttribute('aria-busy', 'false');
}

function showState(state) {
  for (const name of ['empty', 'failed']) root.querySelector(`[data-state="${name}"]`).hidden = name !== state;
}

function makeRow(entry) {
  const row = template.content.firstElementChild.cloneNode(true);
  const part = (name) => row.querySelector(`.${name}`);
  row.classList.toggle('entry--automatic', entry.automatic);
  const time = row.querySelector('time');
  showAge(time, entry.decidedAt);
  const exact = document.createElement('small');
  exact.textContent = exactTime(entry.decidedAt);
  part('entry__when').append(exact);
  row.querySelector('.entry__who bdi').textContent = entry.moderator ?? msg('log-automatic');
  part('verdict').textContent = msg(`decision-${entry.decision}`);
  part('verdict').dataset.decision = entry.decision;
  part('entry__move').textContent = msg('log-move', msg(`status-${entry.from ?? 'new'}`), msg(`status-${entry.to}`));
  if (entry.cause) {
    part('entry__cause').textContent = msg(`cause-${entry.cause}`);
    part('entry__cause').hidden = false;
  }
  part('entry__name').textContent = entry.screenName;
  // Only what retention or erasure has removed has no text.
  part('entry__text').textContent = entry.text || msg('log-removed');
  part('entry__text').classList.toggle('entry__text--removed', entry.text === '');
  return row;
}

function suggestModerators(entries) {
  for (const { moderator } of entries) if (moderator) moderators.add(moderator);
  const options = [...moderators]
    .sort()
    .map((name) => Object.assign(document.createElement('option'), { value: name }));
  root.querySelector('#moderators').replaceChildren(...options);
}

let typing = 0;
filters.addEventListener('submit', (event) => event.preventDefault());
filters.addEventListener('input', (event) => {
  clearTimeout(typing);
  typing = setTimeout(() => load(), event.target.name === 'moderator' ? TYPING_MS : 0);
});
older.addEventListener('click', () => load({ more: true }));
retry.addEventListener('click', () => load());
await load();
