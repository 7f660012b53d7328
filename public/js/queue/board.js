// The cards on the page: draws the window, knows which card is the current one and keeps it in place.
import { isolated, msg } from '../i18n.js';
import { makeCard, markLeaving, note, offerWholeTexts, setCurrent } from './card.js';
import { firstInSight, isInSight, Place, topOfSight } from './place.js';
import { newestFirst } from './window.js';

/** How long a card that somebody else decided stays, saying so. */
const LEAVING_MS = 1_400;
/** After cards moved by themselves, nothing is decided for this long: the finger meant what stood there before. */
const GUARD_MS = 400;
/** Cards kept on either side of the one looked at. */
const MOST_PER_SIDE = 90;

export class Board extends EventTarget {
  /** `username`: whose decisions need no explanation. */
  constructor({ feed, stageBar, username }) {
    super();
    this.feed = feed;
    this.stageBar = stageBar;
    this.username = username;
    this.window = null;
    this.place = new Place();
    this.elements = new Map();
    /** Cards that somebody else decided, shown a moment longer: id → message. */
    this.leaving = new Map();
    this.currentId = null;
    /** The element that is drawn as the current one. */
    this.marked = undefined;
    this.guardedUntil = 0;
  }

  /** Shows another window; the card at `index` becomes the current one. */
  show(window, index, { involuntary = false } = {}) {
    const lastId = this.currentId;
    // Decisions under way outlive the window in which they were made.
    if (this.window !== null) window.held = this.window.held;
    this.window = window;
    this.leaving.clear();
    const card = window.cards[Math.max(0, Math.min(index, window.cards.length - 1))];
    this.currentId = card?.id ?? null;
    if (involuntary && lastId !== this.currentId) this.guardedUntil = performance.now() + GUARD_MS;
    this.draw();
    if (this.current) this.bringIntoSight(index > 0 ? 'start' : 'nearest');
  }

  get messages() {
    if (this.window === null) return [];
    if (this.leaving.size === 0) return this.window.cards;
    return [...this.window.cards, ...this.leaving.values()].sort(newestFirst);
  }

  /** The message that keys act on, or null. */
  get current() {
    return this.messages.find(({ id }) => id === this.currentId) ?? null;
  }

  /** In `messages`; −1 when there is none. */
  get indexOfCurrent() {
    return this.messages.findIndex(({ id }) => id === this.currentId);
  }

  /** Of the current card in the filtered queue, from 1; 0 when there is none. */
  get placeOfCurrent() {
    const { indexOfCurrent } = this;
    return indexOfCurrent < 0 ? 0 : Math.max(0, this.window.offset) + indexOfCurrent + 1;
  }

  isLeaving(id) {
    return this.leaving.has(id);
  }

  get isGuarded() {
    return performance.now() < this.guardedUntil;
  }

  /** Takes news and draws them. The current card, if somebody else decided it, leaves after a moment only. */
  merge(messages) {
    const before = this.current;
    this.window.merge(messages);
    if (before && !this.window.held.has(before.id)) this.explainLeaving(before.id);
    for (const id of this.leaving.keys()) if (this.window.known.get(id)?.status === 'queued') this.stay(id);
    this.draw({ involuntary: true });
  }

  /** Was about to leave, and has been put back into the queue: a fresh card. */
  stay(id) {
    this.leaving.delete(id);
    this.elements.get(id)?.remove();
    this.elements.delete(id);
  }

  explainLeaving(id) {
    const message = this.window.known.get(id);
    if (message === undefined || message.status === 'queued' || this.leaving.has(id)) return;
    this.leaving.set(id, message);
    setTimeout(() => {
      this.leaving.delete(id);
      this.draw({ involuntary: true });
    }, LEAVING_MS);
  }

  /** A card leaves because the moderator said so: the next older one takes its place at once. */
  hold(id) {
    this.window.hold(id);
    this.leaving.delete(id);
    this.draw();
  }

  /** What was held has been answered. If the card still waits it is back, with what went wrong written on it. */
  release(id, problem) {
    this.window.release(id);
    this.draw();
    const card = this.elements.get(id);
    if (card) note(card, problem);
  }

  /** Chosen by the moderator: what is decided next is meant for this card. */
  focusOn(id) {
    if (!this.messages.some((message) => message.id === id)) return false;
    this.guardedUntil = 0;
    this.currentId = id;
    this.markCurrent();
    this.dispatchEvent(new Event('draw'));
    return true;
  }

