import fc from 'fast-check';
import {
  digestOf,
  keyOf,
  MAX_ID_LENGTH,
  readCentralauthId,
  readId,
  storedId,
  storedIdFromApi,
} from '../../src/moderation/ids';
import { isBlank } from '../../src/moderation/text';
import { aText } from '../support/arbitraries';

const law = (property: fc.IProperty<unknown>): void => fc.assert(property, { numRuns: 1_000 });

const anId = fc.oneof(
  aText,
  fc.string({ unit: 'binary', minLength: 250, maxLength: 260, size: 'max' }),
  fc.string({ unit: fc.constantFrom('x', '👍'), minLength: 253, maxLength: 257, size: 'max' }),
  // The stored form of another id, sent as an id.
  aText.map((text) => storedId('x'.repeat(300) + text)),
);

describe('readId', () => {
  it.each<[string, unknown, string | null]>([
    ['a string', 'abc', 'abc'],
    ['an integer', 5, '5'],
    ['its digits, which are the same id', '5', '5'],
    ['other digits, which are not', '05', '05'],
    ['white space at its ends, which counts', ' 5', ' 5'],
    ['zero', 0, '0'],
    ['a negative integer', -7, '-7'],
    ['the largest integer that JSON keeps', 2 ** 53 - 1, '9007199254740991'],
    ['the next one', 2 ** 53, null],
    ['a fraction', 1.5, null],
    ['an empty string', '', null],
    ['a blank string', ' \u200B\t', null],
    ['null', null, null],
    ['nothing', undefined, null],
    ['a boolean', true, null],
    ['an object', { id: 5 }, null],
    ['an array', [5], null],
  ])('reads %s', (_, value, id) => {
    expect(readId(value)).toBe(id);
  });
});

describe('storedId', () => {
  it('fits every database', () => {
    law(
      fc.property(anId, (id) => {
        const stored = storedId(id);
        expect([...stored].length).toBeLessThanOrEqual(MAX_ID_LENGTH);
        expect(stored).not.toMatch(/[\p{Cc}\p{Cs}]/u);
      }),
    );
  });

  it('tells apart what differs, and only that', () => {
    law(
      fc.property(anId, anId, (a, b) => {
        expect(storedId(a) === storedId(b)).toBe(a === b);
      }),
    );
  });

  it.each([
    ['as it is', 'abc', /^abc$/],
    ['as it is at 255 code points', '👍'.repeat(255), /^(?:👍){255}$/u],
    ['hashed when longer', 'x'.repeat(256), /^sha256:[0-9a-f]{64}$/],
    ['hashed with a control character in it', 'a\0b', /^sha256:[0-9a-f]{64}$/],
    ['hashed with half a pair in it', 'a\uD83D', /^sha256:[0-9a-f]{64}$/],
  ])('keeps an id %s', (_, id, stored) => {
    expect(storedId(id)).toMatch(stored);
  });
});

it('an id that looks like the stored form of another is not taken for it', () => {
  law(
    fc.property(anId, (id) => {
      const stored = storedId(id);
      expect(storedId(stored) === stored).toBe(stored === id);
    }),
  );
});

describe('storedIdFromApi', () => {
  it('finds the sender by the id that was sent and by the one that is shown', () => {
    law(
      fc.property(anId, (id) => {
        fc.pre(!isBlank(id) && !/^sha256:/.test(id));
        expect(storedIdFromApi(id)).toBe(storedId(id));
        expect(storedIdFromApi(storedId(id))).toBe(storedId(id));
      }),
    );
  });

  it('has none for a blank one', () => {
    expect(storedIdFromApi(' \u200B')).toBeNull();
  });
});

describe('readCentralauthId', () => {
  it.each<[string, unknown, string | null]>([
    ['a positive integer', 42, '42'],
    ['its digits', '42', '42'],
    ['leading zeros', '0042', '42'],
    ['the largest', 2 ** 53 - 1, '9007199254740991'],
    ['the largest as digits', '9007199254740991', '9007199254740991'],
    ['one that JSON rounds', 2 ** 53, null],
    ['digits beyond', '9007199254740992', null],
    ['zero', 0, null],
    ['zero as a digit', '0', null],
    ['a negative one', -42, null],
    ['a fraction', 4.2, null],
    ['a username, as early versions sent', 'Alice', null],
    ['digits with a space', ' 42', null],
    ['a sign', '+42', null],
    ['an exponent', '1e3', null],
    ['hexadecimal digits', '0x2A', null],
    ['digits of another script', '٤٢', null],
    ['an empty string', '', null],
    ['null', null, null],
    ['a boolean', true, null],
    ['an array of one', [42], null],
  ])('reads %s', (_, value, id) => {
    expect(readCentralauthId(value)).toBe(id);
  });
});

describe('digestOf', () => {
  it('has 43 characters of base64url, and others for other parts', () => {
    const parts = fc.array(aText, { maxLength: 3 });
    law(
      fc.property(parts, parts, (a, b) => {
        expect(digestOf(...a)).toMatch(/^[A-Za-z0-9_-]{43}$/);
        expect(digestOf(...a) === digestOf(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
    expect(digestOf('a', 'bc')).not.toBe(digestOf('ab', 'c'));
    expect(digestOf('\uD83D')).not.toBe(digestOf('\uFFFD'));
  });
});

describe('keyOf', () => {
  const aPlainId = fc.stringMatching(/^[\w-]{1,20}$/);
  const anId = fc.oneof(aText, aPlainId, fc.nat().map(String));

  it('has 43 characters of base64url, and others for other ids and parts', () => {
    const parts = fc.tuple(fc.constantFrom('message', 'reaction'), anId, anId);
    law(
      fc.property(parts, parts, (a, b) => {
        expect(keyOf(...a)).toMatch(/^[A-Za-z0-9_-]{43}$/);
        expect(keyOf(...a) === keyOf(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it('keeps the order of what a counter gave, and of ids that begin with the time', () => {
    const tenDigits = fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }).map(String);
    const timed = fc.tuple(fc.stringMatching(/^[0-9a-f]{12}$/), fc.uuid()).map(([time, rest]) => time + rest.slice(12));
    law(
      fc.property(fc.oneof(fc.tuple(tenDigits, tenDigits), fc.tuple(timed, timed)), ([a, b]) => {
        fc.pre(a.slice(0, 12) !== b.slice(0, 12));
        expect(keyOf('message', a) < keyOf('message', b)).toBe(a < b);
      }),
    );
  });

  it('keeps nothing of an id that could be a name', () => {
    expect(keyOf('message', 'alice-smith-99')).not.toContain('alice');
  });

  it('tells long ids apart that begin alike', () => {
    const [a, b] = ['1', '2'].map((end) => keyOf('message', `01890a5d-ac96-774b-bcce-b302099a805${end}`));
    expect([a === b, a.slice(0, 14) === b.slice(0, 14)]).toEqual([false, true]);
  });
});
