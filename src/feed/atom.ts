import type { Feed } from './feed';
import { element, textElement, XML_DECLARATION } from './xml';

/** Atom 1.0 (RFC 4287). Texts are of type `text`, so nothing in them is markup to anybody. */
export function renderAtom(feed: Feed): string {
  const entries = feed.messages.map((message) => {
    const time = new Date(message.decidedAt).toISOString();
    const children = [
      textElement('id', feed.messageUrl(message)),
      textElement('title', message.name),
      element('author', [textElement('name', message.name)]),
      textElement('published', time),
      textElement('updated', time),
      textElement('content', message.text, { type: 'text' }),
    ];
    return element('entry', children, message.language ? { 'xml:lang': message.language } : {});
  });
  const children = [
    textElement('id', feed.selfUrl),
    textElement('title', feed.title),
    ...(feed.description ? [textElement('subtitle', feed.description)] : []),
    element('link', [], { rel: 'self', href: feed.selfUrl, type: 'application/atom+xml' }),
    element('link', [], { rel: 'alternate', href: feed.homeUrl, type: 'text/html' }),
    textElement('updated', new Date(feed.updatedAt).toISOString()),
    ...entries,
  ];
  return XML_DECLARATION + element('feed', children, { xmlns: 'http://www.w3.org/2005/Atom' });
}
