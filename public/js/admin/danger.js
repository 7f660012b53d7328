// Erase a sender, archive, reopen, delete.
import { channelPath, channelUrl, post, removeMany } from '../api.js';
import { msg } from '../i18n.js';
import { confirmed } from './confirm.js';
import { attempt, onSubmit, Problem } from './form.js';

export function startDanger(root, channelId, changed) {
  const section = root.querySelector('#danger');
  const find = (name) => section.querySelector(`[data-${name}]`);
  const problem = find('danger-problem');
  let isArchived = false;

  const erasing = find('erase');
  onSubmit(
    erasing,
    async (data) => {
      const senderId = data.get('senderId').trim();
      if (!senderId) throw new Problem('senderId', msg('erase-needed'));
      const question = {
        heading: msg('erase-title'),
        explanation: msg('erase-text'),
        button: msg('erase-button'),
        type: { label: msg('erase-type', senderId), expected: senderId },
      };
      const status = erasing.querySelector('[data-status]');
      const isBusy = status.textContent;
      status.textContent = '';
      if (!(await confirmed(question))) return false;
      status.textContent = isBusy;
      await removeMany(channelPath(channelId, `senders/${encodeURIComponent(senderId)}`));
      erasing.reset();
      return true;
    },
    { saved: (isDone) => (isDone ? msg('erase-done') : '') },
  );

  find('archive').addEventListener('click', async ({ currentTarget }) => {
    const question = { heading: msg('archive-title'), explanation: msg('archive-text'), button: msg('archive-button') };
    if (!isArchived && !(await confirmed(question))) return;
    await attempt(currentTarget, problem, async () => {
      changed(await post(channelPath(channelId, isArchived ? 'reopen' : 'archive')));
    });
  });

  find('delete')?.addEventListener('click', async ({ currentTarget }) => {
    const question = {
      heading: msg('delete-title'),
      explanation: msg('delete-text'),
      button: msg('delete-button'),
      type: { label: msg('delete-type', channelId), expected: channelId },
    };
    if (!(await confirmed(question))) return;
    await attempt(currentTarget, problem, async () => {
      await removeMany(channelUrl(channelId));
      location.assign('/admin/channels');
    });
  });

  return {
    show({ archivedAt }) {
      isArchived = archivedAt !== null;
      find('archive-title').textContent = msg(isArchived ? 'reopen-title' : 'archive-title');
      find('archive-text').textContent = msg(isArchived ? 'reopen-text' : 'archive-text');
      find('archive').textContent = msg(isArchived ? 'reopen-button' : 'archive-button');
    },
  };
}
