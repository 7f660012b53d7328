// Who works in the channel. An admin manages the moderators, a superadmin the admins too.
import { channelPath, get, put, remove } from '../api.js';
import { drawAvatar } from '../avatar.js';
import { msg, number } from '../i18n.js';
import { startAccountSearch } from './account-search.js';
import { confirmed } from './confirm.js';
import { attempt, onSubmit, Problem } from './form.js';

export function startTeam(root, options) {
  return new Team(root.querySelector('#team'), options).load();
}

class Team {
  constructor(section, { channelId, username, isSuperadmin }) {
    Object.assign(this, { section, channelId, username, isSuperadmin });
    this.rows = this.find('members');
    this.members = [];
    startAccountSearch(this.find('member-form'), channelId);
    onSubmit(this.find('member-form'), (data) => this.add(data), { saved: () => '' });
  }

  find(name) {
    return this.section.querySelector(`[data-${name}]`);
  }

  path(id) {
    return channelPath(this.channelId, id === undefined ? 'members' : `members/${encodeURIComponent(id)}`);
  }

  async load() {
    try {
      const { members } = await get(this.path());
      this.members = members;
      this.rows.replaceChildren(...members.map((member) => this.makeRow(member)));
      this.find('count').textContent = number(members.length);
      this.find('count').hidden = members.length === 0;
      this.find('list-empty').hidden = members.length > 0;
    } catch (error) {
      this.say(error.message);
    }
  }

  async add(data) {
    const [username, id, role] = ['username', 'centralauthId', 'role'].map((name) => data.get(name).trim());
    if (!username) throw new Problem('username', msg('member-username-needed'));
    if (!/^[1-9]\d{0,15}$/.test(id)) throw new Problem('centralauthId', msg('centralauth-id-wrong'));
    const present = this.members.find((member) => member.centralauthId === id);
    if (present?.role === 'admin' && !this.isSuperadmin) throw new Problem('centralauthId', msg('member-is-admin'));
    await put(this.path(id), { username, role }).catch((error) => {
      // What somebody may not do is about the role: this one, or the one that is there.
      throw error.status === 403 ? new Problem('role', error.problems.join(' ')) : error;
    });
    this.find('member-form').reset();
    this.find('member-form').elements[0].focus();
    await this.load();
    this.say(present ? msg('member-changed', username) : msg('member-added', username));
  }

  say(text) {
    this.find('done-text').textContent = text;
  }

  makeRow(member) {
    const { username, centralauthId, role } = member;
    const row = document.getElementById('member-row').content.firstElementChild.cloneNode(true);
    const part = (name) => row.querySelector(`[data-${name}]`);
    row.dataset.member = centralauthId;
    part('name').textContent = username;
    part('member-id').textContent = centralauthId;
    part('you').hidden = username !== this.username;
    drawAvatar(part('member-avatar'), username, username);
    const [select, button] = [part('role'), part('remove')];
    select.value = role;
    select.setAttribute('aria-label', msg('member-role-of', username));
    button.setAttribute('aria-label', msg('remove-entry', username));
    // The API refuses it as well; here it is not offered.
    select.disabled = !this.isSuperadmin;
    button.hidden = role === 'admin' && !this.isSuperadmin;
    select.addEventListener('change', () => this.changeRole(row, member, select));
    button.addEventListener('click', () => this.remove(row, member, button));
    return row;
  }

  async changeRole(row, { username, centralauthId, role }, select) {
    const question = {
      heading: msg('member-admin-title', username),
      explanation: msg('member-admin-text'),
      button: msg('member-admin'),
      destructive: false,
    };
    // A letter typed on the list is enough to choose it.
    if (select.value === 'admin' && !(await confirmed(question))) {
      select.value = role;
      return;
    }
    await attempt(select, row.querySelector('[data-row-problem]'), async () => {
      try {
        await put(this.path(centralauthId), { username, role: select.value });
      } catch (error) {
        select.value = role;
        throw error;
      }
      await this.load();
      this.say(msg('member-changed', username));
      this.rows.querySelector(`[data-member="${centralauthId}"] [data-role]`)?.focus();
    });
  }

  async remove(row, { username, centralauthId }, button) {
    const question = {
      heading: msg('member-remove-title', username),
      explanation: msg('member-remove-text'),
      button: msg('remove'),
    };
    if (!(await confirmed(question))) return;
    await attempt(button, row.querySelector('[data-row-problem]'), async () => {
      await remove(this.path(centralauthId)).catch((error) => {
        if (error.status !== 404) throw error;
      });
      await this.load();
      this.say(msg('list-removed', username));
      this.find('member-form').elements[0].focus();
    });
  }
}
