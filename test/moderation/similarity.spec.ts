import { distance } from 'fastest-levenshtein';
import fc from 'fast-check';
import {
  allowedDistance,
  codePointLength,
  isSimilar,
  MAX_NORMAL_BYTES,
  normalise,
  PatternIndex,
} from '../../src/moderation/similarity';
import { isBlank } from '../../src/moderation/text';
import { aNearText, aText } from '../support/arbitraries';

const law = (property: fc.IProperty<unknown>, numRuns = 1_000): void => fc.assert(property, { numRuns });

/** The contract's words, with a library's distance, which counts code units: each code point is made one of them. */
function isSimilarByTheBook(a: string, b: string): boolean {
  const units = new Map<string, string>();
  const flat = (text: string): string =>
    [...text]
      .map((point) => units.get(point) ?? units.set(point, String.fromCharCode(0x4e00 + units.size)).get(point)!)
      .join('');
  const shorter = Math.min([...a].length, [...b].length);
  return distance(flat(a), flat(b)) <= (shorter < 4 ? 0 : shorter < 8 ? 1 : 2);
}

/** A text and one made from it by up to four edits. */
const aPair = fc
  .tuple(
    aNearText,
    fc.array(
      fc.tuple(
        fc.nat({ max: 14 }),
        fc.constantFrom('insert', 'delete', 'replace'),
        fc.constantFrom('a', '👍', '👎', 'x'),
      ),
      {
        maxLength: 4,
      },
    ),
  )
  .map(([text, edits]): [string, string] => {
    const points = [...text];
    for (const [at, edit, point] of edits) {
      const i = Math.min(at, points.length);
      points.splice(i, edit === 'insert' ? 0 : 1, ...(edit === 'delete' ? [] : [point]));
    }
    return [text, points.join('')];
  });

const normal = aText.map(normalise);
/** Characters that come in thousands, of which none is changed by anything. */
const ALIKE = /^[\p{Unified_Ideograph}\p{Cn}\p{Co}]$/u;

describe('normalise', () => {
  it('is idempotent', () => {
    law(
      fc.property(aText, (text) => expect(normalise(normalise(text))).toBe(normalise(text))),
      3_000,
    );
  });

  it('is idempotent on every character, alone and between others', () => {
    const broken: number[] = [];
    for (let point = 0; point <= 0x10ffff; point++) {
      const text = String.fromCodePoint(point);
      if (ALIKE.test(text)) continue;
      for (const each of [text, `e${text}\u0301`]) {
        const once = normalise(each);
        if (normalise(once) !== once) broken.push(point);
      }
    }
    expect(broken).toEqual([]);
  });

  it('leaves nothing of blank texts, and something of all others', () => {
    law(fc.property(aText, (text) => expect(normalise(text) === '').toBe(isBlank(text))));
  });

  it.each([
    ['lower case', 'HeLLo ÀÉ', 'hello àé'],
    ['compatibility forms', 'ｆｕｌｌ ﬁne ①', 'full fine 1'],
    ['a mathematical alphabet', '𝐁𝐮𝐲 𝓌𝒶𝓉𝒸𝒽ℯ𝓈', 'buy watches'],
    ['controls that are white space', 'buy\tcheap\u0085watches', 'buy cheap watches'],
    ['white space', '  buy \t\n cheap\u00A0\u3000watches ', 'buy cheap watches'],
    ['invisible characters', 'b\u200Bu\u00ADy\uFEFF c\u2060heap', 'buy cheap'],
    ['one between a letter and its accent', 'e\u200B\u0301', 'é'],
    ['variation selectors', '❤️', '❤'],
    ['capital I with a dot', 'İ', 'i̇'],
    ['half a pair', 'a\uD83D', 'a\uFFFD'],
    ['plain ASCII', 'Buy cheap watches!', 'buy cheap watches!'],
  ])('folds %s', (_, text, normal) => {
    expect(normalise(text)).toBe(normal);
  });

  it('fits its column, even of a text that grows', () => {
    const grown = normalise('ﷺ'.repeat(21_000));
    expect(Buffer.byteLength(grown)).toBeLessThanOrEqual(MAX_NORMAL_BYTES);
    expect(normalise(grown)).toBe(grown);
    expect(Buffer.byteLength(normalise('a'.repeat(70_000)))).toBe(MAX_NORMAL_BYTES);
  });
});

describe('codePointLength', () => {
  it('counts code points, half pairs too', () => {
    law(fc.property(aText, (text) => expect(codePointLength(text)).toBe([...text].length)));
  });
});

