import type * as Tinyld from 'tinyld';
import type { IncomingMessage } from './message';

export interface LanguageSettings {
  detection: boolean;
  likely: string[];
  default: string;
}

/**
 * From where on the detector's answer counts; below, the sender's own setting is the better guess. It is the share of a
 * line's words that speak for the language, or 1 where the line holds letters in an order that only one language has.
 *
 * Measured on test/moderation/chat-lines.ts, 155 short lines in 34 languages and 29 in none (lol, NPOV, 12:30), with 0,
 * 2, 5 and 16 likely languages. From 0.7, 122 to 127 lines are told right and at most 3 wrong; the rest, and all but one
 * of those in none, are left to the sender's setting. From 0.6 it would be 124 to 133 right and up to 5 wrong.
 */
export const CONFIDENCE = 0.7;

const CERTAIN = 0.95;
/** A line's beginning tells its language; more would cost 5 ms for each 1,000 characters. */
const MAX_LENGTH = 300;
/** Mentions, addresses and laughter. */
const NOT_WORDS = /@[0-9a-f-]{36}|https?:\/\/\S+|\S+@\S+|\bx+d+\b|\b(?:h[aeio]|j[aeo]){2,}[hj]?\b/giu;
const WORDS = /[\p{L}\p{M}'’]+/gu;
/** The detector knows Klingon and Volapük, and finds them in names and nonsense. */
const UNSPOKEN = ['tlh', 'vo'];

/**
 * The language of what was written: the detector's answer where it is sure enough, then the language the sender's
 * client is set to, then the channel's. A reaction has none.
 *
 * @returns a BCP 47 tag: a bare language where it was detected, otherwise the sender's or the channel's setting as it is
 */
export function languageOf(
  message: Pick<IncomingMessage, 'type' | 'text' | 'userLanguage'>,
  settings: LanguageSettings,
): string | null {
  if (message.type === 'emoji') return null;
  const detected = settings.detection ? detect(message.text, settings.likely) : null;
  return detected ?? (baseOf(message.userLanguage) === null ? settings.default : message.userLanguage);
}

function detect(text: string, likely: string[]): string | null {
  const line = text.slice(0, MAX_LENGTH).toWellFormed().replace(NOT_WORDS, ' ');
  const words = line.match(WORDS) ?? [];
  if (/^[a-z]{0,3}$/i.test(words.join(''))) return null;

  // Likely is not only: a line that is certainly in another language is in that language.
  const open = answer(line, words, spoken());
  if (open !== null && open.confidence >= CERTAIN) return open.language;
  const expected = likely.map(baseOf).filter((code) => code !== null && spoken().includes(code)) as string[];
  const best = expected.length === 0 ? open : answer(line, words, expected);
  return best !== null && best.confidence >= CONFIDENCE ? best.language : null;
}

function answer(line: string, words: string[], among: string[]): { language: string; confidence: number } | null {
  const [best] = detector().detectAll(line, { only: among });
  if (best === undefined) return null;
  // Unless it is certain, tinyld's accuracy is the words' average score divided by their average length.
  if (best.accuracy >= CERTAIN) return { language: best.lang, confidence: 1 };
  // One word alone in Latin letters is as likely a name, or borrowed.
  if (words.length === 1 && /^[\x20-\x7e]+$/.test(words[0] ?? '')) return null;
  const averageLength = words.join('').length / words.length;
  return { language: best.lang, confidence: Math.min(best.accuracy * averageLength, 0.94) };
}

function baseOf(tag: string | null): string | null {
  const base = tag?.split('-')[0]?.toLowerCase() ?? '';
  return base === '' || base === 'und' ? null : base;
}

let languages: string[] | undefined;

function spoken(): string[] {
  languages ??= detector()
    .supportedLanguages.map(detector().toISO2)
    .filter((code) => !UNSPOKEN.includes(code));
  return languages;
}

let loaded: typeof Tinyld | undefined;

/** Its tables take 50 MB and a tenth of a second, so a server none of whose channels detects goes without. */
function detector(): typeof Tinyld {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  loaded ??= require('tinyld') as typeof Tinyld;
  return loaded;
}
