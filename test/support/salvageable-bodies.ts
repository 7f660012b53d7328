import { createHash } from 'node:crypto';
import { eventyayEvent, Fields, iso, SalvageableBody } from './bodies';
import { eventyayBytes } from './http';

/** Signed bodies that a webhook must take and keep, whatever else is wrong with them: no two with the same field and fault. */

type Expected = SalvageableBody['expect'];
type Row = [fault: string, value: unknown, expected: Expected];

const hashed = (id: string): string => `sha256:${createHash('sha256').update(JSON.stringify(id)).digest('hex')}`;

/** A row for each fault; each is a message of its own. */
function rows(field: string, table: Row[], fieldsOf: (value: unknown, name: string) => Fields): SalvageableBody[] {
  return table.map(([fault, value, expected]) => {
    const name = `${field}: ${fault}`;
    const body = (now: number) => {
      const given = typeof value === 'function' ? (value as (now: number) => unknown)(now) : value;
      return eventyayBytes(eventyayEvent(now, { message_id: name, ...fieldsOf(given, name) }));
    };
    return { name, field, fault, body, expect: expected };
  });
}

const optional = (key: string, table: Row[], rest: Fields = {}): SalvageableBody[] =>
  rows(key, table, (value) => ({ ...rest, [key]: value }));

/** Bodies whose bytes are odd, made from an event that is fine. */
function bytes(
  table: [fault: string, make: (event: Buffer) => Buffer | string, expected: Expected][],
): SalvageableBody[] {
  return table.map(([fault, make, expected]) => {
    const name = `body: ${fault}`;
    const body = (now: number) => Buffer.from(make(eventyayBytes(eventyayEvent(now, { message_id: name }))));
    return { name, field: 'body', fault, body, expect: expected };
  });
}

/** The event with other bytes for its text. */
const withText = (event: Buffer, text: Buffer): Buffer => {
  const [before, after] = event.toString('latin1').split(TEXT) as [string, string];
  return Buffer.concat([Buffer.from(before, 'latin1'), text, Buffer.from(after, 'latin1')]);
};
const replace =
  (text: string, by: string) =>
  (event: Buffer): string =>
    event.toString().replace(text, by);

const TEXT = 'Great talk so far!';
const SENDER = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

/** What fills a body up to 64 KiB. */
const FILLING = 'a'.repeat(
  65_536 - eventyayBytes(eventyayEvent(0, { message_id: 'body: as large as it may be', message: '' })).length,
);

const BODIES = bytes([
  ['a byte order mark', (event) => `\uFEFF${event.toString()}`, { text: TEXT }],
  ['white space around it', (event) => ` \r\n\t${event.toString()}\n\n`, { text: TEXT }],
  ['white space within', (event) => JSON.stringify(JSON.parse(event.toString()), null, 4), { text: TEXT }],
  ['a key twice, of which the last counts', replace('{', '{"message":"first",'), { text: TEXT }],
  ['escapes in a key', replace('"message":', '"\\u006d\\u0065ssage":'), { text: TEXT }],
  ['escapes that are not needed', replace(TEXT, '\\u0047reat talk\\u0020so far!'), { text: TEXT }],
  ['characters not escaped', (event) => withText(event, Buffer.from('Große 👍')), { text: 'Große 👍' }],
  ['a byte that is no UTF-8', (event) => withText(event, Buffer.from([0x61, 0xff, 0x62])), { text: 'a\uFFFDb' }],
  ['Latin-1', (event) => withText(event, Buffer.from('Gr\u00FC\u00DFe', 'latin1')), { text: 'Gr\uFFFD\uFFFDe' }],
  ['a character cut off', (event) => withText(event, Buffer.from([0x61, 0xe2, 0x82])), { text: 'a\uFFFD' }],
  ['an overlong encoding', (event) => withText(event, Buffer.from([0x61, 0xc0, 0xaf])), { text: 'a\uFFFD\uFFFD' }],
  ['an encoded half pair', (event) => withText(event, Buffer.from([0xed, 0xa0, 0xbd])), { text: '\uFFFD\uFFFD\uFFFD' }],
  ['a delete not escaped', (event) => withText(event, Buffer.from([0x61, 0x7f, 0x62])), { text: 'ab' }],
  ['a line separator not escaped', (event) => withText(event, Buffer.from('a\u2028b')), { text: 'a b' }],
  ['an unknown key', replace('{', '{"event_id":"x","version":2,'), { text: TEXT }],
  ['a key without a name', replace('{', '{"":null,'), { text: TEXT }],
  ['a key __proto__', replace('{', '{"__proto__":{"message":"polluted","meta":null},'), { text: TEXT }],
  ['a key constructor', replace('{', '{"constructor":{"prototype":{"message":"polluted"}},'), { text: TEXT }],
  ['a key toString', replace('{', '{"toString":null,"hasOwnProperty":1,"toJSON":0,'), { text: TEXT }],
  ['keys in capitals beside the right ones', replace('{', '{"MESSAGE":"x","Message_Id":1,'), { text: TEXT }],
  [
    'a thousand keys',
    replace('{', `{${Array.from({ length: 1_000 }, (_, i) => `"k${i}":${i},`).join('')}`),
    { text: TEXT },
  ],
  ['arrays nested deeply', replace('{', `{"x":${'['.repeat(30_000)}${']'.repeat(30_000)},`), { text: TEXT }],
  ['objects nested deeply', replace('{', `{"x":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)},`), { text: TEXT }],
  ['an enormous number', replace('{', `{"x":1${'0'.repeat(60_000)},`), { text: TEXT }],
  ['as large as it may be', replace(TEXT, FILLING), { text: FILLING }],
  [
    'bytes that grow beyond what is kept',
    (event) => withText(event, Buffer.alloc(60_000, 0xff)),
    { text: '\uFFFD'.repeat(21_845) },
  ],
]);

