// Replays a recording: the file goes up as it is, what is wrong with it is told next to its field.
import { post, upload } from '../api.js';
import { msg } from '../i18n.js';
import { progress } from '../queue/simulation.js';
import { attempt, onSubmit, Problem } from './form.js';

const MAX_BYTES = 10 * 1024 * 1024;
const form = document.querySelector('[data-replay]');
const [file, speed, state, count, stop, problem] = ['file', 'speed', 'state', 'count', 'stop', 'stop-problem'].map(
  (name) => form.querySelector(`[data-replay-${name}]`),
);

onSubmit(
  form,
  async () => {
    const [recording] = file.files;
    if (!recording) throw new Problem('recording', msg('replay-no-file'));
    if (recording.size > MAX_BYTES) throw new Problem('recording', msg('replay-too-large'));
    // A file that was changed on the disk since it was chosen can no longer be read.
    const content = await recording.arrayBuffer().catch(() => {
      throw new Problem('recording', msg('replay-unreadable'));
    });
    const { replay } = await upload(`/api/v1/simulation/replay?speed=${speed.value}`, new Blob([content]));
    showReplay(replay);
  },
  { saved: () => '', conflict: 'recording' },
);

stop.addEventListener('click', () =>
  attempt(stop, problem, async () => {
    const { replay } = await post('/api/v1/simulation', { action: 'stop' });
    showReplay(replay);
  }),
);

export function showReplay(replay) {
  stop.hidden = !replay.running;
  // What changes every two seconds is not for being read out: the beginning and the end are.
  const text = replay.running ? msg('replay-running') : progress(replay);
  if (state.textContent !== text) state.textContent = text;
  count.textContent = replay.running ? progress(replay) : '';
}
