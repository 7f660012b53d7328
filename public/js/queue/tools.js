// The tools beside the queue: filters, search, the focus slider. They hold the choice and tell when it changes.
import { languageName, msg, number } from '../i18n.js';
import { isFiltering, NO_FILTER } from './filter.js';

const TYPING_MS = 250;

export class Tools extends EventTarget {
  /** `memory`: the key under which this browser remembers the slider of this moderator in this channel. */
  constructor(root, memory) {
    super();
    this.root = root;
    this.memory = memory;
    this.filter = { ...NO_FILTER };
    this.slider = root.querySelector('[data-focus]');
    this.search = root.querySelector('[data-search]');
    this.typeButtons = [...root.querySelectorAll('[data-types] [data-type]')];
    this.languages = root.querySelector('[data-languages]');
    this.recall();
    this.listen();
  }

  /** Per cent of the way from the newest to the oldest card. */
  get percent() {
    return Number(this.slider.value);
  }

  listen() {
    this.slider.addEventListener('input', () => this.showPercent());
    this.slider.addEventListener('change', () => {
      remember(this.memory, this.slider.value);
      this.dispatchEvent(new Event('focus'));
    });
    for (const button of this.typeButtons) {
      button.addEventListener('click', () => this.change({ type: button.dataset.type }));
    }
    this.languages.addEventListener('click', (event) => {
      const chip = event.target.closest('[data-language]');
      if (chip) this.toggleLanguage(chip.dataset.language);
    });
    this.search.addEventListener('input', () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.change({ q: this.search.value.trim() }), TYPING_MS);
    });
    this.search.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      this.search.value = '';
      this.search.blur();
      this.change({ q: '' });
    });
  }

  change(part) {
    const next = { ...this.filter, ...part };
    if (JSON.stringify(next) === JSON.stringify(this.filter)) return;
    this.filter = next;
    this.showFilter();
    this.dispatchEvent(new Event('filter'));
  }

  toggleLanguage(code) {
    const { languages } = this.filter;
    this.change({
      languages: languages.includes(code) ? languages.filter((other) => other !== code) : [...languages, code],
    });
  }

  cycleType() {
    const at = this.typeButtons.findIndex((button) => button.dataset.type === this.filter.type);
    this.change({ type: this.typeButtons[(at + 1) % this.typeButtons.length].dataset.type });
  }

  clear() {
    this.search.value = '';
    this.change(NO_FILTER);
  }

  get isFiltering() {
    return isFiltering(this.filter);
  }

  showFilter() {
    for (const button of this.typeButtons) {
      button.setAttribute('aria-pressed', String(button.dataset.type === this.filter.type));
    }
    for (const chip of this.languages.children) {
      chip.setAttribute('aria-pressed', String(this.filter.languages.includes(chip.dataset.language)));
    }
  }

  /** `types`: [{ type, count }] and `languages`: [{ code, count }] of what waits. */
  showCounts({ types, languages }) {
    if (types) this.showTypes(types);
    this.showLanguages(languages ?? []);
  }

  showTypes(types) {
    const counts = new Map(types.map(({ type, count }) => [type, count]));
    const all = types.reduce((sum, { count }) => sum + count, 0);
    for (const button of this.typeButtons) {
      const count = button.dataset.type === '' ? all : (counts.get(button.dataset.type) ?? 0);
      button.querySelector('[data-count]').textContent = number(count);
    }
  }

  showLanguages(languages) {
    const shown = languages.filter(({ code }) => code);
    // A chosen language stays to be unchosen, also when nothing waits in it any more.
    for (const code of this.filter.languages) {
      if (!shown.some((language) => language.code === code)) shown.push({ code, count: 0 });
    }
    shown.sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
    this.root.querySelector('[data-languages-part]').hidden = shown.length === 0;
    const focused = document.activeElement?.dataset?.language;
    this.languages.replaceChildren(...shown.map(({ code, count }) => chipFor(code, count)));
    this.showFilter();
    if (focused) this.languages.querySelector(`[data-language="${CSS.escape(focused)}"]`)?.focus();
  }

  recall() {
    const percent = Number(recalled(this.memory) ?? 0);
    this.slider.value = Number.isFinite(percent) ? String(percent) : '0';
    this.showPercent();
  }

  showPercent() {
    const { percent } = this;
    const text =
      percent === 0 ? msg('focus-latest') : percent === 100 ? msg('focus-oldest') : msg('focus-between', percent);
    this.root.querySelector('[data-focus-value]').textContent = text;
    this.slider.setAttribute('aria-valuetext', text);
  }
}

function chipFor(code, count) {
  const chip = document.createElement('button');
  chip.type = 'button';
  chip.className = 'chip';
  chip.dataset.language = code;
  const name = document.createElement('span');
  name.textContent = languageName(code);
  const amount = document.createElement('span');
  amount.className = 'chip__count';
  amount.textContent = number(count);
  chip.append(name, amount);
  return chip;
}

function recalled(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is blocked: the place then lasts as long as the page.
  }
}