const MESSAGES = optional('message', [
  ['control characters', 'a\0b\u0007c\u001B[31md\u007Fe\u009Ff', { text: 'abc[31mdef' }],
  ['half a pair', 'a\uD83Db', { text: 'a\uFFFDb' }],
  ['two halves the wrong way round', 'a\uDC4D\uD83Db', { text: 'a\uFFFD\uFFFDb' }],
  ['noncharacters', 'a\uFFFEb\uFFFFc\uFDD0d\u{10FFFF}e', { text: 'abcde' }],
  ['line breaks', 'one\r\ntwo\nthree', { text: 'one two three' }],
  ['tabs', 'one\ttwo', { text: 'one two' }],
  ['line breaks at its ends', '\n\nhello\r\n', { text: 'hello' }],
  ['60,000 characters', 'a'.repeat(60_000), { text: 'a'.repeat(60_000) }],
  ['5,000 emoji', '😀'.repeat(5_000), { text: '😀'.repeat(5_000) }],
  ['a replacement character alone', '\uFFFD', { text: '\uFFFD' }],
  ['a combining accent alone', '\u0301', { text: '\u0301' }],
  ['a hundred accents on one letter', `e${'\u0301'.repeat(100)}`, { text: `e${'\u0301'.repeat(100)}` }],
  ['mark-up', '<script>alert(1)</script> & ]]> {{{x}}} ${y}', { text: '<script>alert(1)</script> & ]]> {{{x}}} ${y}' }],
  ['SQL', `'); DROP TABLE messages; -- " \\ %_`, { text: `'); DROP TABLE messages; -- " \\ %_` }],
  ['right-to-left text', 'هل الشرائح متاحة؟', { text: 'هل الشرائح متاحة؟' }],
  ['joined emoji', '👩🏽‍💻 ❤️ 🏳️‍🌈', { text: '👩🏽‍💻 ❤️ 🏳️‍🌈' }],
  ['characters beyond the last assigned', '\u{3FFFD}\u{E000}', { text: '\u{3FFFD}\u{E000}' }],
  ['digits only', '0', { text: '0' }],
  ['the word null', 'null', { text: 'null' }],
]);

const TYPES = optional('message_type', [
  ['missing', undefined, { type: 'text' }],
  ['null', null, { type: 'text' }],
  ['a number', 5, { type: 'text' }],
  ['a boolean', true, { type: 'text' }],
  ['an array', ['emoji'], { type: 'text' }],
  ['an object', { type: 'emoji' }, { type: 'text' }],
  ['an empty string', '', { type: 'text' }],
  ['unknown', 'poll', { type: 'text' }],
  ['the name of a method', 'constructor', { type: 'text' }],
  ['in capitals', 'QA', { type: 'text' }],
  ['another name for text', 'channel.message', { type: 'text' }],
  ['another name for a question', 'question', { type: 'qa' }],
]);

