// What starts and stops invented messages: superadmins have it as a panel in the simulation channel, and on a page.
import { get, post } from '../api.js';
import { msg, number } from '../i18n.js';

const PATH = '/api/v1/simulation';
const LOOK_EVERY_MS = 2_000;

/** `onState` and `onInjected` are given what the API answers. */
export function startSimulationPanel(panel, { onState, onInjected } = {}) {
  const find = (name) => panel.querySelector(`[data-simulation-${name}]`);
  const [toggle, dot, slider, rate] = ['toggle', 'dot', 'slider', 'number'].map(find);
  const [start, stop, sent, problem, form, text] = ['start', 'stop', 'sent', 'problem', 'inject', 'message'].map(find);
  const [raid, raidState, raidProblem, injectProblem] = ['raid', 'raid-state', 'raid-problem', 'inject-problem'].map(
    find,
  );
  const body = panel.querySelector('#simulation-body');
  let isRunning = false;
  /** Why it was last not known how it goes, as long as that is so. */
  let lookProblem = null;

  toggle?.addEventListener('click', () => setOpen(body.hidden));
  slider.addEventListener('input', () => (rate.value = slider.value));
  rate.addEventListener('input', () => (slider.value = rate.value));
  // A new rate is for now, not for the next start.
  for (const input of [slider, rate]) input.addEventListener('change', () => isRunning && run('start'));
  start.addEventListener('click', () => run('start'));
  stop.addEventListener('click', () => run('stop'));
  raid.addEventListener('click', async () => {
    await attempt(raidProblem, () => post(PATH, { action: 'raid' }));
    await look();
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const isSent = await attempt(injectProblem, async () => {
      const answer = await post(PATH, { action: 'inject', message: text.value });
      onInjected?.(answer);
    });
    if (isSent) form.reset();
  });
  if (toggle && matchMedia('(max-width: 719px)').matches) setOpen(false);
  // Not before its buttons do something.
  panel.hidden = false;
  look();
  setInterval(() => !body?.hidden && document.visibilityState === 'visible' && look(), LOOK_EVERY_MS);

  function setOpen(isOpen) {
    body.hidden = !isOpen;
    toggle.setAttribute('aria-expanded', String(isOpen));
  }

  async function run(action) {
    const perMinute = Math.min(Number(rate.max), Math.max(1, Math.round(Number(rate.value)) || 1));
    rate.value = slider.value = String(perMinute);
    await attempt(problem, () => post(PATH, action === 'start' ? { action, perMinute } : { action }));
    await look();
  }

  async function look() {
    try {
      showState(await get(PATH));
      // What an action was refused for stands until the next one.
      if (lookProblem !== null && problem.textContent === lookProblem) problem.hidden = true;
      lookProblem = null;
    } catch (error) {
      lookProblem = error.message;
      tell(problem, error.message);
    }
  }

  function showState(state) {
    isRunning = state.running;
    const isPlaying = state.raid.running || state.replay.running;
    onState?.(state);
    dot.classList.toggle('is-running', isRunning || isPlaying);
    const focused = document.activeElement;
    start.hidden = isRunning;
    // It stops all of it.
    stop.hidden = !isRunning && !isPlaying;
    if (focused === start && start.hidden) stop.focus();
    if (focused === stop && stop.hidden) start.focus();
    // Not disabled: the focus would be lost, and who asks too early is told so.
    raid.setAttribute('aria-disabled', String(state.raid.running));
    raidState.textContent = progress(state.raid);
    if (isRunning && !panel.contains(document.activeElement)) rate.value = slider.value = String(state.perMinute);
    const key = state.failed > 0 ? 'simulation-sent-failed' : 'simulation-sent';
    sent.textContent = state.sent > 0 || isRunning ? msg(key, number(state.sent), number(state.failed)) : '';
  }

  async function attempt(place, work) {
    place.hidden = true;
    try {
      await work();
      return true;
    } catch (error) {
      tell(place, error.message);
      return false;
    }
  }
}

function tell(place, text) {
  place.textContent = text;
  place.hidden = false;
}

/** How far a raid or a replay is, in words; nothing when there has been none. */
export function progress({ sent, failed, total }) {
  if (total === 0) return '';
  const key = failed > 0 ? 'simulation-progress-failed' : 'simulation-progress';
  return msg(key, number(sent), number(total), number(failed));
}
