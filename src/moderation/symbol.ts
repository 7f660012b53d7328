import { cut, cutVisible, isBlank, removeControls } from './text';

/** The longest symbol that is kept, in UTF-16 code units. */
export const MAX_SYMBOL_LENGTH = 64;

// Written as strings: the compiler's target is older than the flag.
const RGI_EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');
/** Pictographs that lack their variation selectors, and ones newer than this runtime's list. */
const PICTOGRAPHS =
  /^\p{Extended_Pictographic}[\uFE0E\uFE0F\p{Emoji_Modifier}]?(?:\u200D\p{Extended_Pictographic}[\uFE0E\uFE0F\p{Emoji_Modifier}]?)*$/u;
const KEYCAP = /^[0-9#*]\uFE0F?\u20E3$/u;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The symbol that a reaction's sender named, fit to be shown; null when there is none to see. */
export function readSymbol(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const symbol = cutVisible(removeControls(value).trim(), cutSymbol).trim();
  return isBlank(symbol) ? null : symbol;
}

/** A text as a symbol if it is nothing but emoji: anything else in a reaction is somebody's words. */
export function emojiOnly(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (text === '') return null;
  // Each only once: telling an emoji is slow, and a text may hold thousands of the same.
  const distinct = new Set(Array.from(graphemes.segment(text), ({ segment }) => segment));
  for (const grapheme of distinct) if (!isEmoji(grapheme)) return null;
  return cutSymbol(text);
}

function isEmoji(grapheme: string): boolean {
  return RGI_EMOJI.test(grapheme) || PICTOGRAPHS.test(grapheme) || KEYCAP.test(grapheme);
}

function cutSymbol(text: string): string {
  if (text.length <= MAX_SYMBOL_LENGTH) return text;
  let end = 0;
  for (const { index, segment } of graphemes.segment(text)) {
    if (index + segment.length > MAX_SYMBOL_LENGTH) break;
    end = index + segment.length;
  }
  // One grapheme can be of any length; then whole code points must do, each of two units at most.
  return end > 0 ? text.slice(0, end) : cut(text, MAX_SYMBOL_LENGTH / 2);
}
