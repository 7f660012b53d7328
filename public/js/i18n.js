// The words: the same catalogue that the server's pages use.
import Banana from '/vendor/banana-i18n/banana-i18n.js';

const locale = document.documentElement.lang || 'en';
const answer = await fetch(`/i18n/${locale}.json`);
const messages = await answer.json();
delete messages['@metadata'];
const banana = new Banana(locale, { messages });
const decimal = new Intl.NumberFormat(locale);
const languages = new Intl.DisplayNames(locale, { type: 'language', fallback: 'code' });

/** A name between other words: isolated, so that one written right to left does not reorder the sentence. */
export const isolated = (text) => `\u2068${text}\u2069`;

/** Plain text: put it into textContent, never into markup. */
export const msg = (key, ...parameters) => banana.i18n(key, ...parameters.map(String));

export const number = (value) => decimal.format(value);

export function languageName(code) {
  try {
    return languages.of(code);
  } catch {
    return code;
  }
}
