// One card, cloned from the template that views/partials/card.hbs renders.
import { drawAvatar } from '../avatar.js';
import { languageName, msg, number } from '../i18n.js';
import { showAge } from '../time.js';

/** Shorter texts always fit, so that most cards need no measuring. */
const MAY_OVERFLOW_FROM = 200;
/** Longer ones (wide characters count twice) need more than two lines beside the buttons. */
const LONG_FROM = 110;
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/g;
const template = document.getElementById('card-template');

export function makeCard(message) {
  const card = template.content.firstElementChild.cloneNode(true);
  const part = (name) => card.querySelector(`.${name}`);
  const nameId = `name-${message.id}`;
  const textId = `text-${message.id}`;
  card.dataset.id = message.id;
  card.dataset.type = message.type;
  card.classList.toggle('is-long', widthOf(message.text) >= LONG_FROM);
  card.setAttribute('aria-labelledby', nameId);
  card.setAttribute('aria-describedby', textId);

  drawAvatar(part('avatar'), message.screenName, senderKey(message));
  part('card__name').id = nameId;
  part('card__name').textContent = message.screenName;
  part('card__name').title = message.screenName;
  if (message.wikiUsername && message.wikiUsername !== message.screenName)
    show(part('card__wiki'), message.wikiUsername);
  if (message.type !== 'text') {
    const badge = part('badge--type');
    badge.dataset.type = message.type;
    show(badge, msg(`type-${message.type}`));
  }
  if (message.count > 1) show(part('badge--count'), msg('card-count', number(message.count)));
  if (message.language) {
    show(part('card__language'), message.language.toUpperCase());
    part('card__language').title = languageName(message.language);
  }
  showAge(part('card__age'), message.arrivedAt);
  part('card__text').id = textId;
  part('card__text').textContent = message.text;
  part('card__text').lang = message.language ?? '';
  setTabbable(card, false);
  return card;
}

/** In narrow characters; only the beginning matters. */
function widthOf(text) {
  const start = text.slice(0, LONG_FROM);
  return start.length + (start.match(WIDE)?.length ?? 0);
}

/** What tells one sender's colour from another's. */
const senderKey = ({ senderId, centralauthId, screenName }) => senderId ?? centralauthId ?? screenName;

function show(element, text) {
  element.textContent = text;
  element.hidden = false;
}

/** Offers "Show all" where a text is cut. Reads the layout: call it once for all new cards, after they are in the page. */
export function offerWholeTexts(cards) {
  const cut = cards.filter((card) => {
    const text = card.querySelector('.card__text');
    return text.textContent.length >= MAY_OVERFLOW_FROM && text.scrollHeight > text.clientHeight + 1;
  });
  for (const card of cut) card.querySelector('[data-more]').hidden = false;
}

export function toggleWholeText(card) {
  const button = card.querySelector('[data-more]');
  if (button.hidden) return;
  const open = card.querySelector('.card__text').classList.toggle('is-open');
  button.textContent = msg(open ? 'card-show-less' : 'card-show-all');
  button.setAttribute('aria-expanded', String(open));
}

export function setCurrent(card, isCurrent) {
  card.classList.toggle('is-current', isCurrent);
  if (isCurrent) card.setAttribute('aria-current', 'true');
  else card.removeAttribute('aria-current');
  setTabbable(card, isCurrent);
}

/** Roving tabindex: Tab stops at the current card and its buttons only. */
function setTabbable(card, tabbable) {
  const index = tabbable ? 0 : -1;
  card.tabIndex = index;
  for (const button of card.querySelectorAll('button')) button.tabIndex = index;
}

export function note(card, text) {
  const line = card.querySelector('.card__note');
  line.textContent = text ?? '';
  line.hidden = !text;
}

/** Somebody else decided this card while it was in sight. */
export function markLeaving(card, text) {
  card.classList.add('is-leaving');
  const line = card.querySelector('.card__note');
  line.setAttribute('role', 'status');
  note(card, text);
}
