import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { At, eventyayEvent, Fields, iso, MalformedBody } from './bodies';
import { eventyayBytes } from './http';

/** Signed bodies that a webhook must refuse with 400: no two with the same field and fault. */

const DAY = 86_400_000;

function malformed(field: string, fault: string, body: (now: number) => Buffer): MalformedBody {
  return { name: `${field}: ${fault}`, field, fault, body, status: 400 };
}

/** A row for each fault: one field of an event, with a value that makes it unusable. */
function faults(field: string, key: string, values: Record<string, unknown>, rest: Fields = {}): MalformedBody[] {
  return Object.entries(values).map(([fault, value]) =>
    malformed(field, fault, (now) =>
      eventyayBytes(eventyayEvent(now, { ...rest, [key]: typeof value === 'function' ? (value as At)(now) : value })),
    ),
  );
}

/** Bytes that are no JSON object. */
function noObjects(bodies: Record<string, string | Buffer | ((event: string) => string | Buffer)>): MalformedBody[] {
  return Object.entries(bodies).map(([fault, body]) =>
    malformed('body', fault, (now) => {
      const bytes = typeof body === 'function' ? body(eventyayBytes(eventyayEvent(now, {})).toString()) : body;
      return typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    }),
  );
}

function utf32(text: string, littleEndian: boolean): Buffer {
  const bytes = Buffer.alloc(text.length * 4);
  [...text].forEach((c, i) =>
    littleEndian ? bytes.writeUInt32LE(c.charCodeAt(0), i * 4) : bytes.writeUInt32BE(c.charCodeAt(0), i * 4),
  );
  return bytes;
}

const range = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join('');

const BLANKS: Record<string, string> = {
  'an empty string': '',
  spaces: '   ',
  'no-break spaces': '\u00A0\u202F',
  tabs: '\t\t',
  'line feeds': '\n\n',
  'carriage returns': '\r\r\n',
  'vertical tabs and form feeds': '\v\f',
  'line and paragraph separators': '\u2028\u2029',
  'an ideographic space': '\u3000',
  'an Ogham space': '\u1680',
  'typographic spaces': range(0x2000, 0x200a) + '\u205F',
  'a next-line control': '\u0085',
  NUL: '\0',
  'C0 controls': range(1, 8) + range(14, 31),
  delete: '\u007F',
  'C1 controls': range(0x80, 0x84) + range(0x86, 0x9f),
  'a zero-width space': '\u200B',
  joiners: '\u200C\u200D',
  'a word joiner': '\u2060',
  'a byte order mark': '\uFEFF',
  'soft hyphens': '\u00AD\u00AD',
  'directional marks': '\u200E\u200F\u061C',
  'directional overrides': range(0x202a, 0x202e),
  'directional isolates': range(0x2066, 0x2069),
  'invisible operators': range(0x2061, 0x2064),
  'deprecated format characters': range(0x206a, 0x206f),
  'a Mongolian vowel separator': '\u180E',
  'Mongolian variation selectors': '\u180B\u180C\u180D',
  'Hangul fillers': '\u3164',
  'half-width Hangul fillers': '\uFFA0',
  'Hangul jamo fillers': '\u115F\u1160',
  'a braille cell without dots': '\u2800',
  'a grapheme joiner': '\u034F',
  'Khmer inherent vowels': '\u17B4\u17B5',
  'variation selectors': range(0xfe00, 0xfe0f),
  'supplementary variation selectors': range(0xe0100, 0xe0110),
  tags: range(0xe0020, 0xe007f),
  'annotation marks': '\uFFF9\uFFFA\uFFFB',
  'musical controls': range(0x1d173, 0x1d17a),
  'shorthand controls': range(0x1bca0, 0x1bca3),
  noncharacters: '\uFDD0\uFFFE\uFFFF\u{1FFFE}',
  'a mixture of everything blank': ' \u200B\t\0\uFE0F\u3164\n\uFEFF',
};

const NOT_STRINGS: Record<string, unknown> = {
  missing: undefined,
  null: null,
  true: true,
  false: false,
  zero: 0,
  'an integer': 42,
  'a fraction': 1.5,
  'an empty array': [],
  'an array of a string': ['hello'],
  'an empty object': {},
  'an object with a text': { text: 'hello' },
};

const UNUSABLE_IDS: Record<string, unknown> = {
  missing: undefined,
  null: null,
  'an empty string': '',
  spaces: '  ',
  'zero-width characters': '\u200B\u200D',
  'control characters': '\0\u0001',
  true: true,
  false: false,
  'a fraction': 1.5,
  'an integer beyond 2^53': 2 ** 53,
  'an integer below -2^53': -(2 ** 53),
  'an integer beyond 2^63': 1e300,
  'an array of an id': [5],
  'an object of an id': { id: 5 },
};

