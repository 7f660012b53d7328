// Initials and a colour instead of a picture: a picture from elsewhere would show its host every moderator's address.

const HUES = 12;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** At most two letters: of the first and the last word. */
export function initialsOf(name) {
  const words = name.split(/[\s._\-#]+/u).filter((word) => /[\p{L}\p{N}\p{RGI_Emoji}]/v.test(word));
  if (words.length === 0) return '?';
  const picked = words.length === 1 ? [words[0]] : [words[0], words.at(-1)];
  return picked
    .map((word) => firstGrapheme(word))
    .join('')
    .toLocaleUpperCase();
}

function firstGrapheme(word) {
  for (const { segment } of graphemes.segment(word)) if (/[\p{L}\p{N}\p{RGI_Emoji}]/v.test(segment)) return segment;
  return '';
}

/** The same key always has the same colour (FNV-1a). */
export function hueOf(key) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % HUES;
}

export function drawAvatar(element, name, key) {
  element.textContent = initialsOf(name);
  element.dataset.hue = String(hueOf(key));
}
