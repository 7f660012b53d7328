// The pages with lists of senders and of patterns: each list loads, adds and removes by itself.
import { get, post, remove } from '../api.js';
import { msg, number } from '../i18n.js';
import { showAge } from '../time.js';
import { confirmed } from './confirm.js';
import { attempt, onSubmit, Problem } from './form.js';

/** From how many entries on the list can be searched. */
const SEARCHABLE = 8;
const IDS = ['centralauthId', 'senderId'];

class List {
  constructor(root) {
    this.root = root;
    this.kind = root.dataset.kind;
    this.path = root.dataset.path;
    this.template = document.getElementById(`${this.kind}-row`);
    this.rows = this.find('rows');
    this.form = this.find('add');
    this.entries = [];
    this.find('find').addEventListener('input', () => this.showMatching());
    this.find('list-retry').addEventListener('click', () => this.load());
    this.find('undo').addEventListener('click', ({ currentTarget }) => this.undo(currentTarget));
    // Not before its button does something.
    root.querySelector('.adder').hidden = false;
    onSubmit(this.form, (data) => this.add(data), {
      saved: () => '',
      conflict: (data) => IDS.find((name) => data.get(name)?.trim()),
    });
  }

  find(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  async load() {
    this.find('list-failed').hidden = true;
    try {
      const answer = await get(this.path);
      this.entries = answer.entries ?? answer.patterns;
      this.rows.replaceChildren(...this.entries.map((entry) => this.makeRow(entry)));
      this.showCount();
    } catch (error) {
      this.find('list-failed-hint').textContent = error.message;
      this.find('list-failed').hidden = false;
    }
    this.find('list-loading').hidden = true;
  }

  async add(data) {
    const wanted = this.read(data);
    const answer = await post(this.path, wanted);
    const entry = answer.entry ?? answer.pattern;
    const wasThere = this.entries.some(({ id }) => id === entry.id);
    this.form.reset();
    this.form.elements[0].focus();
    await this.load();
    const said = [this.nameOf(entry), answer.affected, number(answer.affected)];
    this.say(wasThere ? msg(`list-was-there-${this.kind}`, ...said) : msg(`list-added-${this.kind}`, ...said));
    this.find('undo').hidden = wasThere || this.kind === 'global';
    this.operation = answer.operation;
  }

  async undo(button) {
    await attempt(button, this.find('undo-problem'), async () => {
      const path = this.path.replace(/\/[^/]+$/, `/operations/${this.operation}/undo`);
      const { undone } = await post(path);
      await this.load();
      this.say(msg('list-undone', undone, number(undone)));
    });
  }

  say(text) {
    this.find('done-text').textContent = text;
    this.find('undo').hidden = true;
    this.find('undo-problem').hidden = true;
  }

  makeRow(entry) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    row.entry = entry;
    this.fill(row, entry);
    row.querySelector('[data-added-by]').textContent = entry.addedBy;
    showAge(row.querySelector('time'), entry.addedAt);
    const name = this.nameOf(entry);
    const problem = row.querySelector('[data-row-problem]');
    const button = row.querySelector('[data-remove]');
    button.setAttribute('aria-label', msg('remove-entry', name));
    button.addEventListener('click', async () => {
      if (!(await confirmed(this.question(name)))) return;
      await attempt(button, problem, () => this.remove(row));
    });
    return row;
  }

  question(name) {
    return {
      heading: msg(`list-remove-title-${this.kind}`, name),
      explanation: msg(`list-remove-text-${this.kind}`),
      button: msg('remove'),
    };
  }

  async remove(row) {
    await remove(`${this.path}/${row.entry.id}`).catch((error) => {
      // Somebody else was quicker: it is what was wanted.
      if (error.status !== 404) throw error;
    });
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    this.entries = this.entries.filter(({ id }) => id !== row.entry.id);
    this.showCount();
    this.say(msg('list-removed', this.nameOf(row.entry)));
    (next?.querySelector('[data-remove]') ?? this.root.querySelector('summary')).focus();
  }

  showCount() {
    const count = this.entries.length;
    this.find('count').textContent = number(count);
    this.find('count').hidden = count === 0;
    this.find('list-empty').hidden = count > 0;
    this.find('find-part').hidden = count < SEARCHABLE;
    this.showMatching();
  }

  showMatching() {
    const wanted = this.entries.length < SEARCHABLE ? '' : this.find('find').value.trim().toLocaleLowerCase();
    let shown = 0;
    for (const row of this.rows.children) {
      row.hidden = !this.wordsOf(row.entry).toLocaleLowerCase().includes(wanted);
      shown += Number(!row.hidden);
    }
    this.find('list-unmatched').hidden = shown > 0 || this.entries.length === 0;
  }
}

class SenderList extends List {
  read(data) {
    const given = [...data].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value);
    const wanted = Object.fromEntries(given);
    const hasId = IDS.some((name) => wanted[name]);
    if (given.length === 0) throw new Problem('centralauthId', msg('sender-needed'));
    if (!hasId && this.kind === 'allowed') throw new Problem('centralauthId', msg('allow-id-needed'));
    if (wanted.centralauthId && !/^0*[1-9]\d{0,15}$/.test(wanted.centralauthId))
      throw new Problem('centralauthId', msg('centralauth-id-wrong'));
    return wanted;
  }

  nameOf({ screenName, centralauthId, senderId, erased }) {
    if (erased) return msg('sender-erased');
    return screenName ?? centralauthId ?? senderId;
  }

  wordsOf({ screenName, centralauthId, senderId, addedBy, erased }) {
    return [erased ? msg('sender-erased') : screenName, centralauthId, senderId, addedBy].join('\n');
  }

  fill(row, entry) {
    row.querySelector('[data-name]').textContent = entry.screenName ?? '';
    row.querySelector('[data-nameless]').hidden = entry.screenName !== null;
    if (entry.erased) row.querySelector('[data-nameless]').textContent = msg('sender-erased');
    showFact(row.querySelector('[data-sender-id]'), entry.senderId);
    showFact(row.querySelector('[data-centralauth-id]'), entry.centralauthId);
    const button = row.querySelector('[data-export]');
    // Nobody can tell whom it means elsewhere.
    if (button) button.hidden = entry.erased;
    button?.setAttribute('aria-label', msg('sender-export-entry', this.nameOf(entry)));
    button?.addEventListener('click', () => this.export(row, entry, button));
  }

  async export(row, entry, button) {
    const name = this.nameOf(entry);
    const question = { heading: msg('export-title', name), explanation: msg('export-text'), button: msg('export-yes') };
    if (!(await confirmed(question))) return;
    await attempt(button, row.querySelector('[data-row-problem]'), async () => {
      const { affected } = await post(`${this.path}/${entry.id}/export`);
      this.say(msg('export-done', name, affected, number(affected)));
    });
  }
}

class PatternList extends List {
  read(data) {
    const text = data.get('text').trim();
    if (!text) throw new Problem('text', msg('pattern-needed'));
    return { text };
  }

  nameOf = ({ text }) => (text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text);

  wordsOf = ({ text, addedBy }) => `${text}\n${addedBy}`;

  fill(row, { text }) {
    row.querySelector('[data-text]').textContent = text;
  }
}

function showFact(place, value) {
  place.hidden = value === null;
  place.querySelector('code').textContent = value ?? '';
}

const lists = { senders: SenderList, patterns: PatternList };
for (const root of document.querySelectorAll('[data-list]')) new lists[root.dataset.list](root).load();
