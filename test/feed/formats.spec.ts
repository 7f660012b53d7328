import fc from 'fast-check';
import { feedOf } from '../../src/feed/feed';
import { FORMATS, type Format } from '../../src/feed/formats';
import type { PublishedMessage, Snapshot, View } from '../../src/feed/published';
import { escapeHtml } from '../../src/feed/rss';
import { describeWithParsers, readFeeds, xmllint } from './feed-readers';

const snippets = [
  ']]>',
  '<![CDATA[',
  '-->',
  '<!--',
  '<?xml version="1.0"?>',
  '<!DOCTYPE x [<!ENTITY y "z">]>',
  '&nbsp;',
  '&y;',
  '&amp;',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&amp;lt;b&amp;gt;',
  '</b>',
  '<![x[',
  '<!DOCTYPE',
  '&#0;',
  '&#x0;',
  '&#38;',
  '&#60;img&#62;',
  '&',
  '<script>alert(1)</script>',
  '<img src=x onerror="alert(1)">',
  '</description></item>',
  `"'`,
  '\u0000',
  '\u0007',
  '\u001b[31m',
  '\u007f',
  '\u0085',
  '\u009f',
  '\u2028',
  '\ufffe',
  '\uffff',
  '\ufdd0',
  '\u{1fffe}',
  '\u{10ffff}',
  '\ud800',
  '\udfff',
  '\udc00\ud800',
  '\ufeff',
  '\u202eright to left\u202c',
  'مرحبا',
  'שלום',
  '👩‍👩‍👧‍👦',
  '👍🏽',
  '🇩🇪',
  '\r\n',
  '\r',
  '\t',
  ' ',
  'a',
];
const units = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
  .map((codes) => String.fromCharCode(...codes));
const piece = fc.oneof(fc.constantFrom(...snippets), fc.string({ unit: 'binary', maxLength: 8 }), units);
const anyText = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
const anyMessage: fc.Arbitrary<PublishedMessage> = fc.record({
  id: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  name: anyText,
  text: anyText,
  language: fc.constantFrom(null, 'en', 'zh-Hant', 'ar'),
  decidedAt: fc.integer({ min: 0, max: 4_102_444_800_000 }),
});

/** What XML 1.0 can say of a text: U+FFFD for what it has no character for. */
const sayable = (text: string) => text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');

/** What RSS makes of a title, see titleText; its invisible character aside. */
const withoutJoiner = (text: string | undefined) => text?.replaceAll('<\u2060!', '<!');

const head: Snapshot['head'] = {
  id: 'room',
  name: 'Room',
  description: 'The big room',
  public: false,
  displayToken: 'a-display-token',
  createdAt: 1,
  publishedVersion: 7,
  publishedModified: 1_763_800_000,
};

// An `&` that begins something like an entity, in an attribute as well.
const PUBLIC_URL = 'https://chat.example/a&amp;b';

type Options = Partial<Snapshot['head']> & { view?: View };

function render(format: Format, messages: PublishedMessage[], { view = 'published', ...rest }: Options = {}): string {
  const snapshot = { head: { ...head, ...rest }, messages };
  return FORMATS[format].render(feedOf(snapshot, format, view, PUBLIC_URL));
}

const message = (rest: Partial<PublishedMessage>): PublishedMessage => ({
  id: 5,
  name: 'Ada',
  text: 'Hello',
  language: null,
  decidedAt: 1_763_800_123_456,
  ...rest,
});

describeWithParsers('feeds read by other programs', () => {
  it.each(['rss', 'atom'] as const)('%s says any text, to any parser', (format) => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 200, size: 'max' }), anyText, (messages, name) => {
        const document = render(format, messages, { name, description: name });
        expect(xmllint(document)).toBe('');
        const [read] = readFeeds([document]);
        expect(read).toMatchObject({ bozo: null, entries: messages.length });
        expect(withoutJoiner(read?.title)).toBe(sayable(name));
        for (const [i, { id, name: from, text, decidedAt }] of messages.entries()) {
          const item = read?.items[i];
          expect(withoutJoiner(item?.title)).toBe(sayable(from));
          expect(item).toMatchObject({ text: sayable(text), tags: [] });
          expect(item?.id).toMatch(new RegExp(`(^|#)${id}$`));
          expect(Math.floor(Date.parse(item?.date ?? '') / 1000)).toBe(Math.floor(decidedAt / 1000));
        }
      }),
      { numRuns: 12 },
    );
  });

  it.each(['rss', 'atom'] as const)('%s is valid with no messages, and with one of 65,000 bytes', (format) => {
    const long = [message({ text: '<&👍>'.repeat(8_125) })];
    for (const document of [render(format, []), render(format, long, { description: '' })]) {
      expect(xmllint(document)).toBe('');
      expect(readFeeds([document])[0]?.bozo).toBeNull();
    }
    expect(readFeeds([render(format, long)])[0]?.items[0]?.text).toBe(long[0]?.text);
  });
});

it('HTML that was escaped comes back as the text, and holds no markup', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const escaped = escapeHtml(text);
      expect(escaped).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
      expect(escaped.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')).toBe(text);
    }),
  );
});

it('a JSON feed says any text', () => {
  fc.assert(
    fc.property(fc.array(anyMessage, { maxLength: 10 }), (messages) => {
      const read = JSON.parse(Buffer.from(render('jsonfeed', messages)).toString()) as { items: unknown[] };
      expect(read.items).toEqual(
        messages.map(({ id, name, text, language, decidedAt }) => ({
          id: String(id),
          title: name,
          content_text: text,
          date_published: new Date(decidedAt).toISOString(),
          authors: [{ name }],
          ...(language === null ? {} : { language }),
        })),
      );
    }),
  );
});

describe('an RSS feed', () => {
  const highlights = render('rss', [message({ text: 'a < b & c' })], { view: 'highlights' });

  it('has the channel, the item and nothing else', () => {
    expect(highlights).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>' +
        '<title>Room: highlights</title><link>https://chat.example/a&amp;amp;b/</link><description>The big room</description>' +
        '<atom:link href="https://chat.example/a&amp;amp;b/rss/room/highlights" rel="self" type="application/rss+xml"></atom:link>' +
        '<lastBuildDate>Sat, 22 Nov 2025 08:28:43 GMT</lastBuildDate><item><title>Ada</title>' +
        '<description>a &amp;lt; b &amp;amp; c</description><pubDate>Sat, 22 Nov 2025 08:28:43 GMT</pubDate>' +
        '<guid isPermaLink="false">5</guid></item></channel></rss>',
    );
  });
});

it.each(['rss', 'atom', 'jsonfeed'] as const)('%s never holds the token, and is the same bytes each time', (format) => {
  const messages = [message({}), message({ id: 4, language: 'ar' })];
  expect(render(format, messages)).not.toContain('a-display-token');
  expect(render(format, messages)).toBe(render(format, messages));
});
