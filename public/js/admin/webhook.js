// The webhook's address and secret. A secret is replaced without losing a message: both are valid for a day.
import { channelPath, channelUrl, get, post, remove } from '../api.js';
import { msg } from '../i18n.js';
import { exactTime } from '../time.js';
import { confirmed } from './confirm.js';
import { showCopyable } from './copyable.js';
import { attempt } from './form.js';

export function startWebhook(root, channelId) {
  const section = root.querySelector('#webhook');
  const find = (name) => section.querySelector(`[data-${name}]`);
  const [status, previous] = [find('webhook-status'), find('previous')];

  find('rotate')?.addEventListener('click', async ({ currentTarget }) => {
    const question = {
      heading: msg('webhook-rotate-title'),
      explanation: msg('webhook-rotate-text'),
      button: msg('webhook-rotate'),
      destructive: false,
    };
    if (!(await confirmed(question))) return;
    await attempt(currentTarget, status, async () => {
      await post(channelPath(channelId, 'webhook-secret'));
      show(await get(channelUrl(channelId)));
      say(msg('webhook-rotated'));
    });
  });

  find('forget')?.addEventListener('click', async ({ currentTarget }) => {
    const question = {
      heading: msg('webhook-forget-title'),
      explanation: msg('webhook-forget-text'),
      button: msg('webhook-forget'),
    };
    if (!(await confirmed(question))) return;
    await attempt(currentTarget, status, async () => {
      await remove(channelPath(channelId, 'webhook-secret/previous'));
      previous.hidden = true;
      find('rotate').focus();
      say(msg('webhook-forgotten'));
    });
  });

  function say(text) {
    status.textContent = text;
    status.hidden = false;
  }

  function show({ webhookUrl, webhookSecret, previousWebhookSecretUntil: until }) {
    showCopyable(section, 'webhookUrl', webhookUrl);
    if (!webhookSecret) return;
    showCopyable(section, 'webhookSecret', webhookSecret);
    previous.hidden = !until;
    if (until) find('previous-text').textContent = msg('webhook-previous', exactTime(until));
  }

  return { show };
}
