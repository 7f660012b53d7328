// The simulation's page: the same controls as the queue's panel, with more room and up to 6,000 messages a minute.
import { msg, number } from '../i18n.js';
import { startSimulationPanel } from '../queue/simulation.js';
import { showReplay } from './simulation-replay.js';

const root = document.querySelector('[data-simulation]');
const place = root.querySelector('[data-simulation-state]');
const outcome = root.querySelector('[data-simulation-outcome]');
const queue = root.querySelector('[data-simulation-queue]');
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: 'short' });

startSimulationPanel(root, {
  onState({ running, perMinute, until, raid, replay }) {
    showReplay(replay);
    if (running || raid.running || replay.running) queue.hidden = false;
    const text = running
      ? msg('simulation-running', number(perMinute), clock.format(new Date(until)))
      : msg('simulation-stopped');
    // Said again every two seconds it would drown everything else a screen reader has to say.
    if (place.textContent !== text) place.textContent = text;
  },
  onInjected(answer) {
    queue.hidden = false;
    outcome.textContent = msg(`simulation-outcome-${answer.outcome}`);
  },
});