const stamp =
  (text: (iso: string) => string): At =>
  (now) =>
    text(iso(now));

const NO_TIMES: Record<string, unknown> = {
  true: true,
  false: false,
  zero: 0,
  'epoch seconds': (now: number) => Math.floor(now / 1000),
  'epoch milliseconds': (now: number) => now,
  'fractional epoch seconds': (now: number) => now / 1000 + 0.5,
  'a negative number': -1,
  'an empty array': [],
  'an array of a timestamp': (now: number) => [iso(now)],
  'an empty object': {},
  'an object with a timestamp': (now: number) => ({ $date: iso(now) }),
  spaces: '  ',
  'a word': 'now',
  'one digit': '1',
  'epoch seconds as a string': (now: number) => String(Math.floor(now / 1000)),
  'epoch milliseconds as a string': (now: number) => String(now),
  'an RFC 2822 date': (now: number) => new Date(now).toUTCString(),
  "JavaScript's toString": (now: number) => new Date(now).toString(),
  "C's ctime": 'Sun Nov 22 10:15:30 2026',
  'a local format': '11/22/2026, 10:15:30 AM',
  'a date without a time': stamp((t) => t.slice(0, 10)),
  'a time without a date': stamp((t) => t.slice(11)),
  'a month': stamp((t) => t.slice(0, 7)),
  'a year': stamp((t) => t.slice(0, 4)),
  'a week date': stamp((t) => `${t.slice(0, 4)}-W47-7${t.slice(10)}`),
  'an ordinal date': stamp((t) => `${t.slice(0, 4)}-326${t.slice(10)}`),
  'a duration': 'PT5M',
  'an interval': stamp((t) => `${t}/PT1H`),
  'a repeating interval': stamp((t) => `R5/${t}/PT1H`),
  'a space for the T': stamp((t) => t.replace('T', ' ')),
  'an underscore for the T': stamp((t) => t.replace('T', '_')),
  'a small t': stamp((t) => t.replace('T', 't')),
  'no T': stamp((t) => t.replace('T', '')),
  'a T without a time': stamp((t) => t.slice(0, 11)),
  'a small z': stamp((t) => t.replace('Z', 'z')),
  'slashes in the date': stamp((t) => t.replaceAll('-', '/')),
  'dots in the date': stamp((t) => t.slice(0, 10).replaceAll('-', '.') + t.slice(10)),
  'dots in the time': stamp((t) => t.replaceAll(':', '.')),
  'day, month, year': stamp((t) => `${t.slice(8, 10)}-${t.slice(5, 7)}-${t.slice(0, 4)}${t.slice(10)}`),
  'a year of two digits': stamp((t) => t.slice(2)),
  'a year of five digits': stamp((t) => `0${t}`),
  'a signed year of six digits': stamp((t) => `+00${t}`),
  'a month of one digit': stamp((t) => `${t.slice(0, 5)}1${t.slice(7)}`),
  'a day of one digit': stamp((t) => `${t.slice(0, 8)}1${t.slice(10)}`),
  'an hour of one digit': stamp((t) => `${t.slice(0, 11)}1${t.slice(13)}`),
  'a minute of one digit': stamp((t) => `${t.slice(0, 14)}1${t.slice(16)}`),
  'a second of one digit': stamp((t) => `${t.slice(0, 17)}1Z`),
  'half basic, half extended': stamp((t) => t.slice(0, 10).replaceAll('-', '') + t.slice(10)),
  'one dash missing': stamp((t) => t.replace('-', '')),
  'month 0': stamp((t) => `${t.slice(0, 5)}00${t.slice(7)}`),
  'month 13': stamp((t) => `${t.slice(0, 5)}13${t.slice(7)}`),
  'day 0': stamp((t) => `${t.slice(0, 8)}00${t.slice(10)}`),
  'day 32': stamp((t) => `${t.slice(0, 8)}32${t.slice(10)}`),
  'February 30': stamp((t) => `${t.slice(0, 4)}-02-30${t.slice(10)}`),
  'February 29 of no leap year': stamp((t) => `2026-02-29${t.slice(10)}`),
  'April 31': stamp((t) => `${t.slice(0, 4)}-04-31${t.slice(10)}`),
  'hour 25': stamp((t) => `${t.slice(0, 11)}25${t.slice(13)}`),
  'a second past 24:00': stamp((t) => `${t.slice(0, 11)}24:00:01Z`),
  'minute 60': stamp((t) => `${t.slice(0, 14)}60${t.slice(16)}`),
  'second 60': stamp((t) => `${t.slice(0, 17)}60Z`),
  'second 99': stamp((t) => `${t.slice(0, 17)}99Z`),
  'a negative hour': stamp((t) => `${t.slice(0, 11)}-1${t.slice(13)}`),
  'a point without a fraction': stamp((t) => `${t.slice(0, 19)}.Z`),
  'two fractions': stamp((t) => `${t.slice(0, 19)}.1.2Z`),
  'letters in the fraction': stamp((t) => `${t.slice(0, 19)}.1e3Z`),
  'a zone by abbreviation': stamp((t) => t.replace('Z', 'CET')),
  'a zone by name': stamp((t) => `${t}[Europe/Berlin]`),
  'a zone spelt UTC': stamp((t) => t.replace('Z', ' UTC')),
  'two zones': stamp((t) => `${t}+00:00`),
  'a zone of +24:00': (now: number) => iso(now + DAY).replace('Z', '+24:00'),
  'a zone with 60 minutes': stamp((t) => t.replace('Z', '+00:60')),
  'a zone of one digit': stamp((t) => t.replace('Z', '+0')),
  'a zone with seconds': stamp((t) => t.replace('Z', '+00:00:00')),
  'a sign without a zone': stamp((t) => t.replace('Z', '+')),
  'a typographic minus': stamp((t) => t.replace('Z', '\u221200:00')),
  'a space before it': stamp((t) => ` ${t}`),
  'a space after it': stamp((t) => `${t} `),
  'a line feed after it': stamp((t) => `${t}\n`),
  'NUL after it': stamp((t) => `${t}\0`),
  'a byte order mark before it': stamp((t) => `\uFEFF${t}`),
  'a zero-width space in it': stamp((t) => t.replace('T', 'T\u200B')),
  'quotation marks around it': stamp((t) => `"${t}"`),
  'full-width digits': stamp((t) =>
    String.fromCharCode(...[...t].map((c) => (/\d/.test(c) ? c.charCodeAt(0) + 0xfee0 : c.charCodeAt(0)))),
  ),
  'Arabic digits': stamp((t) => t.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)))),
  'two timestamps': stamp((t) => `${t} ${t}`),
  'a long run of digits': '2026'.repeat(4_000),
  'too old by a minute': (now: number) => iso(now - 360_000),
  'too old by a day': (now: number) => iso(now - DAY),
  'too old by a year': (now: number) => iso(now - 366 * DAY),
  'at the epoch': iso(0),
  'in the year 1': '0001-01-01T00:00:00Z',
  'in the year 0': '0000-01-01T00:00:00Z',
  'ahead by minutes': (now: number) => iso(now + 400_000),
  'ahead by a day': (now: number) => iso(now + DAY),
  'in the year 9999': '9999-12-31T23:59:59Z',
  'local time passed off as UTC': (now: number) => iso(now + 19_800_000),
  'old for its zone': stamp((t) => t.replace('Z', '+02:00')),
  'old, in basic form': (now: number) => iso(now - 600_000).replace(/[-:]/g, ''),
  'old, without a zone': (now: number) => iso(now - 600_000).slice(0, -1),
};

