import { type Feed, feedOf } from './feed';
import type { View } from './published';
import type { Format } from './formats';

const AT = Date.parse('2026-08-05T09:30:04.567Z');

/** A feed of one message, for the OpenAPI document: rendered like any other, it is what one gets. */
export function exampleFeed(format: Format, view: View): Feed {
  const head = {
    id: 'main-hall',
    name: 'Main hall',
    description: 'Keynotes and the closing session',
    public: true,
    displayToken: '',
    createdAt: AT,
    publishedVersion: 1,
    publishedModified: Math.floor(AT / 1000),
  };
  const messages = [{ id: 4711, name: 'Alice', text: 'Great talk so far!', language: 'en', decidedAt: AT }];
  return feedOf({ head, messages }, format, view, 'https://chatstream-moderate.toolforge.org');
}
