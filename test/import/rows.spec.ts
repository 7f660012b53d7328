import fc from 'fast-check';
import type { Cells } from '../../src/import/original/original';
import { readFlag, readTime } from '../../src/import/rows/cells';
import { mapChannel } from '../../src/import/rows/channel-row';
import { mapLogRow } from '../../src/import/rows/log-row';
import type { Mapped } from '../../src/import/rows/mapped';
import { mapMessage } from '../../src/import/rows/message-row';
import { mapMember, mapPattern, mapSender } from '../../src/import/rows/people-rows';
import { readSourceAddress } from '../../src/import/source-address';
import { readMessage } from '../../src/moderation/message';
import { eventyayBytes } from '../support/http';
import { originalChannel, originalLogRow, originalMessage } from '../support/original';

const NOW = Date.UTC(2026, 7, 5, 12);
const LABELS = ['Gast', 'Anonymous'];

/** @throws when it was refused */
function row<T>(mapped: Mapped<T>): T {
  if (mapped.kind === 'refused') throw new Error(mapped.why);
  return mapped.row;
}

const changesOf = (mapped: Mapped<unknown>) => (mapped.kind === 'row' ? mapped.changes : [mapped.why]);
const message = (overrides: Cells) => mapMessage(originalMessage(1, overrides), LABELS);
const channel = (overrides: Cells) => mapChannel(originalChannel(overrides), NOW);

describe('a time', () => {
  test.each([
    ['2026-08-05 09:30:00.123456', Date.UTC(2026, 7, 5, 9, 30, 0, 123)],
    ['2026-08-05 09:30:00', Date.UTC(2026, 7, 5, 9, 30)],
    ['2026-08-05T09:30:00.5', Date.UTC(2026, 7, 5, 9, 30, 0, 500)],
    ['2026-08-05T09:30:00Z', Date.UTC(2026, 7, 5, 9, 30)],
    ['0000-00-00 00:00:00', null],
    ['2026-02-30 00:00:00', null],
    ['yesterday', null],
    ['', null],
    [null, null],
    [1785920000, null],
  ])('%p is %p', (cell, time) => expect(readTime(cell)).toBe(time));
});

test.each([
  [1, true],
  [0, false],
  ['1', true],
  ['0', false],
  [true, true],
  [2, null],
  ['yes', null],
  [null, null],
])('the flag %p is %p', (cell, flag) => expect(readFlag(cell)).toBe(flag));

describe('a message', () => {
  test.each([
    ['queued', 0],
    ['pending', 0],
    ['highlighted', 1],
    ['approved', 2],
    [' Rejected ', 3],
  ])('with the status %p has the rank %i', (status, rank) => {
    const mapped = message({ status, processed_at: '2026-08-05 10:00:00' });
    expect([row(mapped).rank, changesOf(mapped)]).toEqual([rank, []]);
  });

  test.each([['spam'], [''], [null], [7]])('with the status %p is queued, and said to be', (status) => {
    const mapped = message({ status });
    expect([row(mapped).rank, changesOf(mapped)]).toEqual([0, ['status is none that is known: taken as queued']]);
  });

  test('is decided by nobody, and at no time, while it is queued', () => {
    const { decidedAt, deciderId } = row(
      message({ processed_at: '2026-08-05 10:00:00', processed_by_centralauth_id: 5 }),
    );
    expect([decidedAt, deciderId]).toEqual([null, null]);
  });

  test.each([
    ['Gast #12', { label: 'Gast', number: 12 }],
    ['Anonymous #1', { label: 'Anonymous', number: 1 }],
    ['Anonymous #01', null],
    ['Anonymous #', null],
    ['Anonymous', null],
    ['Guest #3', null],
    [' Gast #12', null],
    [null, null],
  ])('of %p has the made name %p', (screen_name, madeName) => {
    const taken = row(message({ screen_name }));
    expect(taken.madeName).toEqual(madeName);
    if (madeName) expect(taken.message.ownName).toBeNull();
  });

  test.each([
    ['a text', { message_type: 'text' }, { message_type: 'text', meta: {} }],
    ['a question', { message_type: 'qa' }, { message_type: 'question', meta: {} }],
    [
      'a reaction by a sender',
      { message_type: 'emoji', message: 'the text reacted to', meta: '{"target_message_id": 1001, "reaction": "❤️"}' },
      {
        message_type: 'emoji',
        message: 'the text reacted to',
        meta: { target_message_id: 1001, reaction: '❤️', action: 'add' },
      },
    ],
    [
      'a reaction by an account',
      {
        sender_id: null,
        centralauth_id: 42,
        message_type: 'emoji',
        meta: '{"target_message_id": "9", "reaction": "👍"}',
      },
      {
        sender_id: null,
        centralauth_id: '42',
        message_type: 'reaction',
        meta: { target_message_id: 9, reaction: '👍' },
      },
    ],
    [
      'a reaction without a target',
      { message_type: 'emoji', message: '🎉', meta: '' },
      { message_type: 'emoji', message: '🎉', meta: {} },
    ],
  ])('%s has the key that the webhook gives the same event', (_, cells, sent) => {
    const event = {
      message_id: 1001,
      sender_id: 'sender-1',
      timestamp: new Date(NOW).toISOString(),
      message: 'Hello',
      ...sent,
    };
    const reading = readMessage(eventyayBytes(event), NOW);
    if (reading.kind !== 'message') throw new Error(reading.kind);
    expect(row(message(cells)).message.key).toBe(reading.message.key);
  });

  test('without an id of Eventyay is itself, also beside one that is alike', () => {
    const keyOf = (id: number) => row(message({ id, eventyay_message_id: null })).message.key;
    expect(keyOf(1)).toBe(keyOf(1));
    expect(keyOf(1)).not.toBe(keyOf(2));
  });

  test('that reacts never shows the text that was reacted to', () => {
    const meta = '{"target_message_id": 5, "reaction": "👍"}';
    expect(row(message({ message_type: 'emoji', message: 'banned words', meta })).message.text).toBe('👍');
  });

  test.each([
    ['id is no number', { id: 'one' }],
    ['arrived_at is no time', { arrived_at: 'soon' }],
    ['message must not be blank', { message: '\u200B' }],
    ['message must be a string', { message: null }],
    ['a reaction without a symbol', { message_type: 'emoji', message: 'words', meta: '{' }],
    ['a reaction that was taken back', { message_type: 'emoji', meta: '{"action": "remove", "reaction": "👍"}' }],
  ])('is refused: %s', (why, cells) => expect(message(cells)).toEqual({ kind: 'refused', why }));
});