describe('isSimilar', () => {
  it('says what the contract says', () => {
    law(
      fc.property(aPair, ([a, b]) => expect(isSimilar(a, b)).toBe(isSimilarByTheBook(a, b))),
      3_000,
    );
    law(fc.property(normal, normal, (a, b) => expect(isSimilar(a, b)).toBe(isSimilarByTheBook(a, b))));
  });

  it('is symmetric and reflexive', () => {
    law(
      fc.property(aPair, ([a, b]) => {
        expect(isSimilar(a, b)).toBe(isSimilar(b, a));
        expect(isSimilar(a, a)).toBe(true);
      }),
    );
  });

  it.each([
    ['equal below four', 'abc', 'abd', false],
    ['one edit from four', 'abcd', 'abxd', true],
    ['the shorter one decides: three and four', 'abc', 'abcd', false],
    ['two edits below eight', 'abcdefg', 'abxdefx', false],
    ['the shorter one decides: seven and nine', 'abcdefg', 'abcdefghi', false],
    ['two edits from eight', 'abcdefgh', 'xbcdefgx', true],
    ['three edits', 'abcdefgh', 'xbcxefgx', false],
    ['a swap is two edits', 'abcdefgh', 'bacdefgh', true],
    ['code points, not units: three emoji', '👍👍👍', '👍👍👎', false],
    ['code points, not units: four emoji', '👍👍👍👍', '👍👍👍👎', true],
    ['pairs with an equal first half', '👍👎👍👎', '👍👍👍👎', true],
    ['pairs with an equal second half', '\u{1F44D}abc', '\u{1F84D}abc', true],
  ])('%s', (_, a, b, similar) => {
    expect(isSimilar(a, b)).toBe(similar);
    expect(isSimilar(b, a)).toBe(similar);
  });

  // So often that only something worse than linear could reach the test's time-out.
  it('takes texts of 60,000 characters in linear time', () => {
    const long = 'ab'.repeat(30_000);
    for (let i = 0; i < 40; i++) {
      expect(isSimilar(long, `b${long.slice(0, -1)}`)).toBe(true);
      expect(isSimilar(long, `bb${long.slice(1, -1)}x`)).toBe(false);
      expect(isSimilar(long, 'ba'.repeat(30_000).replace('ab', 'cc'))).toBe(false);
    }
  });
});

describe('allowedDistance', () => {
  it('steps at four and eight', () => {
    expect([0, 3, 4, 7, 8, 60_000].map(allowedDistance)).toEqual([0, 0, 1, 1, 2, 2]);
  });
});

describe('PatternIndex', () => {
  const agreesWithScanning = (patterns: string[], text: string): void => {
    const found = new PatternIndex(patterns).find(text);
    const similar = patterns.filter((pattern) => isSimilar(pattern, text));
    if (similar.includes(text)) expect(found).toBe(text);
    else if (similar.length > 0) expect(similar).toContain(found);
    else expect(found).toBeNull();
  };

  it('agrees with comparing every pattern', () => {
    law(fc.property(fc.array(aNearText), aNearText, agreesWithScanning), 3_000);
  });

  it('finds what was made from a pattern by a few edits', () => {
    law(
      fc.property(aPair, fc.array(aNearText), ([pattern, text], others) =>
        agreesWithScanning([...others, pattern], text),
      ),
      2_000,
    );
  });

  it('agrees whatever the characters are', () => {
    law(fc.property(fc.array(normal), normal, agreesWithScanning));
  });

  it('counts different patterns', () => {
    expect(new PatternIndex([]).size).toBe(0);
    expect(new PatternIndex(['abc', 'abd', 'abc']).size).toBe(2);
    expect(new PatternIndex([]).find('anything')).toBeNull();
  });

  // So often that comparing every pattern each time would reach the test's time-out.
  it('answers about 10,000 patterns without comparing them all', () => {
    const patterns = Array.from(
      { length: 10_000 },
      (_, i) => `${String(i * 7919).padStart(9, '0')} is not a pattern that anybody would write`,
    );
    const index = new PatternIndex(patterns);
    const text = 'the quick brown fox jumps over the lazy dog and again and';
    let found = 0;
    for (let i = 0; i < 40_000; i++) if (index.find(text) !== null) found++;
    expect(found).toBe(0);
    expect(index.find(`${patterns[5_000]}!`)).toBe(patterns[5_000]);
  });
});
