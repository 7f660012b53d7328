// One line at the bottom that says what was done last, with its undo. A newer one replaces it.

const STAYS_MS = 10_000;
const place = document.querySelector('[data-toasts]');
const template = document.getElementById('toast-template');
let timer = 0;

/** `undo`, if given, is what the button does. */
export function toast(text, { undo, isProblem = false } = {}) {
  const element = template.content.firstElementChild.cloneNode(true);
  element.classList.toggle('toast--problem', isProblem);
  if (isProblem) element.setAttribute('role', 'alert');
  element.querySelector('.toast__text bdi').textContent = text;
  const button = element.querySelector('.toast__undo');
  button.hidden = !undo;
  button.addEventListener('click', () => {
    element.remove();
    undo();
  });
  element.querySelector('.toast__close').addEventListener('click', () => element.remove());
  place.replaceChildren(element);
  clearTimeout(timer);
  timer = setTimeout(() => element.remove(), STAYS_MS);
}
