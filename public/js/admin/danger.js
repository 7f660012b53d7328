// Erase a sender, archive, reopen, delete.
import { channelPath, channelUrl, post, removeMany } from '../api.js';
import { msg } from '../i18n.js';
import { confirmed } from './confirm.js';
import { startErasing } from './erasing.js';
import { attempt } from './form.js';

export function startDanger(root, channelId, changed) {
  const section = root.querySelector('#danger');
  const find = (name) => section.querySelector(`[data-${name}]`);
  const problem = find('danger-problem');
  let isArchived = false;

  startErasing(find('erase'), channelId);

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
