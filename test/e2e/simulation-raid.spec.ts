import fc from 'fast-check';
import { LINES, QUESTIONS, SPAM } from '../../src/admin/simulation/conversation';
import { raid, RAID_MESSAGES, RAID_MS, RAID_TEXTS } from '../../src/admin/simulation/raid';
import { isSimilar, normalise } from '../../src/moderation/similarity';

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const bases = RAID_TEXTS.map(normalise);
/** More than one edit in each would make more than two between them. */
const textsOf = (seed: number) => [...new Set(raid(seed).map(({ text }) => normalise(text)))];

test('any message of a raid is similar to its base text and to every other one, by the rule of the product', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const texts = textsOf(seed);
      expect(bases.filter((base) => texts.every((text) => isSimilar(base, text)))).toHaveLength(1);
      for (const text of texts) for (const other of texts) expect(isSimilar(text, other)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('nothing that is said in an ordinary conversation is similar to a raid, nor is one raid to another', () => {
  const ordinary = [...Object.values(LINES).flat(), ...Object.values(QUESTIONS).flat(), ...SPAM].map(normalise);
  expect(ordinary.length).toBeGreaterThan(60);
  fc.assert(
    fc.property(seeds, (seed) => {
      for (const text of textsOf(seed))
        expect([...ordinary, ...bases].filter((other) => isSimilar(text, other)).length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 30 },
  );
  for (const base of bases) expect(bases.filter((other) => isSimilar(base, other))).toEqual([base]);
});

test('a raid is 300 messages within 30 s, dense at first, of many senders with ids and names of their own', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const messages = raid(seed);
      const times = messages.map(({ at }) => at);
      expect(messages).toHaveLength(RAID_MESSAGES);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times[0]).toBeGreaterThanOrEqual(0);
      expect(times.at(-1)).toBeLessThan(RAID_MS);
      const [early, late] = [times.filter((at) => at < RAID_MS / 3), times.filter((at) => at >= (RAID_MS * 2) / 3)];
      expect(early.length).toBeGreaterThan(late.length);
      const nameOf = new Map(messages.map(({ senderId, screenName }) => [senderId, screenName]));
      expect(nameOf.size).toBe(120);
      expect(new Set(nameOf.values()).size).toBe(120);
      for (const { senderId, screenName } of messages) {
        expect(senderId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(screenName).toBe(nameOf.get(senderId));
      }
    }),
    { numRuns: 30 },
  );
});

test('some are repeated to the letter, others differ in case, spaces, an invisible or one more or less character', () => {
  const texts = raid(7).map(({ text }) => text);
  const base = RAID_TEXTS.find((text) => texts.includes(text))!;
  expect(texts.filter((text) => text === base).length).toBeGreaterThan(30);
  expect(new Set(texts).size).toBeGreaterThan(100);
  expect(texts).toContain(base.toUpperCase());
  expect(texts.some((text) => /\u200b|\u200d|\u2060/.test(text))).toBe(true);
  expect(texts.some((text) => text.includes('  '))).toBe(true);
  expect(texts.some((text) => normalise(text).length > base.length)).toBe(true);
  expect(texts.some((text) => normalise(text).length < base.length)).toBe(true);
});

test('the same seed gives the same raid, another one another', () => {
  expect(raid(42)).toEqual(raid(42));
  expect(raid(42)).not.toEqual(raid(43));
  const ids = (seed: number) => new Set(raid(seed).map(({ senderId }) => senderId));
  expect([...ids(42)].filter((id) => ids(43).has(id))).toEqual([]);
});
