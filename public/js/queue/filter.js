// Which messages a moderator wants to see, as a question to the API and as a test for what is pushed.

export const NO_FILTER = Object.freeze({ type: '', languages: Object.freeze([]), q: '' });

export const isFiltering = ({ type, languages, q }) => type !== '' || languages.length > 0 || q !== '';

export function queryOf({ type, languages, q }) {
  const query = new URLSearchParams({ status: 'queued', order: 'newest' });
  if (type) query.append('type', type);
  for (const language of languages) query.append('lang', language);
  if (q) query.append('q', q);
  return query;
}

export function matcherOf({ type, languages, q }) {
  const wanted = fold(q);
  return (message) =>
    (type === '' || message.type === type) &&
    (languages.length === 0 || languages.some((code) => isIn(code, message.language))) &&
    (wanted === '' || fold(message.text).includes(wanted) || fold(message.screenName).includes(wanted));
}

/** As moderation/similarity.ts normalises, as far as a search needs it. */
function fold(text) {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** As the API filters: a bare language means its regions too. */
const isIn = (code, language) => language === code || (language ?? '').startsWith(`${code}-`);