const IDS = optional('message_id', [
  ['missing', undefined, { text: TEXT }],
  ['null', null, { text: TEXT }],
  ['an empty string', '', { text: TEXT }],
  ['blank', ' \u200B', { text: TEXT }],
  ['a boolean', false, { text: TEXT }],
  ['a fraction', 0.5, { text: TEXT }],
  ['an integer beyond 2^53', 2 ** 53, { text: TEXT }],
  ['an array', [1], { text: TEXT }],
  ['an object', { $oid: '1' }, { text: TEXT }],
  ['zero', 0, { sourceId: '0' }],
  ['negative', -5, { sourceId: '-5' }],
  ['white space around it', ' 5 ', { sourceId: ' 5 ' }],
  ['in another case', 'ABCdef', { sourceId: 'ABCdef' }],
  ['an emoji', '👍', { sourceId: '👍' }],
  ['255 characters', 'x'.repeat(255), { sourceId: 'x'.repeat(255) }],
  ['256 characters', 'x'.repeat(256), { sourceId: hashed('x'.repeat(256)) }],
  ['4,000 emoji', '👍'.repeat(4_000), { sourceId: hashed('👍'.repeat(4_000)) }],
  ['NUL in it', 'a\0b', { sourceId: hashed('a\0b') }],
  ['half a pair in it', 'a\uD83D', { sourceId: hashed('a\uD83D') }],
  ['like a hash', hashed('y'), { sourceId: hashed(hashed('y')) }],
]);

const TIMESTAMPS = optional('timestamp', [
  ['missing', undefined, { text: TEXT }],
  ['null', null, { text: TEXT }],
  ['an empty string', '', { text: TEXT }],
  ['microseconds and an offset', (now: number) => iso(now).replace('Z', '456+00:00'), { text: TEXT }],
  ['no zone', (now: number) => iso(now).replace('Z', ''), { text: TEXT }],
  ['no seconds', (now: number) => `${iso(now).slice(0, 16)}Z`, { text: TEXT }],
  ['a comma before the fraction', (now: number) => iso(now).replace('.', ','), { text: TEXT }],
  ['basic form', (now: number) => iso(now).replace(/[-:]/g, ''), { text: TEXT }],
  ['a far zone', (now: number) => iso(now + 50_400_000).replace('Z', '+14:00'), { text: TEXT }],
  ['a zone of hours only', (now: number) => iso(now - 10_800_000).replace('Z', '-03'), { text: TEXT }],
  ['a zone without a colon', (now: number) => iso(now + 20_700_000).replace('Z', '+0545'), { text: TEXT }],
  ['twenty digits after the point', (now: number) => iso(now).replace('Z', '00000000000000000Z'), { text: TEXT }],
  ['old by four minutes', (now: number) => iso(now - 240_000), { text: TEXT }],
  ['ahead by four minutes', (now: number) => iso(now + 240_000), { text: TEXT }],
]);

const NAMES = optional('screen_name', [
  ['missing', undefined, { screenName: null }],
  ['null', null, { screenName: null }],
  ['an empty string', '', { screenName: null }],
  ['spaces', '   ', { screenName: null }],
  ['invisible characters', '\u200B\u3164\u2800\uFE0F', { screenName: null }],
  ['control characters only', '\0\u0007', { screenName: null }],
  ['a number', 5, { screenName: null }],
  ['a boolean', true, { screenName: null }],
  ['an array', ['Alice'], { screenName: null }],
  ['an object', { name: 'Alice' }, { screenName: null }],
  ['control characters in it', 'Al\0ic\u0007e', { screenName: 'Alice' }],
  ['a line break in it', 'Alice\nSmith', { screenName: 'Alice Smith' }],
  ['white space around it', '  Alice ', { screenName: 'Alice' }],
  ['half a pair in it', 'Alice\uD83D', { screenName: 'Alice\uFFFD' }],
  ['too long', 'é'.repeat(1_000), { screenName: 'é'.repeat(200) }],
  ['too long, of emoji', '😀'.repeat(1_000), { screenName: '😀'.repeat(200) }],
  ['too long, and blank at first', `${'\u200B'.repeat(500)}Alice`, { screenName: 'Alice' }],
  ['mark-up', '<b onclick=x>Eve</b>', { screenName: '<b onclick=x>Eve</b>' }],
]);