const NOT_OBJECTS: Parameters<typeof noObjects>[0] = {
  empty: '',
  'white space': ' \r\n\t ',
  null: 'null',
  true: 'true',
  false: 'false',
  'an integer': '42',
  'a fraction': '-1.5e3',
  'a string': '"hello"',
  'an event encoded twice': (event) => JSON.stringify(event),
  'an empty array': '[]',
  'an array of an event': (event) => `[${event}]`,
  'an array of two events': (event) => `[${event},${event}]`,
  'an event cut off': (event) => event.slice(0, 100),
  'no closing brace': (event) => event.slice(0, -1),
  'no opening brace': (event) => event.slice(1),
  'a bracket for the closing brace': (event) => `${event.slice(0, -1)}]`,
  'a closing brace too many': (event) => `${event}}`,
  'an opening brace alone': '{',
  'a comma at the end': (event) => event.replace(/}$/, ',}'),
  'a comma at the beginning': (event) => event.replace('{', '{,'),
  'two commas': (event) => event.replace(',', ',,'),
  'no comma': (event) => event.replace(',', ' '),
  'no colon': (event) => event.replace(':', ' '),
  'an equals sign for the colon': (event) => event.replace(':', '='),
  'a key without a value': (event) => event.replace('{', '{"x":,'),
  'a value without a key': (event) => event.replace('{', '{"x",'),
  'a number for a key': (event) => event.replace('{', '{1:2,'),
  'keys without quotes': (event) => event.replace(/"(\w+)":/g, '$1:'),
  'single quotes': (event) => event.replaceAll('"', "'"),
  'typographic quotes': (event) => event.replaceAll('"', '\u201C'),
  'escaped quotes': (event) => event.replaceAll('"', '\\"'),
  'a line comment': (event) => `${event}// end`,
  'a block comment': (event) => event.replace('{', '{/* event */'),
  'a hash comment': (event) => `# event\n${event}`,
  'two events in a row': (event) => `${event}${event}`,
  'two lines of events': (event) => `${event}\n${event}\n`,
  'a record separator before it': (event) => `\u001E${event}`,
  'text after it': (event) => `${event} ok`,
  'NUL after it': (event) => `${event}\0`,
  'a semicolon after it': (event) => `${event};`,
  'two byte order marks': (event) => `\uFEFF\uFEFF${event}`,
  'a no-break space before it': (event) => `\u00A0${event}`,
  'a vertical tab before it': (event) => `\v${event}`,
  'a guard against inclusion': (event) => `)]}',\n${event}`,
  'a callback around it': (event) => `callback(${event})`,
  'NaN for a value': (event) => event.replace('42', 'NaN'),
  'Infinity for a value': (event) => event.replace('42', '-Infinity'),
  'undefined for a value': (event) => event.replace('null', 'undefined'),
  "Python's None": (event) => event.replaceAll('null', 'None'),
  "Python's True": (event) => event.replaceAll('null', 'True'),
  'a hexadecimal number': (event) => event.replace('42', '0x2A'),
  'a leading zero': (event) => event.replace('42', '042'),
  'a leading plus': (event) => event.replace('42', '+42'),
  'a point without a fraction': (event) => event.replace('42', '42.'),
  'a fraction without an integer': (event) => event.replace('42', '.42'),
  'an exponent without digits': (event) => event.replace('42', '42e'),
  'digits with separators': (event) => event.replace('42', '4_2'),
  'a big integer': (event) => event.replace('42', '42n'),
  'a line feed in a string': (event) => event.replace('Great talk', 'Great\ntalk'),
  'a tab in a string': (event) => event.replace('Great talk', 'Great\ttalk'),
  'NUL in a string': (event) => event.replace('Great talk', 'Great\0talk'),
  'an unknown escape': (event) => event.replace('Great talk', 'Great\\xtalk'),
  'an escape cut off': (event) => event.replace('Great talk', 'Great\\u12talk'),
  'a string without an end': (event) => event.replace('Great talk so far!"', 'Great talk so far!'),
  'a form': 'message=hello&message_id=5',
  'form parts': '--x\r\nContent-Disposition: form-data; name="message"\r\n\r\nhello\r\n--x--\r\n',
  XML: '<?xml version="1.0"?><message id="5">hello</message>',
  HTML: '<!doctype html><title>502 Bad Gateway</title>',
  YAML: 'message: hello\nmessage_id: 5\n',
  'an event stream': (event) => `data: ${event}\n\n`,
  Base64: (event) => Buffer.from(event).toString('base64'),
  'percent-encoding': (event) => encodeURIComponent(event),
  'full-width braces': (event) => `\uFF5B${event.slice(1, -1)}\uFF5D`,
  'UTF-16, little-endian, with a mark': (event) => Buffer.from(`\uFEFF${event}`, 'utf16le'),
  'UTF-16, little-endian': (event) => Buffer.from(event, 'utf16le'),
  'UTF-16, big-endian, with a mark': (event) => Buffer.from(`\uFEFF${event}`, 'utf16le').swap16(),
  'UTF-16, big-endian': (event) => Buffer.from(event, 'utf16le').swap16(),
  'UTF-32, little-endian': (event) => utf32(event, true),
  'UTF-32, big-endian': (event) => utf32(event, false),
  EBCDIC: Buffer.from([0xc0, 0x7f, 0x94, 0x7f, 0x7a, 0xf5, 0xd0]),
  gzip: (event) => gzipSync(event),
  deflate: (event) => deflateSync(event),
  Brotli: (event) => brotliCompressSync(event),
  CBOR: Buffer.from([0xa1, 0x67, 0x6d, 0x65, 0x73, 0x73, 0x61, 0x67, 0x65, 0x62, 0x68, 0x69]),
  MessagePack: Buffer.from([0x81, 0xa7, 0x6d, 0x65, 0x73, 0x73, 0x61, 0x67, 0x65, 0xa2, 0x68, 0x69]),
  BSON: Buffer.from([0x0f, 0, 0, 0, 0x02, 0x6d, 0, 0x03, 0, 0, 0, 0x68, 0x69, 0, 0]),
  'an image': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  'every byte': Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
  'NUL bytes': Buffer.alloc(1_000),
  'bytes that are never UTF-8': Buffer.alloc(1_000, 0xff),
  'half a character before it': (event) => Buffer.concat([Buffer.from([0xe2, 0x82]), Buffer.from(event)]),
  'half a character after it': (event) => Buffer.concat([Buffer.from(event), Buffer.from([0xc3])]),
  'arrays nested without an end': '['.repeat(65_536),
  'arrays nested to the limit': '['.repeat(32_768) + ']'.repeat(32_768),
  'objects nested without an end': '{"a":'.repeat(13_000),
  'an object of quotes': `{${'"'.repeat(60_000)}}`,
  'a number of 65,536 digits': '9'.repeat(65_536),
};

