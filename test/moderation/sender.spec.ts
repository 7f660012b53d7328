import fc from 'fast-check';
import { allows, blocks, isVeiled, nameKey, SenderIdentity, SenderList, veilWith } from '../../src/moderation/sender';
import { aSender, aText } from '../support/arbitraries';
import { isBlank } from '../../src/moderation/text';

const law = (property: fc.IProperty<unknown>): void => fc.assert(property, { numRuns: 1_000 });
const who = (fields: Partial<SenderIdentity>): SenderIdentity => ({
  senderId: null,
  centralauthId: null,
  nameKey: null,
  ...fields,
});

describe('a block', () => {
  it.each<[string, boolean, Partial<SenderIdentity>, Partial<SenderIdentity>]>([
    ['the same sender id', true, { senderId: '1' }, { senderId: '1' }],
    ['the same account', true, { centralauthId: '1' }, { centralauthId: '1' }],
    [
      'one id equal though the other differs',
      true,
      { senderId: '1', centralauthId: '1' },
      { senderId: '2', centralauthId: '1' },
    ],
    ['a sender id that is another one’s account', false, { senderId: '1' }, { centralauthId: '1' }],
    ['a name, when the entry carries no id', true, { nameKey: 'bob' }, { nameKey: 'bob', senderId: '1' }],
    ['a name, when the message carries no id', true, { nameKey: 'bob', senderId: '1' }, { nameKey: 'bob' }],
    ['a name, when neither does', true, { nameKey: 'bob' }, { nameKey: 'bob' }],
    ['a name beside different ids', false, { nameKey: 'bob', senderId: '1' }, { nameKey: 'bob', senderId: '2' }],
    [
      'a name beside ids that cannot be compared',
      false,
      { nameKey: 'bob', senderId: '1' },
      { nameKey: 'bob', centralauthId: '1' },
    ],
    ['another name', false, { nameKey: 'bob' }, { nameKey: 'alice' }],
    ['nobody', false, {}, {}],
  ])('by %s: %s', (_, expected, entry, sender) => {
    expect(blocks(who(entry), who(sender))).toBe(expected);
  });
});

describe('an allow', () => {
  it.each<[string, boolean, Partial<SenderIdentity>, Partial<SenderIdentity>]>([
    ['the same sender id', true, { senderId: '1' }, { senderId: '1', centralauthId: '5' }],
    ['the same account', true, { centralauthId: '1', senderId: '7' }, { centralauthId: '1' }],
    ['both ids', true, { senderId: '1', centralauthId: '1' }, { senderId: '1', centralauthId: '1' }],
    [
      'the same sender id with another account',
      false,
      { senderId: '1', centralauthId: '1' },
      { senderId: '1', centralauthId: '2' },
    ],
    [
      'the same account with another sender id',
      false,
      { senderId: '1', centralauthId: '1' },
      { senderId: '2', centralauthId: '1' },
    ],
    ['a name', false, { nameKey: 'bob' }, { nameKey: 'bob' }],
    ['nobody', false, {}, {}],
  ])('by %s: %s', (_, expected, entry, sender) => {
    expect(allows(who(entry), who(sender))).toBe(expected);
  });
});

describe('laws', () => {
  it('who is meant does not depend on which of two is the entry', () => {
    law(
      fc.property(aSender, aSender, (a, b) => {
        expect(blocks(a, b)).toBe(blocks(b, a));
        expect(allows(a, b)).toBe(allows(b, a));
      }),
    );
  });

  it('an allow never means more than a block', () => {
    law(fc.property(aSender, aSender, (a, b) => expect(allows(a, b) && !blocks(a, b)).toBe(false)));
  });

  it('a list means whom any of its entries means', () => {
    law(
      fc.property(fc.array(aSender), aSender, (entries, sender) => {
        const list = new SenderList(entries);
        expect(list.blocks(sender)).toBe(entries.some((entry) => blocks(entry, sender)));
        expect(list.allows(sender)).toBe(entries.some((entry) => allows(entry, sender)));
        expect(list.size).toBe(entries.length);
      }),
    );
  });
});

describe('nameKey', () => {
  it('is the same for names that look the same', () => {
    expect(nameKey('  Alice\u200B  Smith ')).toBe('alice smith');
    expect(nameKey('ＡＬＩＣＥ smith')).toBe('alice smith');
  });

  it('is absent for names that nobody could see', () => {
    law(fc.property(aText, (name) => expect(nameKey(name) === null).toBe(isBlank(name))));
    expect(nameKey(null)).toBeNull();
  });

  it('fits its column, and still tells long names apart', () => {
    const grown = nameKey('ﷺ'.repeat(200));
    expect(grown).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(nameKey('ﷺ'.repeat(199))).not.toBe(grown);
    expect(nameKey('👍'.repeat(255))).toBe('👍'.repeat(255));
  });
});

describe('a veil', () => {
  const veil = veilWith(Buffer.from('a key'));
  const few = fc.option(fc.constantFrom('1', '2', '👍'), { nil: null });
  const identity = fc.record({ senderId: few, centralauthId: few, nameKey: few });

  it('changes nothing about whom a block means, and shows nothing', () => {
    law(
      fc.property(identity, identity, (entry, sender) => {
        const veiled = veil(entry);
        expect(new SenderList([veiled], veil).blocks(sender)).toBe(new SenderList([entry]).blocks(sender));
        for (const facet of ['senderId', 'centralauthId', 'nameKey'] as const)
          expect(veiled[facet]).toEqual(entry[facet] === null ? null : expect.stringMatching(/^~[\w-]{19}$/));
        expect(isVeiled(veiled)).toBe(Object.values(entry).some((value) => value !== null));
        expect(veil(veiled)).toEqual(veiled);
      }),
    );
  });

  it('is the key’s own, and tells an id from an account and a name', () => {
    const same = { senderId: '5', centralauthId: '5', nameKey: '5' };
    expect(new Set(Object.values(veil(same))).size).toBe(3);
    expect(veilWith(Buffer.from('another'))(same)).not.toEqual(veil(same));
    expect(new SenderList([veil(same)], veilWith(Buffer.from('another'))).blocks(same)).toBe(false);
  });
});
