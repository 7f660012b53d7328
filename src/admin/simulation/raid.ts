/** One message of a raid: when it comes, who sends it, what it says. */
export interface RaidMessage {
  /** Milliseconds after the start. */
  at: number;
  senderId: string;
  screenName: string;
  text: string;
}

export const RAID_MESSAGES = 300;
export const RAID_MS = 30_000;
const RAIDERS = 120;

/** Harmless. Each raid takes one, so that a pattern made of the last one leaves something to practise on. */
export const RAID_TEXTS: readonly string[] = [
  'The moon is made of cheese, wake up everyone',
  'Pineapple belongs on every single pizza',
  'Team Penguin was here, say hello to the penguins',
  'Socks with sandals are the future of fashion',
  'Join the great spoon parade at midnight',
  'Cucumbers are just long round crunchy lakes',
];

type Random = () => number;
type Variation = (text: string, random: Random) => string;

/**
 * How a copied text comes back. After normalising, none is more than one edit from the text that was copied: so any two
 * are at most two apart, and rejecting any one with all similar ones clears up the whole raid.
 */
const VARIATIONS: readonly Variation[] = [
  (text) => text,
  (text) => text,
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => text.toLowerCase(),
  (text, random) => [...text].map((letter) => (random() < 0.5 ? letter.toUpperCase() : letter)).join(''),
  (text, random) => text.replaceAll(' ', () => ' '.repeat(whole(random, 1, 3))),
  (text) => `  ${text} `,
  // Zero-width space, joiner and word joiner: unseen, and enough to get past a filter that compares bytes.
  (text, random) => insert(text, pick(random, ['\u200b', '\u200d', '\u2060']), random),
  (text, random) => [...text].map((letter) => (random() < 0.2 ? `${letter}\u200b` : letter)).join(''),
  (text, random) => text + pick(random, ['!', '?', '.', 'x', String(whole(random, 0, 9))]),
  (text, random) => insert(text, pick(random, [...'aeiou']), random),
  (text, random) => {
    const at = whole(random, 0, text.length - 1);
    return text.slice(0, at) + text.slice(at + 1);
  },
];

const FIRST_WORDS = ['wave', 'Pixel', 'dark', 'Lucky', 'turbo', 'Mega', 'silent', 'Neon', 'funny', 'Cosmic'];
const SECOND_WORDS = ['rider', 'Fox', 'panda', 'Spoon', 'wolf', 'Waffle', 'ninja', 'Goose', 'comet', 'Pickle'];

/**
 * What a raid looks like from the queue: many accounts of which nobody has heard, one text in near-identical copies,
 * a rush at the start that thins out. The same seed gives the same raid.
 * @param seed a whole number, 0 to 2^32 − 1
 */
export function raid(seed: number): RaidMessage[] {
  const random = randomFrom(seed);
  const text = pick(random, RAID_TEXTS);
  const raiders = Array.from({ length: RAIDERS }, (_, i) => raider(i, random));
  const times = Array.from({ length: RAID_MESSAGES }, () => Math.floor(RAID_MS * random() ** 1.5));
  return times
    .sort((a, b) => a - b)
    .map((at, i) => ({
      at,
      // Everybody once, then whoever has not had enough.
      ...(raiders[i] ?? pick(random, raiders)),
      text: pick(random, VARIATIONS)(text, random),
    }));
}

/** Numbered, so that no two of a raid share a name; ids differ from raid to raid, for those of the last may be banned. */
function raider(index: number, random: Random): Pick<RaidMessage, 'senderId' | 'screenName'> {
  const hex = Array.from({ length: 28 }, () => whole(random, 0, 15).toString(16)).join('');
  const senderId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-8${hex.slice(15, 18)}-${hex.slice(16)}`;
  const name = pick(random, FIRST_WORDS) + pick(random, ['', '_', '.']) + pick(random, SECOND_WORDS);
  return { senderId, screenName: `${name}${whole(random, 1, 9)}${String(index).padStart(3, '0')}` };
}

function insert(text: string, what: string, random: Random): string {
  const at = whole(random, 1, text.length - 1);
  return text.slice(0, at) + what + text.slice(at);
}

/** Mulberry32: small, and enough for what only has to look random. */
function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const whole = (random: Random, min: number, max: number) => min + Math.floor(random() * (max - min + 1));

function pick<T>(random: Random, items: readonly T[]): T {
  return items[whole(random, 0, items.length - 1)];
}