test.each([
  ['no time of making', channel({ created_at: '0000-00-00 00:00:00' }), 'created_at is no time: taken as now'],
  ['a blank name', channel({ name: ' ' }), 'name is blank: the id was taken'],
  ['an account that is none', message({ centralauth_id: -5 }), 'centralauth_id is no id of an account: left out'],
])('%s is told', (_, mapped, change) => expect(changesOf(mapped)).toEqual([change]));

test.each([null, 0, '', '0'])('that there is no account, as %p, is nothing to tell', (none) =>
  expect(changesOf(message({ centralauth_id: none }))).toEqual([]),
);

describe('a row of the log', () => {
  test.each([
    ['approve', 'approve', null],
    ['approved', 'approve', null],
    ['allow', 'approve', 'allow'],
    ['highlight', 'highlight', null],
    ['Highlighted', 'highlight', null],
    ['reject', 'reject', null],
    ['rejected', 'reject', null],
    ['reject-similar', 'reject', 'reject-similar'],
    ['reject_similar', 'reject', 'reject-similar'],
    ['ban', 'reject', 'block'],
    ['block-similar', 'reject', 'pattern'],
  ])('that says %p is %p with the cause %p', (written, decision, cause) => {
    expect(row(mapLogRow(originalLogRow(1, { decision: written })))).toMatchObject({ decision, cause });
  });

  test('is refused for a decision that nobody knows, and for no time', () => {
    expect(mapLogRow(originalLogRow(1, { decision: 'skip' }))).toMatchObject({ why: 'decision is none that is known' });
    expect(mapLogRow(originalLogRow(1, { decided_at: '' }))).toMatchObject({ why: 'decided_at is no time' });
  });

  test('of a reaction holds a symbol or nothing', () => {
    const textOf = (message_text: string) =>
      row(mapLogRow(originalLogRow(1, { message_type: 'emoji', message_text }))).text;
    expect([textOf('👍'), textOf('what was reacted to')]).toEqual(['👍', '']);
  });
});

