// What one tries before one trusts the connection: whether the address answers, and whether a message arrives.
import { channelPath, get, post } from '../api.js';
import { msg } from '../i18n.js';
import { attempt, tell } from './form.js';

/** `sent()` is called after a test message, whatever became of it. */
export function startTrial(root, channelId, sent) {
  const part = root.querySelector('[data-trial]');
  const find = (name) => part.querySelector(`[data-${name}]`);
  const [send, status] = [find('trial-send'), find('trial-status')];

  async function askAddress() {
    try {
      const { answeredAt } = await get(channelPath(channelId, 'webhook-challenge'));
      showChallenge(answeredAt ?? 'nowhere');
    } catch (error) {
      showChallenge('nowhere', error.message);
    }
  }

  function showChallenge(state, text = msg(`challenge-${state}`)) {
    find('challenge').dataset.state = state;
    find('challenge')
      .querySelector('use')
      .setAttribute('href', `#icon-${state === 'nowhere' ? 'cross' : 'check'}`);
    find('challenge-text').textContent = text;
  }

  send.addEventListener('click', async () => {
    await attempt(send, status, async () => {
      tell(status, msg('trial-sending'));
      const answer = await post(channelPath(channelId, 'webhook-test'));
      tell(status, inWords(answer), answer.outcome !== null);
      sent();
    });
  });

  return askAddress();
}

function inWords({ status, outcome, closed }) {
  if (outcome) return msg(`trial-${outcome}`);
  if (closed) return msg(`trial-${closed}`);
  return status === 0 ? msg('trial-unanswered') : msg('trial-refused', status);
}
