/** What is done to every text, name and symbol before anybody sees or compares it. */

const LINE_BREAKS_AND_TABS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
const CONTROLS = /[\p{Cc}\p{Noncharacter_Code_Point}]/gu;
const LONE_SURROGATES = /\p{Cs}/gu;
const NEEDS_CLEANING = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u2028\u2029]/u;

/** U+2800 is a braille cell without dots: a gap, though Unicode calls it a symbol. */
const SPACE = '\\s\\p{White_Space}\\u2800';
/**
 * Characters that show nothing, not even a gap: format characters and default-ignorable ones (variation selectors,
 * joiners, Hangul fillers, tags). U+1D159 is a notehead that is drawn as nothing.
 */
const INVISIBLE = '\\p{Cf}\\p{Cc}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}\\u{1D159}';
/** The few format characters that do show, such as the Arabic number signs and the end of ayah. */
const SHOWN_FORMAT = '\\u0600-\\u0605\\u06DD\\u070F\\u0890\\u0891\\u08E2\\u{110BD}\\u{110CD}';

// None of these can backtrack: a text of 60,000 tabs must not stop the server.
const VISIBLE = new RegExp(`[${SHOWN_FORMAT}]|[^${SPACE}${INVISIBLE}]`, 'u');
const INVISIBLES = new RegExp(`(?![${SHOWN_FORMAT}\\p{White_Space}])[${INVISIBLE}]`, 'gu');
const SPACES = new RegExp(`[${SPACE}]+`, 'gu');

/**
 * Nothing in the answer harms a log, a database or an XML feed: control characters and noncharacters are gone, halves
 * of a pair are U+FFFD. Line breaks and tabs between words become one space. Joiners and variation selectors stay,
 * for emoji are made with them.
 */
export function removeControls(text: string): string {
  if (!NEEDS_CLEANING.test(text)) return text;
  // Halves first: a control taken out from between two of them would make a pair that nobody wrote.
  return text
    .replace(LONE_SURROGATES, '\uFFFD')
    .replace(LINE_BREAKS_AND_TABS, (run, offset: number, whole: string) =>
      offset === 0 || offset + run.length === whole.length ? '' : ' ',
    )
    .replace(CONTROLS, '');
}

/** Whether a reader would see nothing: only white space, control and invisible characters, or no character at all. */
export function isBlank(text: string): boolean {
  return !VISIBLE.test(text);
}

export function removeInvisible(text: string): string {
  return text.replace(INVISIBLES, '');
}

/** Every run of white space becomes one space; none is left at the ends. */
export function foldSpaces(text: string): string {
  return text.replace(SPACES, ' ').trim();
}

/** The first `maxCodePoints` code points; no pair is split. */
export function cut(text: string, maxCodePoints: number): string {
  if (text.length <= maxCodePoints) return text;
  let end = 0;
  let points = 0;
  for (const point of text) {
    if (points++ === maxCodePoints) break;
    end += point.length;
  }
  return text.slice(0, end);
}

/** The longest beginning of a well-formed text that takes at most `maxBytes` in UTF-8. */
export function cutBytes(text: string, maxBytes: number): string {
  // A code unit takes at most three bytes.
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  while ((bytes[end] & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}

/** Cuts, and when that would leave only a blank beginning, leaves the blank beginning out. */
export function cutVisible(text: string, cutTo: (text: string) => string): string {
  const beginning = cutTo(text);
  return isBlank(beginning) ? cutTo(text.slice(Math.max(0, text.search(VISIBLE)))) : beginning;
}
