// A field that offers what was found, as the ARIA Authoring Practices have it: the focus stays in the field, arrows move
// through the list, Enter chooses, Escape closes. https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

/** Until somebody has stopped typing. */
const PAUSE_MS = 250;

export class Combobox {
  /**
   * `input` with role combobox, `list` with role listbox. `search(text)` answers a list, or throws; `makeOption(item)`
   * an element; `found(items)` is told what is offered, `failed(error)` why nothing is, `chosen(item)` the choice.
   */
  constructor({ input, list, ...calls }) {
    Object.assign(this, { input, list, ...calls, items: [], active: -1, asked: 0, timer: 0 });
    input.addEventListener('input', () => this.ask());
    input.addEventListener('keydown', (event) => this.press(event));
    input.addEventListener('blur', () => this.close());
    // The focus stays in the field; a finger that scrolls chooses nothing, for that is no click.
    list.addEventListener('pointerdown', (event) => event.preventDefault());
    list.addEventListener('mousedown', (event) => event.preventDefault());
    list.addEventListener('click', (event) => {
      const option = event.target.closest('[role="option"]');
      if (option) this.choose([...list.children].indexOf(option));
    });
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** Whatever is still to be answered comes too late. */
  forget() {
    clearTimeout(this.timer);
    this.asked += 1;
  }

  ask() {
    this.forget();
    this.close();
    this.items = [];
    this.list.replaceChildren();
    const text = this.input.value.trim();
    if (text === '') return this.found([], text);
    this.timer = setTimeout(() => this.find(text, this.asked), PAUSE_MS);
  }

  async find(text, asked) {
    try {
      const items = await this.search(text);
      if (asked === this.asked) this.offer(items, text);
    } catch (error) {
      if (asked === this.asked) this.failed(error);
    }
  }

  offer(items, text) {
    this.items = items;
    this.list.replaceChildren(...items.map((item, i) => this.option(item, i)));
    this.found(items, text);
    if (items.length > 0 && this.input === document.activeElement) this.open();
  }

  option(item, i) {
    const option = this.makeOption(item);
    option.id = `${this.list.id}-${i}`;
    option.setAttribute('role', 'option');
    option.setAttribute('aria-selected', 'false');
    return option;
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute('aria-expanded', 'true');
  }

  close() {
    this.activate(-1);
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
  }

  press(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const does = {
      ArrowDown: () => this.move(1),
      ArrowUp: () => this.move(-1),
      Enter: () => this.isOpen && this.active >= 0 && (this.choose(this.active), true),
      Escape: () => this.isOpen && (this.close(), true),
    }[event.key];
    // What the list has no use for is the form's: Enter sends it.
    if (does?.()) event.preventDefault();
  }

  /** Round through the options and the field itself. */
  move(step) {
    if (this.items.length === 0) return false;
    const count = this.items.length;
    const wasOpen = this.isOpen;
    this.open();
    if (!wasOpen) this.activate(step > 0 ? 0 : count - 1);
    else this.activate(((this.active + 1 + step + count + 1) % (count + 1)) - 1);
    return true;
  }

  activate(index) {
    this.list.children[this.active]?.setAttribute('aria-selected', 'false');
    this.active = index;
    const option = this.list.children[index];
    if (!option) return this.input.removeAttribute('aria-activedescendant');
    option.setAttribute('aria-selected', 'true');
    this.input.setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  }

  choose(index) {
    const item = this.items[index];
    this.forget();
    this.close();
    this.items = [];
    this.list.replaceChildren();
    this.items = [];
    this.chosen(item);
  }
}