  /** `step` 1 is the next older card, −1 the next newer. From a place without the current card it starts at what is seen. */
  move(step) {
    const { messages } = this;
    if (messages.length === 0) return;
    const next = this.isCurrentInSight() ? this.indexOfCurrent + step : this.firstSeen;
    const target = messages[Math.max(0, Math.min(next, messages.length - 1))];
    this.focusOn(target.id);
    this.bringIntoSight('nearest');
    this.takeFocus();
  }

  isCurrentInSight() {
    const card = this.elements.get(this.currentId);
    return card !== undefined && isInSight(card, topOfSight(this.stageBar));
  }

  bringIntoSight(block) {
    this.elements.get(this.currentId)?.scrollIntoView({ block, behavior: 'instant' });
  }

  /** Keyboard focus goes to the current card. */
  takeFocus() {
    this.elements.get(this.currentId)?.focus({ preventScroll: true });
  }

  /** Index of the first card that is seen, in `messages`. */
  get firstSeen() {
    return firstInSight([...this.feed.children], topOfSight(this.stageBar));
  }

  draw({ involuntary = false } = {}) {
    this.trim();
    const { messages } = this;
    const hadFocus = this.feed.contains(document.activeElement);
    const lastId = this.currentId;
    const reference = this.reference();
    this.currentId = nextCurrent(messages, lastId);
    const moved = this.place.keep(reference, () => {
      this.reconcile(messages);
      const same = reference?.isConnected ? reference : undefined;
      return same ?? this.elements.get(this.currentId);
    });
    if (involuntary && (lastId !== this.currentId || moved > 8)) this.guardedUntil = performance.now() + GUARD_MS;
    if (hadFocus && !this.feed.contains(document.activeElement)) this.takeFocus();
    this.dispatchEvent(new Event('draw'));
  }

  /** The element that must not move: the current card if it is seen, else the first card that is. */
  reference() {
    const current = this.elements.get(this.currentId);
    if (current && this.isCurrentInSight()) return current;
    return this.feed.children[this.firstSeen];
  }

  trim() {
    const { cards } = this.window;
    if (cards.length <= MOST_PER_SIDE * 2) return;
    const looked = this.reference()?.dataset.id;
    const centre = cards.findIndex(({ id }) => id === looked);
    if (centre >= 0) this.window.trim(centre, MOST_PER_SIDE);
  }

  /** Makes the page's cards those of `messages`, touching only what differs. */
  reconcile(messages) {
    const wanted = new Set(messages.map(({ id }) => id));
    for (const [id, card] of this.elements) {
      if (wanted.has(id)) continue;
      card.remove();
      this.elements.delete(id);
    }
    // Before anything is measured; an empty feed is hidden by what says that it is empty.
    if (messages.length > 0) this.feed.hidden = false;
    const fresh = [];
    const wasEmpty = this.elements.size === 0;
    let next = this.feed.firstElementChild;
    messages.forEach((message, index) => {
      let card = this.elements.get(message.id);
      if (card === undefined) {
        card = makeCard(message);
        if (!wasEmpty) card.classList.add('is-new');
        this.elements.set(message.id, card);
        fresh.push(card);
      }
      if (card === next) next = next.nextElementSibling;
      else this.feed.insertBefore(card, next);
      setAttribute(card, 'aria-posinset', Math.max(0, this.window.offset) + index + 1);
      setAttribute(card, 'aria-setsize', this.window.waiting);
      if (this.leaving.has(message.id)) markLeaving(card, this.leavingText(message));
    });
    offerWholeTexts(fresh);
    this.markCurrent();
  }

  markCurrent() {
    const card = this.elements.get(this.currentId);
    if (card === this.marked) return;
    if (this.marked) setCurrent(this.marked, false);
    if (card) setCurrent(card, true);
    this.marked = card;
  }

  leavingText({ status, decidedBy }) {
    if (decidedBy === null) return msg(`leaving-${status}`);
    return decidedBy === this.username
      ? msg(`leaving-${status}-you`)
      : msg(`leaving-${status}-by`, isolated(decidedBy));
  }
}

/** The current card, or when it has gone the next older one, else the nearest newer one. */
function nextCurrent(messages, id) {
  if (messages.length === 0) return null;
  if (id === null) return messages[0].id;
  const older = messages.find((message) => newestFirst(message, { id }) >= 0);
  return (older ?? messages.at(-1)).id;
}

/** A page of cards is numbered anew with every arrival; most numbers stay. */
function setAttribute(element, name, value) {
  const text = String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}
