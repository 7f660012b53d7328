// The channel's API tokens. A token itself is on the page only right after it was made.
import { channelPath, get, post, remove } from '../api.js';
import { msg, number } from '../i18n.js';
import { ageText, showAge } from '../time.js';
import { confirmed } from './confirm.js';
import { showCopyable } from './copyable.js';
import { attempt, onSubmit, Problem } from './form.js';

/** From the widest to the narrowest. */
const SCOPES = ['admin', 'moderate', 'feed'];

export function startTokens(root, channelId) {
  return new Tokens(root.querySelector('#tokens'), channelId).load();
}

class Tokens {
  constructor(section, channelId) {
    Object.assign(this, { section, channelId });
    onSubmit(this.find('token-form'), (data) => this.make(data), { saved: () => '', conflict: 'name' });
  }

  find(name) {
    return this.section.querySelector(`[data-${name}]`);
  }

  path(id) {
    return channelPath(this.channelId, id === undefined ? 'tokens' : `tokens/${encodeURIComponent(id)}`);
  }

  async load() {
    try {
      const { tokens } = await get(this.path());
      this.find('tokens').replaceChildren(...tokens.map((token) => this.makeRow(token)));
      this.find('count').textContent = number(tokens.length);
      this.find('count').hidden = tokens.length === 0;
      this.find('list-empty').hidden = tokens.length > 0;
    } catch (error) {
      this.say(error.message);
    }
  }

  async make(data) {
    const name = data.get('name').trim();
    if (!name) throw new Problem('name', msg('token-name-needed'));
    const { token } = await post(this.path(), { name, scopes: [data.get('scope')] });
    this.find('token-form').reset();
    showCopyable(this.section, 'apiToken', token);
    this.find('new-token').hidden = false;
    await this.load();
    this.say(msg('token-made', name));
    this.find('new-token').querySelector('input').focus();
  }

  say(text) {
    this.find('done-text').textContent = text;
  }

  makeRow(token) {
    const { name, scopes, createdBy, works, createdAt, lastUsedAt } = token;
    const row = document.getElementById('token-row').content.firstElementChild.cloneNode(true);
    const part = (key) => row.querySelector(`[data-${key}]`);
    part('name').textContent = name;
    part('scope').textContent = msg(`scope-${SCOPES.find((scope) => scopes.includes(scope))}`);
    part('made-by').textContent = createdBy;
    showAge(part('made-at'), createdAt);
    part('dead').hidden = works;
    part('used').textContent = lastUsedAt === null ? msg('token-unused') : msg('token-used', ageText(lastUsedAt));
    part('revoke').setAttribute('aria-label', msg('token-revoke-name', name));
    part('revoke').addEventListener('click', ({ currentTarget }) => this.revoke(row, token, currentTarget));
    return row;
  }

  async revoke(row, { id, name }, button) {
    const question = {
      heading: msg('token-revoke-title', name),
      explanation: msg('token-revoke-text'),
      button: msg('token-revoke'),
    };
    if (!(await confirmed(question))) return;
    await attempt(button, row.querySelector('[data-row-problem]'), async () => {
      await remove(this.path(id)).catch((error) => {
        if (error.status !== 404) throw error;
      });
      this.find('new-token').hidden = true;
      await this.load();
      this.say(msg('token-revoked', name));
      this.find('token-form').elements[0].focus();
    });
  }
}