const withTime: Fields = { message_id: undefined };
const reaction: Fields = { message_type: 'emoji', message: 'hello' };
const neither: Fields = { message_id: undefined, timestamp: undefined };
const meta = (value: unknown): Fields => ({ target_message_id: value, reaction: '👍', action: 'add' });
const pick = (table: Record<string, unknown>, ...keys: string[]): Fields =>
  Object.fromEntries(keys.map((key) => [key, table[key]]));

export const MALFORMED: readonly MalformedBody[] = [
  ...noObjects(NOT_OBJECTS),
  ...faults('message', 'message', { ...NOT_STRINGS, ...BLANKS }),
  ...faults(
    'message of a question',
    'message',
    { ...NOT_STRINGS, ...pick(BLANKS, 'an empty string', 'spaces', 'NUL', 'a zero-width space', 'Hangul fillers') },
    { message_type: 'qa' },
  ),
  ...faults('message of type question', 'message', pick(NOT_STRINGS, 'missing', 'null', 'an integer'), {
    message_type: 'question',
  }),
  ...faults('message of type channel.message', 'message', pick(NOT_STRINGS, 'missing', 'null', 'an integer'), {
    message_type: 'channel.message',
  }),
  ...faults('message without a type', 'message', pick(NOT_STRINGS, 'missing', 'null', 'an integer'), {
    message_type: undefined,
  }),
  ...faults('message of an unknown type', 'message', pick(NOT_STRINGS, 'missing', 'null', 'an integer'), {
    message_type: 'poll',
    meta: meta(5),
  }),
  ...faults('timestamp', 'timestamp', NO_TIMES),
  ...faults(
    'timestamp without an id',
    'timestamp',
    {
      ...pick(NO_TIMES, 'true', 'epoch seconds', 'a word', 'too old by a minute', 'ahead by minutes', 'February 30'),
      null: null,
      'an empty string': '',
    },
    withTime,
  ),
  ...faults(
    'timestamp of a question',
    'timestamp',
    pick(NO_TIMES, 'epoch milliseconds', 'a space for the T', 'too old by a day'),
    { message_type: 'qa' },
  ),
  ...faults('message_id without a timestamp', 'message_id', UNUSABLE_IDS, { timestamp: undefined }),
  ...faults(
    'message_id of a question without a timestamp',
    'message_id',
    pick(UNUSABLE_IDS, 'missing', 'null', 'true'),
    { timestamp: null, message_type: 'qa' },
  ),
  ...faults(
    'message_id of a reaction without target and timestamp',
    'message_id',
    pick(UNUSABLE_IDS, 'missing', 'null', 'a fraction', 'spaces'),
    { ...reaction, timestamp: '', meta: { reaction: '👍' } },
  ),
  ...faults(
    'timestamp of a reaction without target',
    'timestamp',
    pick(NO_TIMES, 'true', 'epoch seconds', 'a word', 'too old by a day', 'ahead by a day', 'day 32'),
    { ...reaction, meta: { reaction: '👍' } },
  ),
  ...faults(
    'meta of a reaction without id and timestamp',
    'meta',
    { missing: undefined, null: null, 'a string': '👍', 'an array': [meta(5)], 'an empty object': {}, 'a number': 5 },
    { ...reaction, ...neither },
  ),
  ...Object.entries(UNUSABLE_IDS).map(([fault, id]) =>
    malformed('target of a reaction without id and timestamp', fault, (now) =>
      eventyayBytes(eventyayEvent(now, { ...reaction, ...neither, meta: meta(id) })),
    ),
  ),
];
