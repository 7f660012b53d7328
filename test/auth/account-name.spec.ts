import fc from 'fast-check';
import { developmentId, isWellFormed } from '../../src/auth/account-name';

describe('the id of a development account', () => {
  it('is the canonical digits of a positive safe integer, always the same for a name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const id = developmentId(name);
        expect(id).toMatch(/^[1-9]\d*$/);
        expect(Number.isSafeInteger(Number(id))).toBe(true);
        expect(String(Number(id))).toBe(id);
        expect(developmentId(name)).toBe(id);
      }),
    );
  });

  it('does not change between versions', () => expect(developmentId('Admin')).toBe('3408633333534108'));

  it('differs from name to name', () => {
    const names = Array.from({ length: 5_000 }, (_, i) => `User ${i}`);
    expect(new Set(names.map(developmentId)).size).toBe(names.length);
  });
});

it.each([
  ['Ada', true],
  ['a'.repeat(255), true],
  ['a'.repeat(256), false],
  ['', false],
  [' \u00a0', false],
  ['a\u0000', false],
  ['a\u009fb', false],
  ['\ud800', false],
  ['😀', true],
])('whether %p can be a name: %p', (name, expected) => expect(isWellFormed(name)).toBe(expected));
