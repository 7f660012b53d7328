// A value to copy. A secret one is on the page only after somebody has asked for it.
import { announce } from '../announce.js';
import { msg } from '../i18n.js';

const DOTS = '•'.repeat(24);
const SAYS_COPIED_MS = 2_000;

/** Shows `value` in the part of `root` with this name; called again, the new value takes the old one's place. */
export function showCopyable(root, name, value) {
  const part = root.querySelector(`[data-copyable="${CSS.escape(name)}"]`);
  if (!part) return;
  const isNew = !part.copyable;
  part.copyable = { ...part.copyable, value };
  draw(part);
  if (isNew) listen(part);
}

function draw(part) {
  const { value, isShown } = part.copyable;
  const show = part.querySelector('[data-show]');
  part.querySelector('input').value = !show || isShown ? value : DOTS;
  if (show) show.textContent = msg(isShown ? 'secret-hide' : 'secret-show');
}

function listen(part) {
  const input = part.querySelector('input');
  input.addEventListener('focus', () => input.select());
  part.querySelector('[data-copy]').addEventListener('click', ({ currentTarget }) => copy(part, currentTarget));
  part.querySelector('[data-show]')?.addEventListener('click', () => toggle(part, !part.copyable.isShown));
}

function toggle(part, isShown) {
  part.copyable.isShown = isShown;
  draw(part);
}

async function copy(part, button) {
  try {
    await navigator.clipboard.writeText(part.copyable.value);
    say(button, msg('copied'));
  } catch {
    // Without https or permission the browser copies only what is marked.
    if (part.querySelector('[data-show]')) toggle(part, true);
    part.querySelector('input').focus();
    part.querySelector('input').select();
    say(button, msg('copy-by-key'));
  }
}

function say(button, text) {
  button.textContent = text;
  announce(text);
  setTimeout(() => (button.textContent = msg('copy')), SAYS_COPIED_MS);
}
