import fc from 'fast-check';
import { Decision, State, STATUSES } from '../../src/moderation/decision';
import { SenderIdentity } from '../../src/moderation/sender';

/** Random values for laws. Small on purpose: a law is broken where things collide, not where they are large. */

const aStatus = fc.constantFrom(...STATUSES);
const aRevision = fc.nat({ max: 3 });

export const aState: fc.Arbitrary<State> = fc.record({ revision: aRevision, rank: fc.integer({ min: 0, max: 3 }) });

/** Highlights, approves and rejects, some of which name a revision. */
export const aRise: fc.Arbitrary<Decision> = fc.record(
  { decision: fc.constantFrom('highlight' as const, 'approve' as const, 'reject' as const), revision: aRevision },
  { requiredKeys: ['decision'] },
);

export const aReconsideration: fc.Arbitrary<Extract<Decision, { decision: 'reconsider' }>> = fc.record({
  decision: fc.constant('reconsider' as const),
  to: aStatus,
  revision: aRevision,
  status: aStatus,
});

export const aDecision: fc.Arbitrary<Decision> = fc.oneof(aRise, aReconsideration);

/** Characters at which cleaning, folding and counting go wrong. */
const AWKWARD = [
  ...[
    'a',
    'b',
    'A',
    'ß',
    'ẞ',
    'İ',
    'ı',
    'Σ',
    'ς',
    'é',
    'e\u0301',
    'ﬁ',
    'Å',
    'ǅ',
    'Ω',
    '①',
    '㎏',
    '´',
    '¨',
    'ﷺ',
    '한',
    '각',
  ],
  ...[' ', '  ', '\u00A0', '\u3000', '\u2028', '\u2029', '\u0085', '\t', '\n', '\r\n', '\v', '\f', '\u2800', '\u1680'],
  ...['\0', '\u0001', '\u0007', '\u001B', '\u007F', '\u009F', '\uFDD0', '\uFFFE', '\uFFFF', '\u{1FFFE}'],
  ...[
    '\u200B',
    '\u200D',
    '\u200E',
    '\u00AD',
    '\u034F',
    '\u061C',
    '\u06DD',
    '\u115F',
    '\u1160',
    '\u3164',
    '\uFFA0',
    '\uFE0F',
    '\uFEFF',
  ],
  ...[
    '\u{E0001}',
    '\u{E0020}',
    '\u{E01EF}',
    '\u180B',
    '\u17B4',
    '\u2060',
    '\u202E',
    '\u{1D159}',
    '\u{1D173}',
    '\uFFF9',
    '\u0301',
    '\u0345',
  ],
  ...['👍', '👍🏿', '❤', '❤️', '👩🏽‍💻', '🏳️‍🌈', '🇩🇪', '1️⃣', '\uFFFD', '𝔸', '𐐀', '\u{10FFFF}'],
  ...['\uD83D', '\uDC4D', '\uD800', '\uDFFF', '\uDBFF'],
] as const;

/** Texts of any code units, half pairs among them, rich in awkward characters. */
export const aText: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...AWKWARD), { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map((units) => String.fromCharCode(...units)),
);

/** Texts over so few letters that many of them are similar. */
export const aNearText: fc.Arbitrary<string> = fc
  .array(fc.constantFrom('a', 'b', '👍', '😀', 'é'), { maxLength: 14 })
  .map((parts) => parts.join(''));

const maybe = (...values: string[]): fc.Arbitrary<string | null> => fc.constantFrom(null, ...values);

/** Senders of whom any two may share an id or a name. */
export const aSender: fc.Arbitrary<SenderIdentity> = fc.record({
  senderId: maybe('1', '2', 'a'),
  centralauthId: maybe('1', '2'),
  nameKey: maybe('alice', 'bob'),
});

const KEYS = [
  ...['message_id', 'channel', 'timestamp', 'screen_name', 'message', 'message_type', 'sender_id', 'centralauth_id'],
  ...['centralauth_username', 'profile_img', 'user_language', 'meta', 'target_message_id', 'reaction', 'action'],
  ...['constructor', 'toString', 'hasOwnProperty', '__proto__'],
];

/** Anything that JSON can say, with the keys that mean something and those that only look like it. */
export const aJson: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown; object: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -0, 5, -1, 1.5, 2 ** 53, 1e300, '5', '', ' ', 'emoji', 'add', 'remove', '👍'),
    aText,
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 8 }),
})).value;

/** A payload that is mostly fine, in which any field may hold anything. */
export function aPayload(now: number): fc.Arbitrary<Record<string, unknown>> {
  const time = new Date(now).toISOString();
  const mostly = (...good: unknown[]): fc.Arbitrary<unknown> =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...good) },
      { weight: 1, arbitrary: aText },
      { weight: 1, arbitrary: aJson },
    );
  const anId = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<unknown>(5, '5', 'a', null) },
    { weight: 1, arbitrary: aText },
    { weight: 1, arbitrary: aJson },
  );
  return fc.record(
    {
      message_id: anId,
      channel: mostly('room'),
      timestamp: mostly(time, null, ''),
      screen_name: mostly('Alice', '', null),
      message: mostly('hello', '👍', 'a👍'),
      message_type: mostly('text', 'emoji', 'reaction', 'qa'),
      sender_id: anId,
      centralauth_id: mostly(1, '2', null),
      centralauth_username: mostly('Alice', null),
      profile_img: mostly('https://example.org/a.png', null),
      user_language: mostly('pt_BR', 'en', null),
      meta: fc.oneof(
        fc.constant<unknown>({}),
        aJson,
        fc.record(
          { target_message_id: anId, reaction: mostly('👍', ''), action: mostly('add', 'remove') },
          { requiredKeys: [] },
        ),
      ),
    },
    { requiredKeys: [] },
  );
}
