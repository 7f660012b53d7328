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
  const [raid, raidState] = ['raid', 'raid-state'].map(find);
  const body = panel.querySelector('#simulation-body');
  let isRunning = false;

  toggle?.addEventListener('click', () => setOpen(body.hidden));
  slider.addEventListener('input', () => (rate.value = slider.value));
  rate.addEventListener('input', () => (slider.value = rate.value));
  // A new rate is for now, not for the next start.
  for (const input of [slider, rate]) input.addEventListener('change', () => isRunning && run('start'));
  start.addEventListener('click', () => run('start'));
  stop.addEventListener('click', () => run('stop'));
  raid.addEventListener('click', async () => {
    await attempt(() => post(PATH, { action: 'raid' }));
    await look(true);
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const isSent = await attempt(async () => {
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
    await attempt(() => post(PATH, action === 'start' ? { action, perMinute } : { action }));
    await look(true);
  }

  /** @param keepsProblem what an action was refused for stands until the next one */
  async function look(keepsProblem = false) {
    await attempt(async () => {
      const state = await get(PATH);
      isRunning = state.running;
      const isPlaying = state.raid.running || state.replay.running;
      onState?.(state);
      dot.classList.toggle('is-running', isRunning || isPlaying);
      start.hidden = isRunning;
      // It stops all of it.
      stop.hidden = !isRunning && !isPlaying;
      // Not disabled: the focus would be lost, and who asks too early is told so.
      raid.setAttribute('aria-disabled', String(state.raid.running));
      raidState.textContent = progress(state.raid);
      if (isRunning && !panel.contains(document.activeElement)) rate.value = slider.value = String(state.perMinute);
      const key = state.failed > 0 ? 'simulation-sent-failed' : 'simulation-sent';
      sent.textContent = state.sent > 0 || isRunning ? msg(key, number(state.sent), number(state.failed)) : '';
    }, keepsProblem);
  }

  async function attempt(work, keepsProblem = false) {
    try {
      await work();
      if (!keepsProblem) problem.hidden = true;
      return true;
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
      return false;
    }
  }
}

/** How far a raid or a replay is, in words; nothing when there has been none. */
export function progress({ sent, failed, total }) {
  if (total === 0) return '';
  const key = failed > 0 ? 'simulation-progress-failed' : 'simulation-progress';
  return msg(key, number(sent), number(total), number(failed));
}
