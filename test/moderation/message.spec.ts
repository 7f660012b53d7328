import fc from 'fast-check';
import { languageOf } from '../../src/moderation/language';
import { IncomingMessage, MAX_TEXT_BYTES, readMessage, Reading } from '../../src/moderation/message';
import { isBlank } from '../../src/moderation/text';
import { aJson, aPayload, aText } from '../support/arbitraries';
import { eventyayEvent, Fields, iso, TestBody } from '../support/bodies';
import { eventyayBytes } from '../support/http';
import { MALFORMED } from '../support/malformed-bodies';
import { SALVAGEABLE } from '../support/salvageable-bodies';

const NOW = Date.UTC(2026, 10, 22, 10, 15, 30, 500);

const read = (fields: Fields, now = NOW): Reading => readMessage(eventyayBytes(eventyayEvent(now, fields)), now);

function message(fields: Fields): IncomingMessage {
  const reading = read(fields);
  if (reading.kind !== 'message') throw new Error(`not a message: ${JSON.stringify(reading)}`);
  return reading.message;
}

const key = (fields: Fields): string => message(fields).key;

const reaction = (fields: Fields, meta: Fields = {}): Fields => ({
  message_type: 'emoji',
  message: 'the text reacted to',
  ...fields,
  meta: { target_message_id: 5, reaction: '👍', action: 'add', ...meta },
});

describe('the tables of bodies', () => {
  it('are long enough', () => {
    expect(MALFORMED.length).toBeGreaterThanOrEqual(150);
    expect(SALVAGEABLE.length).toBeGreaterThanOrEqual(60);
  });

  it.each<[string, readonly TestBody[]]>([
    ['malformed', MALFORMED],
    ['salvageable', SALVAGEABLE],
  ])('have no two %s ones with the same field and fault, or the same bytes', (_, bodies) => {
    expect(new Set(bodies.map(({ field, fault }) => JSON.stringify([field, fault]))).size).toBe(bodies.length);
    expect(new Set(bodies.map(({ body }) => body(NOW).toString('latin1'))).size).toBe(bodies.length);
  });

  it('stay within 64 KiB', () => {
    const sizes = [...MALFORMED, ...SALVAGEABLE].map(({ body }) => body(NOW).length);
    expect(Math.max(...sizes)).toBe(65_536);
  });
});

describe('a malformed body is refused, with the field at fault named', () => {
  const PROBLEMS: Record<string, RegExp> = {
    body: /^the body is not a JSON object$/,
    message: /^message must/,
    timestamp: /^(?:timestamp must|message_id or timestamp is required)/,
    message_id: /^message_id or timestamp is required$/,
    meta: /^message_id or timestamp is required$/,
    target: /^message_id or timestamp is required$/,
  };

  it.each(MALFORMED.map((entry) => [entry.name, entry] as const))('%s', (_, { body, field }) => {
    const problem = expect.stringMatching(PROBLEMS[field.split(' ')[0]]) as string;
    const reading = readMessage(body(NOW), NOW);
    expect(reading).toEqual({ kind: 'unusable', why: expect.any(String), problem });
    // Admins are told what to do by the reason alone.
    if (reading.kind !== 'unusable') return;
    const isClock = reading.problem.includes('within 300 seconds');
    expect(reading.why).toBe(field === 'body' ? 'not-json' : isClock ? 'clock' : 'field');
  });
});

describe('a salvageable body is kept', () => {
  const asShown = (kept: IncomingMessage): Record<string, unknown> => ({
    ...kept,
    screenName: kept.ownName,
    language: languageOf(kept, { detection: false, likely: [], default: 'en' }),
  });

  it.each(SALVAGEABLE.map((entry) => [entry.name, entry] as const))('%s', (_, entry) => {
    const reading = readMessage(entry.body(NOW), NOW);
    expect(reading.kind).toBe('message');
    if (reading.kind === 'message') expect(asShown(reading.message)).toMatchObject(entry.expect);
  });

  it('as a message of its own', () => {
    const keys = SALVAGEABLE.map(({ body }) => readMessage(body(NOW), NOW)).map((reading) =>
      reading.kind === 'message' ? reading.message.key : null,
    );
    expect(new Set(keys).size).toBe(SALVAGEABLE.length);
  });
});

