// The webhook's address and secret. A secret is replaced without losing a message: both are valid for a day.
import { channelPath, channelUrl, get, post, remove } from '../api.js';
import { msg } from '../i18n.js';
import { exactTime, showAge } from '../time.js';
import { confirmed } from './confirm.js';
import { showCopyable } from './copyable.js';
import { attempt, tell } from './form.js';

/** How often it is asked whether the previous secret is still used. */
const EVERY_MS = 5_000;

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
      const { webhookSecret } = await post(channelPath(channelId, 'webhook-secret'));
      showCopyable(section, 'webhookSecret', webhookSecret);
      tell(status, msg('webhook-rotated'));
      await lookAtPrevious();
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
      tell(status, msg('webhook-forgotten'));
    });
  });

  function show({ webhookUrl, webhookSecret, ...previousOne }) {
    showCopyable(section, 'webhookUrl', webhookUrl);
    find('insecure').hidden = webhookUrl.startsWith('https:');
    if (!webhookSecret) return;
    showCopyable(section, 'webhookSecret', webhookSecret);
    showPrevious(previousOne);
  }

  function showPrevious({ previousWebhookSecretUntil: until, previousWebhookSecretUsedAt: usedAt }) {
    previous.hidden = !until;
    if (!until) return;
    find('previous-text').textContent = msg('webhook-previous', exactTime(until));
    find('previous-use').textContent = msg(usedAt ? 'webhook-previous-used' : 'webhook-previous-unused');
    find('previous-time').hidden = !usedAt;
    if (usedAt) showAge(find('previous-time'), usedAt);
  }

  async function lookAtPrevious() {
    try {
      showPrevious(await get(channelUrl(channelId)));
    } catch {
      // What is shown stays; it is asked for again soon.
    }
  }

  setInterval(() => {
    if (previous && !previous.hidden && document.visibilityState === 'visible') lookAtPrevious();
  }, EVERY_MS);

  return { show };
}