describe('a channel', () => {
  test.each([
    ['x'.repeat(65), `channel id '${'x'.repeat(64)}' is no valid id`],
    ['X Y', "channel id 'X Y' is no valid id"],
    ['-a', "channel id '-a' is no valid id"],
    ['a\n\u001b[2J', "channel id 'a [2J' is no valid id"],
    [null, 'channel id that is no text is no valid id'],
  ])('with the id %p is refused', (id, why) => expect(channel({ id })).toEqual({ kind: 'refused', why }));

  test.each([
    ['["en", "nl", "en"]', ['en', 'nl'], []],
    ['["en", "?", 5]', ['en'], ['likely_languages names what is no language: left out']],
    ['[]', [], []],
    ['null', undefined, []],
    [null, undefined, []],
    ['', undefined, []],
    ['{}', undefined, ['likely_languages is no JSON list: left empty']],
    ['en, nl', undefined, ['likely_languages is no JSON list: left empty']],
  ])('with the likely languages %p has %p', (likely_languages, languages, changes) => {
    const mapped = channel({ likely_languages });
    expect([row(mapped).settings.likelyLanguages, changesOf(mapped)]).toEqual([languages, changes]);
  });

  test('whose flags are nonsense is closed and private', () => {
    const { settings } = row(channel({ is_active: null, is_public: 'maybe' }));
    expect(settings).toMatchObject({ active: false, public: false });
  });

  test('with a name of blanks is called by its id', () =>
    expect(row(channel({ name: ' ' })).settings.name).toBe('main-hall'));
});

test('who is listed without an id and without a name that one can see is somebody whom the API refuses', () => {
  expect(row(mapSender({ channel_id: 'a', screen_name: '\u200B', sender_id: ' ', centralauth_id: -1 }))).toMatchObject({
    senderId: null,
    centralauthId: null,
    screenName: null,
  });
});

test.each([
  ['dev.db', { type: 'sqlite', path: 'dev.db' }],
  ['/srv/x/dev.db', { type: 'sqlite', path: '/srv/x/dev.db' }],
  ['sqlite:////srv/dev.db', { type: 'sqlite', path: '/srv/dev.db' }],
  ['sqlite:///dev.db', { type: 'sqlite', path: 'dev.db' }],
  [
    'mysql+pymysql://s1__u:p%40ss@tools.db/s1__db?charset=utf8mb4',
    { type: 'mysql', login: { host: 'tools.db', port: 3306, user: 's1__u', password: 'p@ss', database: 's1__db' } },
  ],
  ['mariadb://u@h:3307/d', { type: 'mysql', login: { host: 'h', port: 3307, user: 'u', password: '', database: 'd' } }],
  ['mysql://u:%ZZ@h/d', null],
  ['mysql:///d', null],
  ['http://h/d', null],
  ['', null],
])('the address %p is %p', (from, address) => expect(readSourceAddress(from)).toEqual(address));

describe('whatever a row holds', () => {
  const SECRET = 'tell-tale';
  const cell = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        undefined,
        null,
        '',
        ' ',
        SECRET,
        `${SECRET}\0\ud800`,
        '{}',
        '[',
        '5',
        '2026-08-05 10:00:00',
      ),
    },
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double(),
    fc.constant(Buffer.from('blob')),
    fc.constant('x'.repeat(70_000)),
  );
  const MAPS: [string, Cells, (cells: Cells) => Mapped<unknown>][] = [
    ['a channel', originalChannel(), (cells) => mapChannel(cells, NOW)],
    ['a message', originalMessage(1), (cells) => mapMessage(cells, LABELS)],
    ['a row of the log', originalLogRow(1), mapLogRow],
    ['a member', { channel_id: 'a', centralauth_id: 5, wiki_username: 'Mo', role: 'admin', added_at: null }, mapMember],
    ['a sender', { channel_id: 'a', screen_name: 'x', sender_id: 'y', centralauth_id: 5, added_at: null }, mapSender],
    ['a pattern', { channel_id: 'a', pattern_text: 'x', added_by_centralauth_id: 5, added_at: null }, mapPattern],
  ];

  test.each(MAPS)(
    '%s is taken in a form that every database takes, or refused, and nothing of it is told',
    (name, whole, map) => {
      const dirty = fc.record(
        Object.fromEntries(Object.entries(whole).map(([key, value]) => [key, fc.oneof(fc.constant(value), cell)])),
      );
      fc.assert(
        fc.property(dirty, (cells) => {
          const mapped = map(cells);
          if (name !== 'a channel') expect(changesOf(mapped).join()).not.toContain(SECRET);
          if (mapped.kind === 'refused') return;
          const stored = { ...(mapped.row as object), customCss: undefined, screenName: undefined };
          expect(JSON.stringify(stored)).not.toMatch(/\\u0000|\\ud8/);
          for (const [, time] of Object.entries(stored).filter(([key]) => key.endsWith('At')))
            expect(time === null || Number.isSafeInteger(time)).toBe(true);
        }),
        { numRuns: 500 },
      );
    },
  );
});