describe('whatever arrives', () => {
  const HARMFUL = /[\p{Cc}\p{Cs}]/u;
  const PROBLEM = /^(?:the body|message|message_id|timestamp) [a-zA-Z0-9_ ]+$/;
  const LIMITS = {
    sourceId: 255,
    targetId: 255,
    ownName: 200,
    wikiUsername: 255,
    senderId: 255,
    centralauthId: 16,
    profileImage: 1_000,
    userLanguage: 35,
    sourceChannel: 255,
  } as const;

  /** Plain code, for a matcher for each of these would make the laws slow. */
  function* faultsOf(reading: Reading): Generator<string> {
    if (reading.kind === 'unusable' && !PROBLEM.test(reading.problem)) yield 'problem';
    if (reading.kind !== 'message') return;
    const { type, key: id, sentAt, ...texts } = reading.message;
    if (!['text', 'emoji', 'qa'].includes(type)) yield 'type';
    if (!/^[A-Za-z0-9_-]{43}$/.test(id)) yield 'key';
    if (sentAt !== null && !Number.isSafeInteger(sentAt)) yield 'sentAt';
    for (const [field, text] of Object.entries(texts)) {
      if (text !== null && (isBlank(text) || HARMFUL.test(text))) yield field;
    }
    for (const [field, limit] of Object.entries(LIMITS)) {
      if ([...(texts[field as keyof typeof LIMITS] ?? '')].length > limit) yield `length of ${field}`;
    }
    if (Buffer.byteLength(texts.text) > MAX_TEXT_BYTES) yield 'length of text';
    if (type === 'emoji' && texts.text.length > 64) yield 'length of symbol';
  }

  const isSound = (body: Buffer): void => expect([...faultsOf(readMessage(body, NOW))]).toEqual([]);

  it('never throws, and never yields what harms or cannot be seen: any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => isSound(Buffer.from(bytes))),
      { numRuns: 1_000 },
    );
  });

  it('nor for any JSON', () => {
    fc.assert(
      fc.property(aJson, (value) => isSound(Buffer.from(JSON.stringify(value)))),
      { numRuns: 2_000 },
    );
  });

  it('nor for any payload', () => {
    fc.assert(
      fc.property(aPayload(NOW), (payload) => isSound(Buffer.from(JSON.stringify(payload)))),
      { numRuns: 2_000 },
    );
  });

  it('nor for an event some of whose bytes are others', () => {
    const changes = fc.array(fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 255 })), { maxLength: 3 });
    fc.assert(
      fc.property(changes, (bytes) => {
        const body = eventyayBytes(eventyayEvent(NOW, { message: 'a👍b', user_language: 'pt-BR' }));
        for (const [at, byte] of bytes) body[at % body.length] = byte;
        isSound(body);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('an event of Eventyay', () => {
  it('is read whole', () => {
    const event = { message_id: 7, user_language: 'pt_BR', profile_img: 'https://example.org/a.png' };
    expect(message(event)).toEqual({
      type: 'text',
      key: expect.stringMatching(/^[\w-]{43}$/),
      sourceId: '7',
      targetId: null,
      text: 'Great talk so far!',
      ownName: 'Alice',
      wikiUsername: 'Alice (WMF)',
      senderId: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
      centralauthId: '42',
      profileImage: 'https://example.org/a.png',
      userLanguage: 'pt-BR',
      sourceChannel: '550e8400-e29b-41d4-a716-446655440000',
      sentAt: NOW,
    });
  });

  it.each([
    ['text', 'text'],
    ['message', 'text'],
    ['channel.message', 'text'],
    ['qa', 'qa'],
    ['question', 'qa'],
    ['emoji', 'emoji'],
    ['reaction', 'emoji'],
    ['event.reaction', 'emoji'],
    ['Emoji', 'text'],
  ])('of message_type %s is of type %s', (given, type) => {
    expect(message({ message_type: given, message: '👍' }).type).toBe(type);
  });
});

describe('the language of the sender', () => {
  it('is canonical, and not longer than its column', () => {
    expect(message({ user_language: 'zh_hans_cn' }).userLanguage).toBe('zh-Hans-CN');
    // A canonical tag can be longer than the one that was sent.
    expect(message({ user_language: 'sh' }).userLanguage).toBe('sr-Latn');
    expect(message({ user_language: `sh-x-${'abcdefgh-'.repeat(3)}xyz` }).userLanguage).toBeNull();
    expect(message({ user_language: `sr-x-${'abcdefgh-'.repeat(3)}xyz` }).userLanguage).toHaveLength(35);
  });
});

describe('the time of sending', () => {
  it.each([
    [-300_001, 'unusable'],
    [-300_000, 'message'],
    [300_000, 'message'],
    [300_001, 'unusable'],
  ])('%d ms from now makes it %s', (distance, kind) => {
    expect(read({ timestamp: iso(NOW + distance) }).kind).toBe(kind);
    expect(read({ timestamp: iso(NOW + distance), message_type: 'qa' }).kind).toBe(kind);
    expect(read({ timestamp: iso(NOW + distance), message_type: 'emoji', meta: { reaction: '👍' } }).kind).toBe(kind);
  });

  it('is not looked at for a reaction with a target', () => {
    expect(message(reaction({ timestamp: '2020-01-01T00:00:00Z' })).sentAt).toBe(Date.UTC(2020, 0, 1));
    expect(message(reaction({ timestamp: 'yesterday' })).sentAt).toBeNull();
  });
});

describe('a reaction', () => {
  it('shows its symbol and never the text reacted to', () => {
    expect(message(reaction({})).text).toBe('👍');
    fc.assert(
      fc.property(aText, aText, (text, symbol) => {
        const reading = read(reaction({ message: `${text}WORDS${text}` }, { reaction: symbol }));
        expect(reading.kind).toBe(isBlank(symbol) ? 'ignored' : 'message');
        expect(JSON.stringify(reading)).not.toContain('WORDS');
      }),
    );
  });

  it('names the message reacted to', () => {
    expect(message(reaction({ message_id: 5 }))).toMatchObject({ sourceId: '5', targetId: '5', type: 'emoji' });
    expect(message(reaction({ message_id: null }))).toMatchObject({ sourceId: '5', targetId: '5' });
  });

  it.each([
    ['a symbol missing', undefined],
    ['a blank symbol', ' \uFE0F'],
    ['a number for a symbol', 5],
  ])('with %s is ignored, unless the message is nothing but emoji', (_, symbol) => {
    expect(read(reaction({}, { reaction: symbol }))).toEqual({ kind: 'ignored', why: 'no-symbol' });
    expect(read(reaction({ message: null }, { reaction: symbol }))).toEqual({ kind: 'ignored', why: 'no-symbol' });
    expect(message(reaction({ message: '👏🏿' }, { reaction: symbol })).text).toBe('👏🏿');
  });

  it('taken back is ignored, with a target and without', () => {
    expect(read(reaction({}, { action: 'remove' }))).toEqual({ kind: 'ignored', why: 'removal' });
    expect(read(reaction({}, { action: 'remove', target_message_id: null }))).toEqual({
      kind: 'ignored',
      why: 'removal',
    });
    expect(read(reaction({}, { action: 'remove', reaction: null }))).toEqual({ kind: 'ignored', why: 'removal' });
  });

  it('that is unusable is refused before it is ignored', () => {
    const bare = { target_message_id: null, reaction: null, action: 'remove' };
    expect(read(reaction({ message_id: null, timestamp: null }, bare)).kind).toBe('unusable');
    expect(read(reaction({ timestamp: 'yesterday' }, bare)).kind).toBe('unusable');
    expect(read({ meta: { action: 'remove' }, message_type: 'text' }).kind).toBe('message');
  });

  it('with a target needs neither id nor timestamp', () => {
    expect(read(reaction({ message_id: undefined, timestamp: undefined })).kind).toBe('message');
  });
});

describe('the same message', () => {
  it('has the same id, whatever else differs: text and questions share the ids', () => {
    expect(key({ message_id: 5 })).toBe(key({ message_id: '5', message: 'other', sender_id: 'other' }));
    expect(key({ message_id: 5, message_type: 'qa' })).toBe(key({ message_id: 5 }));
    expect(key({ message_id: 5 })).not.toBe(key({ message_id: 6 }));
    expect(key({ message_id: '5' })).not.toBe(key({ message_id: ' 5' }));
    expect(key({ message_id: 'a' })).not.toBe(key({ message_id: 'A' }));
    expect(key({ message_id: 'é' })).not.toBe(key({ message_id: 'e\u0301' }));
  });

  it('is told apart however long or odd its id is', () => {
    const ids = [
      'x'.repeat(255),
      'x'.repeat(256),
      'x'.repeat(257),
      'a\0',
      'a',
      'a\uD83D',
      'a\uFFFD',
      message({ message_id: 'a\0' }).sourceId,
    ];
    expect(new Set(ids.map((id) => key({ message_id: id }))).size).toBe(ids.length);
    expect(new Set(ids.map((id) => message({ message_id: id }).sourceId)).size).toBe(ids.length);
  });

  it('without an id is the same bytes', () => {
    expect(key({ message_id: null })).toBe(key({ message_id: null }));
    expect(key({ message_id: null })).not.toBe(key({ message_id: '' }));
    const { sourceId } = message({ message_id: null });
    expect(sourceId).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(key({ message_id: sourceId })).not.toBe(key({ message_id: null }));
  });
});

describe('the same reaction', () => {
  it('has the same target, sender and symbol, whatever else differs', () => {
    const other = { message_id: 9, timestamp: null, screen_name: 'Eve', centralauth_id: 8 };
    expect(key(reaction({}))).toBe(key(reaction(other)));
    expect(key(reaction({}, { target_message_id: '5' }))).toBe(key(reaction({})));
    expect(key(reaction({}))).not.toBe(key(reaction({}, { target_message_id: 6 })));
    expect(key(reaction({}))).not.toBe(key(reaction({}, { reaction: '👎' })));
    expect(key(reaction({}))).not.toBe(key(reaction({ sender_id: 'other' })));
  });

  it('is by the account where there is no sender id; sender 5 is not account 5', () => {
    const byAccount = (id: number, more: Fields = {}): string =>
      key(reaction({ sender_id: null, centralauth_id: id, ...more }));
    expect(byAccount(5)).toBe(byAccount(5, { message_id: 'other' }));
    expect(byAccount(5)).not.toBe(byAccount(6));
    expect(byAccount(5)).not.toBe(key(reaction({ sender_id: 5, centralauth_id: 5 })));
  });

  it('is the same bytes where there is neither', () => {
    const nobody = { sender_id: null, centralauth_id: null };
    expect(key(reaction(nobody))).toBe(key(reaction(nobody)));
    expect(key(reaction(nobody))).not.toBe(key(reaction({ ...nobody, screen_name: 'other' })));
  });

  it('without a target is by its id, apart from texts', () => {
    const bare = (id: unknown): Fields => ({ message_type: 'emoji', message_id: id, meta: { reaction: '👍' } });
    expect(key(bare(5))).toBe(key({ ...bare('5'), sender_id: 'other', meta: { reaction: '👎' } }));
    expect(key(bare(5))).not.toBe(key({ message_id: 5 }));
    expect(key(bare(5))).not.toBe(key(reaction({ message_id: 5 })));
    expect(key(bare(null))).not.toBe(key(bare('')));
  });
});
