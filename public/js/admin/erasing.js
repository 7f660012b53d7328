// Erase a sender: first it is looked up whom the id means, so that nobody is taken for another.
import { channelPath, get, removeMany } from '../api.js';
import { isolated, msg, number } from '../i18n.js';
import { confirmed } from './confirm.js';
import { onSubmit, Problem } from './form.js';

const NAMES_SHOWN = 5;

export function startErasing(form, channelId) {
  const status = form.querySelector('[data-status]');
  const left = form.querySelector('[data-erase-left]');
  onSubmit(form, (data) => erase(data.get('senderId').trim()), {
    saved: (messages) => (messages === null ? '' : whatWasErased(messages)),
  });

  /** How many messages were erased; null when it was thought better of. */
  async function erase(senderId) {
    left.hidden = true;
    if (!senderId) throw new Problem('senderId', msg('erase-needed'));
    const path = channelPath(channelId, `senders/${encodeURIComponent(senderId)}`);
    const sender = await get(path);
    if (!sender.known) throw new Problem('senderId', msg('erase-nobody'));
    const isBusy = status.textContent;
    status.textContent = '';
    const question = {
      heading: msg('erase-title'),
      explanation: `${whoIsMeant(sender)}\n\n${msg('erase-text')}`,
      button: msg('erase-button'),
      type: { label: msg('erase-type', senderId), expected: senderId },
    };
    if (!(await confirmed(question))) return null;
    status.textContent = isBusy;
    // Named by what was shown, for in the meantime it could mean somebody else.
    await removeMany(`${path}?means=${sender.means}`);
    form.reset();
    showLeft(sender.patterns.length);
    return sender.messages;
  }

  function showLeft(patterns) {
    left.hidden = patterns === 0;
    left.querySelector('[data-erase-patterns]').textContent = msg('erase-patterns', patterns, number(patterns));
  }
}

const whatWasErased = (messages) =>
  messages === 0 ? msg('erase-done-listed') : msg('erase-done', messages, number(messages));

function whoIsMeant({ messages, screenNames, senderIds }) {
  const names = some(screenNames) || msg('erase-nameless');
  const who = messages === 0 ? msg('erase-listed', names) : msg('erase-who', messages, number(messages), names);
  return senderIds.length > 1 ? `${who}\n${msg('erase-ids', some(senderIds))}` : who;
}

function some(words) {
  const shown = words.slice(0, NAMES_SHOWN).map(isolated).join(', ');
  return words.length > NAMES_SHOWN ? `${shown}, …` : shown;
}
