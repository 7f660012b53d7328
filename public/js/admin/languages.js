// The language fields: a choice of one, and a list of several picked from the same choice.
import { languageName, msg } from '../i18n.js';

/** What is offered; a channel may be set to others by the API, and these are shown too. */
const KNOWN =
  'af am ar be bg bn ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko lt lv mk mn mr ms my ne nl no pa pl pt ro ru si sk sl sq sr sv sw ta te th tk tl tr tt uk ur uz vi yi zh'.split(
    ' ',
  );
const collator = new Intl.Collator(document.documentElement.lang);

export function fillLanguageOptions(root, extra) {
  const codes = [...new Set([...KNOWN, ...extra])];
  const choices = codes
    .map((code) => ({ code, name: languageName(code) }))
    .sort((a, b) => collator.compare(a.name, b.name));
  for (const select of root.querySelectorAll('[data-language-options]')) {
    for (const option of [...select.options]) if (option.value) option.remove();
    select.append(...choices.map(({ code, name }) => new Option(`${name} (${code})`, code)));
  }
}

/** A list of languages in the order in which they were picked; `value` is the list. */
export class LanguagePicker {
  constructor(form, name) {
    this.list = form.querySelector(`[data-picked="${name}"]`);
    this.select = form.querySelector(`[data-pick="${name}"]`);
    this.codes = [];
    this.select.addEventListener('change', () => {
      const { value } = this.select;
      if (value && !this.codes.includes(value)) this.value = [...this.codes, value];
      this.select.value = '';
    });
  }

  get value() {
    return this.codes;
  }

  set value(codes) {
    this.codes = [...codes];
    this.list.replaceChildren(...codes.map((code) => this.makeChip(code)));
    this.list.hidden = codes.length === 0;
  }

  makeChip(code) {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'picked__one';
    button.textContent = `${languageName(code)} ×`;
    button.setAttribute('aria-label', msg('likely-languages-remove', languageName(code)));
    button.addEventListener('click', () => {
      this.value = this.codes.filter((other) => other !== code);
      this.list.dispatchEvent(new Event('input', { bubbles: true }));
      (this.list.querySelector('button') ?? this.select).focus();
    });
    item.append(button);
    return item;
  }
}
