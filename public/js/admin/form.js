// A form that saves by the API: one request at a time, what is refused is explained next to its field.
import { msg } from '../i18n.js';

/**
 * `save` sends the form, and may throw a Problem or an ApiError; `saved` is what to say afterwards, if anything.
 * `conflict`: the field that a 409 is about, or how to tell it from what was sent.
 */
export function onSubmit(form, save, { saved = () => msg('saved'), conflict } = {}) {
  const button = form.querySelector('[type="submit"]');
  const status = form.querySelector('[data-status]');
  form.addEventListener('input', () => (status.textContent = ''));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isBusy(button)) return;
    clearProblems(form);
    setBusy(button, true);
    status.textContent = msg('saving');
    const data = new FormData(form);
    try {
      const answer = await save(data);
      status.textContent = saved(answer);
    } catch (error) {
      status.textContent = '';
      showProblems(form, error, typeof conflict === 'function' ? conflict(data) : conflict);
    } finally {
      setBusy(button, false);
    }
  });
}

/** What is wrong with one field, found before anything is sent. */
export class Problem extends Error {
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

function showProblems(form, error, conflict) {
  const rest = [];
  if (error instanceof Problem) showAt(form, error.field, error.message);
  else if (error.status === 409 && conflict) showAt(form, conflict, error.message);
  else if (error.status === 400) {
    // A proxy's refusal names none.
    for (const text of error.problems.length > 0 ? error.problems : [error.message]) {
      // Each of them begins with the name of what it is about.
      const [, name, words] = /^(?:each value in )?(\w+) (.*)$/s.exec(text) ?? [];
      if (!words || !showAt(form, name, words)) rest.push(text);
    }
  } else rest.push(error.message);
  const place = form.querySelector('[data-problem]');
  place.textContent = rest.map(sentence).join(' ');
  place.hidden = rest.length === 0;
  form.querySelector('[aria-invalid="true"]')?.focus();
}

function showAt(form, name, text) {
  const field = form.querySelector(`[data-field="${CSS.escape(name)}"]`);
  if (!field) return false;
  const place = field.querySelector('.field__problem');
  place.textContent = [place.textContent, sentence(text)].filter(Boolean).join(' ');
  place.hidden = false;
  field.querySelector('input, textarea, select').setAttribute('aria-invalid', 'true');
  return true;
}

function clearProblems(form) {
  for (const place of form.querySelectorAll('.field__problem, [data-problem]')) {
    place.textContent = '';
    place.hidden = true;
  }
  for (const input of form.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
}

function sentence(text) {
  const [first = '', ...rest] = text;
  const whole = first.toLocaleUpperCase() + rest.join('');
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

/** Runs what a button outside any form does; a failure is told at `place`. */
export async function attempt(button, place, work) {
  if (isBusy(button)) return;
  setBusy(button, true);
  place.hidden = true;
  try {
    await work();
  } catch (error) {
    tell(place, error.message, false);
  } finally {
    setBusy(button, false);
  }
}

/** Says at a place how something went; one that is coloured gets the colour for it. */
export function tell(place, text, isFine = true) {
  if (place.matches('.submit__status, .submit__problem'))
    place.className = isFine ? 'submit__status' : 'submit__problem';
  place.textContent = text;
  place.hidden = false;
}

const isBusy = (button) => button.getAttribute('aria-disabled') === 'true';

/** Not `disabled`: the focus would be lost. */
function setBusy(button, isOn) {
  if (isOn) button.setAttribute('aria-disabled', 'true');
  else button.removeAttribute('aria-disabled');
}
