// Asks before something that cannot be taken back.

const dialog = document.querySelector('[data-confirm]');
const find = (selector) => dialog.querySelector(selector);
const [title, text, yes, typedPart] = ['#confirm-title', '#confirm-text', '[data-yes]', '[data-typed]'].map(find);
const typed = find('#confirm-typed');
let expected = '';

find('[data-no]').addEventListener('click', () => dialog.close());
typed.addEventListener('input', () => (yes.disabled = typed.value.trim() !== expected));

/** Answers whether it was confirmed. `type`: { label, expected }, what has to be typed first. */
export function confirmed({ heading, explanation, button, destructive = true, type = null }) {
  title.textContent = heading;
  text.textContent = explanation;
  yes.textContent = button;
  yes.classList.toggle('cdx-button--action-destructive', destructive);
  yes.classList.toggle('cdx-button--action-progressive', !destructive);
  typedPart.hidden = !type;
  typed.value = '';
  expected = type?.expected ?? '';
  yes.disabled = expected !== '';
  if (type) find('[for="confirm-typed"]').textContent = type.label;
  dialog.returnValue = '';
  dialog.showModal();
  (type ? typed : find('[data-no]')).focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}
