// All channels: create one and see what comes next, archive and reopen.
import { channelPath, get, post } from '../api.js';
import { msg, number } from '../i18n.js';
import { showAge } from '../time.js';
import { confirmed } from './confirm.js';
import { showCopyable } from './copyable.js';
import { attempt, onSubmit, Problem } from './form.js';

const EVERY_MS = 5_000;

const root = document.getElementById('main');
const find = (name) => root.querySelector(`[data-${name}]`);
const state = (name) => root.querySelector(`[data-state="${name}"]`);
const template = document.getElementById('channel-row');
const form = find('create');
const { name: nameInput, id: idInput } = form.elements;

/** An id made from a name: what is left of it without accents and in a-z, 0-9 and -. */
function idFrom(name) {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
    .replace(/^-|-$/g, '');
}

let isOwnId = false;
idInput.addEventListener('input', () => (isOwnId = idInput.value !== ''));
nameInput.addEventListener('input', () => {
  if (!isOwnId) idInput.value = idFrom(nameInput.value);
});

onSubmit(form, create, { saved: () => '', conflict: 'id' });
// Not before its button does something.
root.querySelector('#new').hidden = false;

async function create(data) {
  const [name, id, description] = ['name', 'id', 'description'].map((field) => data.get(field).trim());
  if (!name) throw new Problem('name', msg('channel-name-needed'));
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(id)) throw new Problem('id', msg('channel-id-wrong'));
  const channel = await post('/api/v1/channels', { id, name, ...(description ? { description } : {}) });
  form.reset();
  isOwnId = false;
  showNext(channel);
  await load();
}

function showNext({ id, name, webhookUrl, webhookSecret }) {
  const next = find('next');
  find('next-title').textContent = msg('next-title', name);
  showCopyable(next, 'webhookUrl', webhookUrl);
  showCopyable(next, 'webhookSecret', webhookSecret);
  find('next-team').href = `/channel/${id}/settings#team`;
  find('next-settings').href = `/channel/${id}/settings`;
  find('next-queue').href = `/channel/${id}/queue`;
  next.hidden = false;
  next.focus();
}

async function load() {
  state('failed').hidden = true;
  try {
    await look();
  } catch (error) {
    find('failed-hint').textContent = error.message;
    state('failed').hidden = false;
  }
  state('loading').hidden = true;
}

async function look() {
  const { channels } = await get('/api/v1/channels');
  const isArchived = ({ archivedAt }) => archivedAt !== null;
  const active = channels.filter((channel) => !isArchived(channel));
  showList('active', active);
  showList('archived', channels.filter(isArchived));
}

async function lookAgain() {
  if (document.visibilityState !== 'visible' || !state('failed').hidden) return;
  try {
    await look();
    find('stale').hidden = true;
  } catch (error) {
    // What is shown stays; it is asked for again soon. That the session has ended is said elsewhere.
    find('stale').hidden = error.status === 401;
  }
}

function showList(which, channels) {
  const section = root.querySelector(`[data-channels="${which}"]`);
  section.querySelector('[data-count]').textContent = number(channels.length);
  section.querySelector('[data-list-empty]').hidden = channels.length > 0;
  const list = section.querySelector('[data-rows]');
  const shown = channels.map((channel) => rowOf(list, channel));
  // Rows that are moved lose the focus.
  if (shown.length !== list.children.length || shown.some((row, i) => row !== list.children[i]))
    list.replaceChildren(...shown);
  section.hidden = false;
}

/** The row that shows the channel in this list already, or a new one; with what is known of it now. */
function rowOf(list, channel) {
  const row = [...list.children].find(({ dataset }) => dataset.channel === channel.id) ?? makeRow(channel);
  drawRow(row, channel);
  return row;
}

function makeRow({ id, archivedAt }) {
  const row = template.content.firstElementChild.cloneNode(true);
  const part = (partName) => row.querySelector(`[data-${partName}]`);
  row.dataset.channel = id;
  part('queue').href = `/channel/${id}/queue`;
  part('id').textContent = id;
  part('settings-link').href = `/channel/${id}/settings`;
  part('archive').textContent = msg(archivedAt ? 'reopen-button' : 'archive-button');
  part('archive').addEventListener('click', ({ currentTarget }) => toggleArchived(row, currentTarget));
  for (const name of ['rate-part', 'waiting-part', 'last']) part(name).hidden = archivedAt !== null;
  return row;
}

function drawRow(row, channel) {
  const { name, active, public: isPublic, archivedAt, createdAt, lastReceivedAt, silentSince, waiting } = channel;
  const part = (partName) => row.querySelector(`[data-${partName}]`);
  row.channel = channel;
  part('name').textContent = name;
  part('inactive').hidden = active;
  part('private').hidden = isPublic;
  part('since').textContent = msg(archivedAt ? 'channel-archived' : 'channel-created');
  showAge(part('since-time'), archivedAt ?? createdAt);
  part('last-text').textContent = msg(lastReceivedAt ? 'channels-last-message' : 'no-message-yet');
  part('last-time').hidden = lastReceivedAt === null;
  if (lastReceivedAt) showAge(part('last-time'), lastReceivedAt);
  part('silence').hidden = silentSince === null;
  if (silentSince) part('silence-text').textContent = msg('silence-row', channel.silenceWarningMinutes);
  part('rate').textContent = number(channel.arrivalsPerMinute);
  part('waiting').textContent = number(waiting);
  part('waiting-text').textContent = msg('channels-waiting', waiting);
  part('waiting-part').classList.toggle('row__figure--some', waiting > 0);
  part('settings-link').setAttribute('aria-label', msg('channel-settings-of', name));
  part('archive').setAttribute('aria-label', msg(archivedAt ? 'reopen-channel' : 'archive-channel', name));
}

async function toggleArchived(row, button) {
  const { id, name, archivedAt } = row.channel;
  const question = {
    heading: msg('archive-channel', name),
    explanation: msg('archive-text'),
    button: msg('archive-button'),
  };
  if (!archivedAt && !(await confirmed(question))) return;
  await attempt(button, row.querySelector('[data-row-problem]'), async () => {
    await post(channelPath(id, archivedAt ? 'reopen' : 'archive'));
    await load();
  });
}

root.querySelector('[data-retry]').addEventListener('click', load);
await load();
setInterval(lookAgain, EVERY_MS);
