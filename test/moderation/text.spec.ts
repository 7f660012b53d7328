import fc from 'fast-check';
import {
  cut,
  cutBytes,
  cutVisible,
  foldSpaces,
  isBlank,
  removeControls,
  removeInvisible,
} from '../../src/moderation/text';
import { aText } from '../support/arbitraries';

const law = (property: fc.IProperty<unknown>): void => fc.assert(property, { numRuns: 1_000 });
const HARMFUL = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u;

describe('removeControls', () => {
  it('leaves nothing that harms a log, a database or XML, and does so once', () => {
    law(
      fc.property(aText, (text) => {
        const clean = removeControls(text);
        expect(clean).not.toMatch(HARMFUL);
        expect(removeControls(clean)).toBe(clean);
      }),
    );
  });

  it('keeps what can be seen, and the parts of emoji that cannot', () => {
    law(fc.property(aText, (text) => expect(isBlank(removeControls(text))).toBe(isBlank(text))));
    const text = 'a b  c\u00A0d \u{10FFFD} \uE000 e\u0301 👩🏽‍💻 ❤️ 1️⃣ 🏳️‍🌈 🏴󠁧󠁢󠁥󠁮󠁧󠁿 العربية\u200F';
    expect(removeControls(text)).toBe(text);
  });

  it.each([
    ['controls', 'a\0b\u0007c\u001Bd\u007Fe\u009Ff', 'abcdef'],
    ['noncharacters', 'a\uFDD0b\uFFFEc\uFFFFd\u{1FFFE}e', 'abcde'],
    ['a line break between words', 'one\r\ntwo\nthree\u2028four\u2029five\u0085six', 'one two three four five six'],
    ['tabs between words', 'one\t\ttwo', 'one two'],
    ['line breaks at the ends', '\r\n\tone\n\n', 'one'],
    ['half a pair', 'a\uD83Db\uDC4Dc', 'a\uFFFDb\uFFFDc'],
    ['two halves with a control between, which stay apart', '\uD83D\0\uDC4D', '\uFFFD\uFFFD'],
  ])('cleans %s', (_, text, clean) => {
    expect(removeControls(text)).toBe(clean);
  });
});

describe('isBlank', () => {
  const codePoints = (from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i));

  it.each([
    ['nothing', []],
    ['white space', [...' \t\n\v\f\r\u0085\u00A0\u1680\u2028\u2029\u202F\u205F\u3000', ...codePoints(0x2000, 0x200a)]],
    ['control characters', [...codePoints(0, 0x1f), ...codePoints(0x7f, 0x9f)]],
    [
      'zero-width and directional characters',
      [
        ...codePoints(0x200b, 0x200f),
        ...codePoints(0x202a, 0x202e),
        ...codePoints(0x2060, 0x206f),
        '\uFEFF',
        '\u061C',
        '\u00AD',
        '\u180E',
      ],
    ],
    ['fillers', ['\u115F', '\u1160', '\u3164', '\uFFA0', '\u2800', '\u034F', '\u17B4', '\u17B5']],
    [
      'variation selectors',
      [...codePoints(0xfe00, 0xfe0f), ...codePoints(0x180b, 0x180f), ...codePoints(0xe0100, 0xe01ef)],
    ],
    ['tags', codePoints(0xe0000, 0xe007f)],
    ['musical controls', [...codePoints(0x1d173, 0x1d17a), '\u{1D159}']],
    ['noncharacters', [...codePoints(0xfdd0, 0xfdef), '\uFFFE', '\uFFFF', '\u{10FFFF}']],
  ])('holds of %s', (_, characters) => {
    for (const character of characters)
      expect([character.codePointAt(0), isBlank(character)]).toEqual([character.codePointAt(0), true]);
    expect(isBlank(characters.join(''))).toBe(true);
    expect(isBlank(`${characters.join('')}.${characters.join('')}`)).toBe(false);
  });

  it.each(['a', '0', '.', '👍', '\u0301', '\uFFFD', '\uFFFC', '\uE000', '\u06DD', '\u0600', '\u{110BD}', '\uD83D', '́'])(
    'does not hold of %j, which shows',
    (character) => expect(isBlank(character)).toBe(false),
  );
});

describe('cut', () => {
  it('keeps at most so many code points, from the beginning, and splits no pair', () => {
    law(
      fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 12 }), (text, max) => {
        expect([...cut(text, max)]).toEqual([...text].slice(0, max));
      }),
    );
  });
});

describe('cutBytes', () => {
  it('keeps as many whole characters as fit', () => {
    law(
      fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 40 }), (text, max) => {
        const beginning = cutBytes(text, max);
        expect(text.startsWith(beginning)).toBe(true);
        expect(beginning.isWellFormed()).toBe(true);
        expect(Buffer.byteLength(beginning)).toBeLessThanOrEqual(max);
        const next = [...text.slice(beginning.length)][0];
        if (next !== undefined) expect(Buffer.byteLength(beginning + next)).toBeGreaterThan(max);
      }),
    );
  });
});

describe('cutVisible', () => {
  it('leaves out a blank beginning only where nothing else would remain', () => {
    const to3 = (text: string): string => cut(text, 3);
    expect(cutVisible('  ab', to3)).toBe('  a');
    expect(cutVisible('   \u200Babcd', to3)).toBe('abc');
    expect(cutVisible('ab', to3)).toBe('ab');
    expect(cutVisible('    ', to3)).toBe('   ');
  });
});

describe('removeInvisible and foldSpaces', () => {
  it('together leave nothing of a blank text', () => {
    law(fc.property(aText, (text) => expect(foldSpaces(removeInvisible(text)) === '').toBe(isBlank(text))));
  });

  it('tell invisible characters from gaps', () => {
    expect(removeInvisible('a\u200Bb\u00ADc\uFE0Fd e')).toBe('abcd e');
    expect(foldSpaces('\t a\u00A0\u3000b\u2800 \n')).toBe('a b');
  });
});

// Each is done so often that only something worse than linear could reach the test's time-out.
it.each([
  ['tabs', 'x' + '\t'.repeat(65_000) + 'x'],
  ['line breaks and controls', 'x' + '\n\0'.repeat(32_500) + 'x'],
  ['invisible characters', 'x' + '\u200B \uFEFF'.repeat(21_000) + 'x'],
])('takes no longer than it must for a text full of %s', (_, text) => {
  for (let i = 0; i < 40; i++) {
    expect(isBlank(text.slice(1, -1))).toBe(true);
    expect(removeControls(text).length).toBeLessThanOrEqual(text.length);
    expect(foldSpaces(removeInvisible(text)).length).toBeLessThanOrEqual(3);
  }
});
