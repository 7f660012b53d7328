// What displays need: the token and the feeds' addresses, which carry the token where the channel is private.
import { channelPath, post } from '../api.js';
import { msg } from '../i18n.js';
import { confirmed } from './confirm.js';
import { showCopyable } from './copyable.js';
import { attempt, tell } from './form.js';

export function startDisplay(root, channelId) {
  const section = root.querySelector('#display');
  const status = section.querySelector('[data-token-status]');
  let shown = null;
  section.querySelector('[data-renew-token]').addEventListener('click', async ({ currentTarget }) => {
    const question = {
      heading: msg('display-token-renew-title'),
      explanation: msg('display-token-renew-text'),
      button: msg('display-token-renew'),
    };
    if (!(await confirmed(question))) return;
    await attempt(currentTarget, status, async () => {
      const { displayToken } = await post(channelPath(channelId, 'display-token'));
      show({ ...shown, displayToken });
      tell(status, msg('display-token-renewed'));
    });
  });

  function show(channel) {
    shown = channel;
    const { displayToken, public: isPublic } = channel;
    showCopyable(section, 'displayToken', displayToken);
    section.querySelector('[data-feeds-note]').textContent = isPublic ? msg('feeds-public') : msg('feeds-private');
    for (const part of section.querySelectorAll('[data-copyable^="/"]')) {
      const url = new URL(part.dataset.copyable, channel.webhookUrl);
      if (!isPublic) url.searchParams.set('token', displayToken);
      showCopyable(section, part.dataset.copyable, url.href);
    }
  }

  return { show };
}
