import fc from 'fast-check';
import { type ChatEvent, Crowd } from '../../src/admin/simulation/crowd';
import { eventyayJson } from '../../src/admin/simulation/eventyay-json';
import { readMessage } from '../../src/moderation/message';
import { isSimilar, normalise } from '../../src/moderation/similarity';
import { eventyayBytes } from '../support/http';

const NOW = Date.UTC(2026, 7, 5, 9, 30);

const KEYS = [
  'centralauth_id',
  'centralauth_username',
  'channel',
  'message',
  'message_id',
  'message_type',
  'meta',
  'profile_img',
  'screen_name',
  'sender_id',
  'timestamp',
  'user_language',
];

/** What a crowd says within some minutes, with dice that always fall the same. */
function said(count = 3_000): ChatEvent[] {
  let state = 12345;
  const random = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  const crowd = new Crowd(NOW, random);
  return Array.from({ length: count }, (_, i) => crowd.next(NOW + i * 50));
}

const texts = (events: ChatEvent[]) => events.filter(({ message_type }) => message_type !== 'emoji');
const reactions = (events: ChatEvent[]) => events.filter(({ message_type }) => message_type === 'emoji');

test('every event has the twelve keys of Eventyay and is one that the webhook can use', () => {
  const events = said(280);
  for (const [i, event] of events.entries()) {
    expect(Object.keys(event).sort()).toEqual(KEYS);
    expect(readMessage(Buffer.from(eventyayJson(event)), NOW + i * 50).kind).not.toBe('unusable');
  }
});

test('texts have ids of their own, also beside those of another process', () => {
  const ids = [...texts(said()), ...texts(said().map((event) => ({ ...event, message_id: event.message_id })))].map(
    (event) => event.message_id,
  );
  expect(new Set(ids).size).toBe(ids.length / 2);
  const later = new Crowd(NOW + 60_000).next(NOW + 60_000);
  expect(later.message_id).toBeGreaterThan(Math.max(...ids));
  expect(Number.isSafeInteger(later.message_id)).toBe(true);
});

test('reactions carry id, text and time of an earlier text, and their symbol in meta', () => {
  const events = said();
  const byId = new Map(texts(events).map((event) => [event.message_id, event]));
  expect(reactions(events).length).toBeGreaterThan(300);
  for (const event of reactions(events)) {
    const target = byId.get(event.message_id)!;
    expect(event).toMatchObject({ message: target.message, timestamp: target.timestamp, message_type: 'emoji' });
    const meta = event.meta as { reaction: string };
    expect(meta).toEqual({
      target_message_id: target.message_id,
      reaction: expect.any(String),
      action: expect.stringMatching(/^(add|remove)$/),
      reactions: { [meta.reaction]: [event.sender_id] },
    });
  }
});

test('the mixture has questions, many languages, senders without a name, and spam that is similar to itself', () => {
  const events = said();
  expect(events.filter(({ message_type }) => message_type === 'qa').length).toBeGreaterThan(50);
  expect(new Set(events.map(({ user_language }) => user_language)).size).toBeGreaterThan(15);
  expect(new Set(texts(events).map(({ message }) => message)).size).toBeGreaterThan(60);
  expect(events.some(({ screen_name }) => screen_name.trim() === '')).toBe(true);
  const spam = new Set(
    texts(events)
      .map(({ message }) => message)
      .filter((message) => message.startsWith('Buy cheap')),
  );
  expect(spam.size).toBeGreaterThan(5);
  const [first = '', ...others] = [...spam].map(normalise);
  for (const other of others) expect(isSimilar(first, other)).toBe(true);
});

test('senders keep their identity, and no account is one of a real person', () => {
  const nameOf = new Map<string, string>();
  for (const { sender_id, screen_name, centralauth_id } of said()) {
    expect(nameOf.get(sender_id) ?? screen_name).toBe(screen_name);
    nameOf.set(sender_id, screen_name);
    if (centralauth_id !== null) expect(centralauth_id).toBeGreaterThan(1_000_000_000);
  }
  expect(nameOf.size).toBeGreaterThan(30);
});

test('a given text is said as it is', () => {
  expect(new Crowd(NOW).text(NOW, 'As it is ')).toMatchObject({ message: 'As it is ', message_type: 'text', meta: {} });
});

test('JSON is written as Eventyay writes it', () => {
  expect(eventyayJson({ b: [1, { z: null, a: '👍é\n"\u007f' }], a: true })).toBe(
    '{"a":true,"b":[1,{"a":"\\ud83d\\udc4d\\u00e9\\n\\"\\u007f","z":null}]}',
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = eventyayJson({ value });
      expect(json).toMatch(/^[ -~]*$/);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ value })));
      expect(json).toBe(eventyayBytes({ value }).toString());
    }),
  );
});
