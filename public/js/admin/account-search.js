// Finds a Wikimedia account by the beginning of its name, and fills in its id. Where the wiki is away, both can be typed.
import { channelPath, get } from '../api.js';
import { isolated, msg, number } from '../i18n.js';
import { Combobox } from './combobox.js';

/** `form` has the fields username and centralauthId. Answers what forgets all that was found. */
export function startAccountSearch(form, channelId) {
  const { username, centralauthId } = form.elements;
  const status = form.querySelector('[data-search-status]');
  const hint = status.textContent;
  /** The id that a choice filled in; one that was typed is nobody's but the typist's. */
  let filled = null;

  const combobox = new Combobox({
    input: username,
    list: form.querySelector('[role="listbox"]'),
    search: (text) => search(channelId, text),
    makeOption,
    found: (accounts, text) => say(text === '' ? hint : foundText(accounts, text)),
    failed: (error) => say(error.message),
    chosen: (account) => {
      username.value = account.username;
      centralauthId.value = filled = account.centralauthId;
      say(chosenText(account));
    },
  });

  username.addEventListener('input', () => {
    // Another name is another account.
    if (filled !== null && centralauthId.value === filled) centralauthId.value = '';
    filled = null;
  });
  form.addEventListener('reset', () => {
    combobox.forget();
    filled = null;
    say(hint);
  });

  function say(text) {
    status.textContent = text;
  }
}

async function search(channelId, text) {
  const { available, accounts } = await get(channelPath(channelId, `accounts?q=${encodeURIComponent(text)}`));
  if (!available) throw new Error(msg('account-search-away'));
  return accounts;
}

function foundText(accounts, text) {
  if (accounts.length === 0) return msg('account-search-none', isolated(text));
  return msg('account-search-found', accounts.length, number(accounts.length));
}

function chosenText({ username, role }) {
  return role === null
    ? msg('account-chosen', isolated(username))
    : msg('account-chosen-member', isolated(username), msg(`role-${role}`));
}

function makeOption({ username, centralauthId, role }) {
  const option = document.getElementById('account-option').content.firstElementChild.cloneNode(true);
  option.querySelector('[data-name]').textContent = username;
  option.querySelector('[data-id]').textContent = centralauthId;
  const badge = option.querySelector('[data-role]');
  badge.hidden = role === null;
  if (role !== null) badge.textContent = msg(`role-${role}`);
  return option;
}