const SENDERS = optional('sender_id', [
  ['missing', undefined, { senderId: null }],
  ['null', null, { senderId: null }],
  ['blank', ' ', { senderId: null }],
  ['a number', 7, { senderId: '7' }],
  ['a fraction', 7.5, { senderId: null }],
  ['a boolean', true, { senderId: null }],
  ['an array', [SENDER], { senderId: null }],
  ['an object', { id: SENDER }, { senderId: null }],
  ['too long', 'x'.repeat(300), { senderId: hashed('x'.repeat(300)) }],
  ['a control character in it', 'a\u0001', { senderId: hashed('a\u0001') }],
  ['a line feed after it', `${SENDER}\n`, { senderId: hashed(`${SENDER}\n`) }],
]);

const ACCOUNTS = optional('centralauth_id', [
  ['missing', undefined, { centralauthId: null }],
  ['null', null, { centralauthId: null }],
  ['digits', '123', { centralauthId: '123' }],
  ['leading zeros', '000123', { centralauthId: '123' }],
  ['zero', 0, { centralauthId: null }],
  ['negative', -1, { centralauthId: null }],
  ['a fraction', 1.5, { centralauthId: null }],
  ['beyond 2^53', 2 ** 53, { centralauthId: null }],
  ['digits beyond 2^53', '99999999999999999999', { centralauthId: null }],
  ['a username', 'Alice (WMF)', { centralauthId: null }],
  ['an empty string', '', { centralauthId: null }],
  ['a boolean', true, { centralauthId: null }],
  ['an array', [5], { centralauthId: null }],
  ['an object', { id: 5 }, { centralauthId: null }],
  ['digits of another script', '٤٢', { centralauthId: null }],
]);

const OTHERS = [
  ...optional('centralauth_username', [
    ['missing', undefined, { wikiUsername: null }],
    ['a number', 5, { wikiUsername: null }],
    ['blank', ' ', { wikiUsername: null }],
    ['an object', {}, { wikiUsername: null }],
    ['control characters in it', 'Ali\0ce', { wikiUsername: 'Alice' }],
    ['too long', 'x'.repeat(1_000), { wikiUsername: 'x'.repeat(255) }],
  ]),
  ...optional('profile_img', [
    ['a URL', 'https://example.org/a.png', { profileImage: 'https://example.org/a.png' }],
    ['a script', 'javascript:alert(1)', { profileImage: null }],
    ['data', 'data:image/png;base64,AAAA', { profileImage: null }],
    ['a path', '/a.png', { profileImage: null }],
    ['no URL', 'https://', { profileImage: null }],
    ['white space in it', 'https://example.org/a b.png', { profileImage: null }],
    ['a control character in it', 'https://example.org/\0', { profileImage: null }],
    ['too long', `https://example.org/${'a'.repeat(1_000)}`, { profileImage: null }],
    ['a number', 5, { profileImage: null }],
    ['an object', { url: 'https://example.org/a.png' }, { profileImage: null }],
  ]),
  ...optional('user_language', [
    ['a region', 'pt-BR', { language: 'pt-BR' }],
    ['an underscore', 'pt_BR', { language: 'pt-BR' }],
    ['an old code', 'iw', { language: 'he' }],
    ['no language', 'not a language', { language: 'en' }],
    ['an encoding after it', 'de_DE.UTF-8', { language: 'en' }],
    ['too long', `en-${'a-b'.repeat(20)}`, { language: 'en' }],
    ['a number', 5, { language: 'en' }],
    ['an array', ['de'], { language: 'en' }],
    ['an empty string', '', { language: 'en' }],
  ]),
  ...optional('channel', [
    ['missing', undefined, { text: TEXT }],
    ['a number', 5, { text: TEXT }],
    ['an object', {}, { text: TEXT }],
    ['too long', 'x'.repeat(5_000), { text: TEXT }],
    ['control characters in it', 'a\0', { text: TEXT }],
  ]),
  ...optional('meta', [
    ['missing', undefined, { type: 'text', text: TEXT }],
    ['null', null, { type: 'text', text: TEXT }],
    ['a string', '👍', { type: 'text', text: TEXT }],
    ['an array', [1], { type: 'text', text: TEXT }],
    ['a reaction on a text', { target_message_id: 1, reaction: '👍', action: 'remove' }, { type: 'text', text: TEXT }],
  ]),
];

