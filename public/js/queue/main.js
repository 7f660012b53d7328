// The queue page: puts its parts together.
import { Actions } from './actions.js';
import { Board } from './board.js';
import { toggleWholeText } from './card.js';
import { listenToKeys } from './keys.js';
import { Live } from './live.js';
import { Loader } from './loader.js';
import { Pages } from './pages.js';
import { startSimulationPanel } from './simulation.js';
import { watchSilence } from './silence.js';
import { Status } from './status.js';
import { Tools } from './tools.js';
import { topOfSight } from './place.js';
import { msg, number } from '../i18n.js';

/** Exact counts are asked for again at most this often while things change. */
const COUNT_EVERY_MS = 3_000;

const root = document.getElementById('main');
const { channel, name: channelName, username } = root.dataset;
const find = (name) => document.querySelector(`[data-${name}]`);
const feed = find('feed');
const stageBar = root.querySelector('.stage__bar');
const actionBar = find('action-bar');

const status = new Status({ root, channelName, username });
const tools = new Tools(root, `focus:${channel}:${username}`);
const board = new Board({ feed, stageBar, username });
const pages = new Pages(channel);
const live = new Live(channel, {
  messages: takeNews,
  stats: takeStats,
  presence: (users) => status.showPresence(users),
  state: (state) => status.showConnection(state),
  reset: () => loader.reload(),
  ended: endWith,
});
const loader = new Loader({
  board,
  tools,
  pages,
  onPage: takePage,
  onFailure: (error) => status.showState('failed', error.message),
});
const silence = watchSilence(root, channel);
const actions = new Actions({ board, channel, sync: () => live.sync() });

let queued = 0;
let counting = 0;

// News

function takePage(page) {
  live.startFrom(page.seq);
  takeCounts(page);
}

function takeNews(messages) {
  if (!board.window || messages.length === 0) return;
  board.merge(messages);
  countSoon();
  silence.heard();
}

function takeStats(stats) {
  queued = stats.queued;
  status.showWaiting(queued);
}

function takeCounts({ stats, ...counts }) {
  takeStats(stats);
  tools.showCounts(counts);
}

function countSoon() {
  counting ||= setTimeout(async () => {
    counting = 0;
    const { window } = board;
    try {
      const counts = await pages.counts(tools.filter);
      if (window === board.window) window.total = counts.total;
      takeCounts(counts);
      drawn();
    } catch {
      // Counts wait for the next change.
    }
  }, COUNT_EVERY_MS);
}

// What follows from every drawing

function drawn() {
  const { window } = board;
  const hasCards = feed.childElementCount > 0;
  if (hasCards) status.showState('cards');
  else if (window.hasOlder || window.hasNewer) loader.land();
  else showEmpty();
  status.showPlace(board.placeOfCurrent, window.waiting, tools.isFiltering);
  showTarget();
  watchScroll();
}

function showEmpty() {
  if (tools.isFiltering) status.showState('filtered', msg('queue-filtered-hint', queued, number(queued)));
  else status.showState('empty');
  scrollTo({ top: 0, behavior: 'instant' });
}

function showTarget() {
  const target = board.current;
  actionBar.hidden = target === null;
  find('target-name').textContent = target?.screenName ?? '';
  find('target-text').textContent = target?.text.slice(0, 200) ?? '';
}

let watching = false;
function watchScroll() {
  if (watching) return;
  watching = true;
  requestAnimationFrame(() => {
    watching = false;
    if (!board.window) return;
    status.showNewer(Math.max(0, board.window.offset) + board.firstSeen);
    loader.extendWhereNeeded();
  });
}

// What ends it: a right that was taken away, a session that is over. The page asks nothing more.

function takeSignOut() {
  live.stop();
  silence.stop();
  status.showSignedOut();
}

function endWith(reason) {
  live.stop();
  silence.stop();
  stopListening();
  status.showEnded(reason);
}

// What moderators do

function act(name) {
  if (board.isCurrentInSight()) actions.act(name);
  // What is not seen is not decided: the first key only brings it back.
  else if (board.current) board.bringIntoSight('nearest');
}

async function toEnd(which) {
  const { window } = board;
  const isThere = which === 'newest' ? !window.hasNewer : !window.hasOlder;
  if (!isThere) await loader.goTo(which === 'newest' ? 0 : 100);
  const end = which === 'newest' ? board.messages[0] : board.messages.at(-1);
  if (!end) return;
  board.focusOn(end.id);
  if (which === 'newest')
    scrollTo({
      top: Math.max(0, scrollY + feed.getBoundingClientRect().top - topOfSight(stageBar)),
      behavior: 'instant',
    });
  else board.bringIntoSight('nearest');
  board.takeFocus();
}

feed.addEventListener('click', (event) => {
  const card = event.target.closest('.card');
  if (!card) return;
  const button = event.target.closest('button');
  if (button && board.isGuarded) return;
  board.focusOn(card.dataset.id);
  if (button?.dataset.action) actions.act(button.dataset.action);
  else if (button) toggleWholeText(card);
  else if (!getSelection().toString()) board.takeFocus();
});

feed.addEventListener('focusin', (event) => {
  const card = event.target.closest('.card');
  if (card && card.dataset.id !== board.currentId) board.focusOn(card.dataset.id);
});

actionBar.addEventListener('click', (event) => {
  const button = event.target.closest('[data-action]');
  if (button) act(button.dataset.action);
});

const stopListening = listenToKeys({
  act,
  move: (step) => board.move(step),
  toEnd,
  undo: () => actions.undo(),
  filter: () => tools.cycleType(),
  search: () => {
    setTools(true);
    tools.search.focus();
  },
  help: () => find('help-dialog').showModal(),
  expand: () => board.current && toggleWholeText(board.elements.get(board.currentId)),
});

function setTools(isOpen) {
  document.getElementById('tools').classList.toggle('is-open', isOpen);
  find('tools-toggle').setAttribute('aria-expanded', String(isOpen));
}

find('tools-toggle').addEventListener('click', (event) => {
  setTools(event.currentTarget.getAttribute('aria-expanded') !== 'true');
  scrollTo({ top: 0 });
});
find('newer').addEventListener('click', () => toEnd('newest'));
find('help').addEventListener('click', () => find('help-dialog').showModal());
find('retry').addEventListener('click', () => {
  status.showState('loading');
  loader.land();
});
find('clear-filters').addEventListener('click', () => tools.clear());
tools.addEventListener('filter', () => loader.land());
tools.addEventListener('focus', () => {
  // Back to the keys after a pull with the mouse; whoever moves it by arrow keys stays on it.
  if (!tools.slider.matches(':focus-visible')) tools.slider.blur();
  loader.land();
});
board.addEventListener('draw', drawn);
actions.addEventListener('count', () => status.showDecided(actions.decided));
addEventListener('scroll', watchScroll, { passive: true });
addEventListener('resize', watchScroll, { passive: true });
addEventListener('signed-out', takeSignOut, { once: true });

const panel = find('simulation');
if (panel) startSimulationPanel(panel);
await loader.land();
live.start();
