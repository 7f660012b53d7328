import fc from 'fast-check';
import { emojiOnly, MAX_SYMBOL_LENGTH, readSymbol } from '../../src/moderation/symbol';
import { isBlank } from '../../src/moderation/text';
import { aText } from '../support/arbitraries';

const law = (property: fc.IProperty<unknown>): void => fc.assert(property, { numRuns: 1_000 });

describe('readSymbol', () => {
  it('gives what can be shown and fits its column, or nothing', () => {
    law(
      fc.property(
        fc.oneof(
          aText,
          fc.array(aText, { minLength: 8 }).map((parts) => parts.join('')),
        ),
        (text) => {
          const symbol = readSymbol(text);
          expect(symbol === null).toBe(isBlank(text));
          if (symbol === null) return;
          expect(isBlank(symbol)).toBe(false);
          expect(symbol).not.toMatch(/[\p{Cc}\p{Cs}]/u);
          expect(symbol.length).toBeLessThanOrEqual(MAX_SYMBOL_LENGTH);
          expect(symbol).toBe(symbol.trim());
        },
      ),
    );
  });

  it.each([
    ['a symbol as it is', '🏳️‍🌈', '🏳️‍🌈'],
    ['without control characters', '\0👍\u0007\n', '👍'],
    ['without white space around it', ' 👍 ', '👍'],
    ['a name for a symbol', ':thumbsup:', ':thumbsup:'],
    ['a long one, cut between graphemes', '👩🏽‍💻'.repeat(20), '👩🏽‍💻'.repeat(9)],
    ['a grapheme without end, cut between code points', 'e' + '\u0301'.repeat(100), 'e' + '\u0301'.repeat(31)],
    ['one behind much that is invisible', '\u200B'.repeat(100) + '👍', '👍'],
  ])('gives %s', (_, text, symbol) => {
    expect(readSymbol(text)).toBe(symbol);
  });

  it.each([[null], [undefined], [5], [true], [['👍']], [{ '👍': 1 }], [''], [' '], ['\u200D'], ['\uFE0F'], ['\0']])(
    'gives nothing for %j',
    (value) => expect(readSymbol(value)).toBeNull(),
  );
});

describe('emojiOnly', () => {
  it.each([
    ...['👍', '👏🏿', '❤️', '❤', '❤︎', '🔥🔥🔥', '🏳️‍🌈', '🏳‍🌈', '👩🏽‍💻', '👨‍👩‍👧‍👦', '🇩🇪', '🇩🇪🇫🇷', '1️⃣', '#⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ...['☺', '✈️', '©️', '🫩', '🏿', '👁️‍🗨️', '🧑🏻‍❤️‍💋‍🧑🏿'],
  ])('takes %s', (text) => {
    expect(emojiOnly(text)).toBe(text);
  });

  it.each([
    ...[
      '',
      ' ',
      'a',
      '1',
      '#',
      '*',
      '12',
      '1️',
      '👍 great',
      'ok👍',
      '👍.',
      '👍👍 👍',
      ':thumbsup:',
      '🇩',
      '🇽🇽',
      '\u200D',
      '\uFE0F',
      '\uFFFD',
      '\uD83D',
    ],
    ...['👍\u0301', '→→ spam', '١', '👍\u200Bhidden', '󠁧󠁢', 'Ⓐbc'],
  ])('does not take %j', (text) => {
    expect(emojiOnly(text)).toBeNull();
  });

  it.each([[null], [undefined], [5], [['👍']]])('does not take %j, which is no text', (value) => {
    expect(emojiOnly(value)).toBeNull();
  });

  it('cuts many, and ignores white space around them', () => {
    expect(emojiOnly('🔥'.repeat(40))).toBe('🔥'.repeat(32));
    expect(emojiOnly(' 🔥\n')).toBe('🔥');
  });

  it('never takes anything with letters or digits of words', () => {
    law(
      fc.property(aText, fc.constantFrom('a', 'é', '5', 'я', '好', ' x ', '…'), aText, (before, word, after) => {
        expect(emojiOnly(before + word + after)).toBeNull();
      }),
    );
  });
});