const reaction = (meta: unknown, rest: Fields = {}): Fields => ({ message_type: 'emoji', meta, ...rest });

const REACTIONS = [
  ...rows(
    'meta.reaction',
    [
      ['control characters in it', '\0👍\u0007', { type: 'emoji', text: '👍' }],
      ['white space around it', ' 👍\n', { type: 'emoji', text: '👍' }],
      ['too long', '👩🏽‍💻'.repeat(50), { type: 'emoji', text: '👩🏽‍💻'.repeat(9) }],
      ['a grapheme without end', `e${'\u0301'.repeat(200)}`, { type: 'emoji', text: `e${'\u0301'.repeat(31)}` }],
      ['a word', ':tada:', { type: 'emoji', text: ':tada:' }],
      ['half a pair', '\uD83D', { type: 'emoji', text: '\uFFFD' }],
    ],
    (value, name) => reaction({ target_message_id: name, reaction: value, action: 'add' }),
  ),
  ...rows(
    'meta.reaction beside a message of emoji',
    [
      ['missing', undefined, { type: 'emoji', text: '🔥🔥' }],
      ['null', null, { type: 'emoji', text: '🔥🔥' }],
      ['blank', ' ', { type: 'emoji', text: '🔥🔥' }],
      ['a number', 5, { type: 'emoji', text: '🔥🔥' }],
      ['an object', { symbol: '👍' }, { type: 'emoji', text: '🔥🔥' }],
      ['an array', ['👍'], { type: 'emoji', text: '🔥🔥' }],
    ],
    (value) => reaction({ reaction: value }, { message: '🔥🔥' }),
  ),
  ...rows(
    'meta.target_message_id',
    [
      ['a string', '5', { type: 'emoji', text: '👍' }],
      ['null', null, { type: 'emoji', text: '👍' }],
      ['a fraction', 1.5, { type: 'emoji', text: '👍' }],
      ['an object', {}, { type: 'emoji', text: '👍' }],
      ['too long', 'x'.repeat(300), { type: 'emoji', text: '👍' }],
      ['control characters in it', 'a\0', { type: 'emoji', text: '👍' }],
    ],
    (value) => reaction({ target_message_id: value, reaction: '👍', action: 'add' }),
  ),
  ...rows(
    'meta.action',
    [
      ['missing', undefined, { type: 'emoji', text: '👏' }],
      ['null', null, { type: 'emoji', text: '👏' }],
      ['unknown', 'toggle', { type: 'emoji', text: '👏' }],
      ['a number', 1, { type: 'emoji', text: '👏' }],
    ],
    (value, name) => reaction({ target_message_id: name, reaction: '👏', action: value }),
  ),
  ...rows(
    'timestamp of a reaction',
    [
      ['a year old', (now: number) => iso(now - 366 * 86_400_000), { type: 'emoji', text: '😂' }],
      ['no timestamp', 'yesterday', { type: 'emoji', text: '😂' }],
      ['a number', 5, { type: 'emoji', text: '😂' }],
      ['missing', undefined, { type: 'emoji', text: '😂' }],
    ],
    (value, name) => reaction({ target_message_id: name, reaction: '😂' }, { timestamp: value }),
  ),
  ...rows(
    'message of a reaction',
    [
      ['missing', undefined, { type: 'emoji', text: '❤️' }],
      ['null', null, { type: 'emoji', text: '❤️' }],
      ['a number', 5, { type: 'emoji', text: '❤️' }],
      ['blank', ' ', { type: 'emoji', text: '❤️' }],
      ['the text reacted to', 'words that a moderator has banned', { type: 'emoji', text: '❤️' }],
    ],
    (value, name) => reaction({ target_message_id: name, reaction: '❤️' }, { message: value }),
  ),
  ...rows(
    'message_id of a reaction',
    [
      ['missing', undefined, { type: 'emoji', text: '🎉' }],
      ['an object', {}, { type: 'emoji', text: '🎉' }],
    ],
    (value, name) => reaction({ target_message_id: name, reaction: '🎉' }, { message_id: value, timestamp: undefined }),
  ),
];

export const SALVAGEABLE: readonly SalvageableBody[] = [
  ...BODIES,
  ...MESSAGES,
  ...TYPES,
  ...IDS,
  ...TIMESTAMPS,
  ...NAMES,
  ...SENDERS,
  ...ACCOUNTS,
  ...OTHERS,
  ...REACTIONS,
];
