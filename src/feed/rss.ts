import type { Feed } from './feed';
import type { PublishedMessage } from './published';
import { element, textElement, XML_DECLARATION } from './xml';

/** RSS 2.0, with the link to itself that the RSS Advisory Board asks for. */
export function renderRss(feed: Feed): string {
  const channel = element('channel', [
    textElement('title', titleText(feed.title)),
    textElement('link', feed.homeUrl),
    // Plain text to the specification, HTML to feedparser.
    textElement('description', withoutDeclarations(feed.description || feed.title)),
    element('atom:link', [], { href: feed.selfUrl, rel: 'self', type: 'application/rss+xml' }),
    textElement('lastBuildDate', rfc822(feed.updatedAt)),
    ...feed.messages.map(toItem),
  ]);
  return XML_DECLARATION + element('rss', [channel], { version: '2.0', 'xmlns:atom': 'http://www.w3.org/2005/Atom' });
}

function toItem(message: PublishedMessage): string {
  return element('item', [
    textElement('title', titleText(message.name)),
    textElement('description', escapeHtml(message.text)),
    textElement('pubDate', rfc822(message.decidedAt)),
    textElement('guid', String(message.id), { isPermaLink: 'false' }),
  ]);
}

/**
 * A title is plain text, but feedparser guesses: one with an end tag or an entity it parses as HTML, and a malformed
 * `<!…` in that is an exception, which loses its reader the whole feed.
 */
function titleText(text: string): string {
  return /&[^&;]+;|<\/[^<>]+>/.test(text) ? withoutDeclarations(text) : text;
}

/** An invisible word joiner keeps `<!` from beginning anything. */
const withoutDeclarations = (text: string) => text.replaceAll('<!', '<\u2060!');

/** Readers take an item's description for HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const rfc822 = (ms: number) => new Date(ms).toUTCString();
