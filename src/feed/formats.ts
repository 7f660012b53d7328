import { renderAtom } from './atom';
import type { Feed } from './feed';
import { renderJsonFeed } from './json-feed';
import { renderRss } from './rss';

/** By the first part of their paths. */
export const FORMATS = {
  rss: { mediaType: 'application/rss+xml', render: renderRss },
  atom: { mediaType: 'application/atom+xml', render: renderAtom },
  jsonfeed: { mediaType: 'application/feed+json', render: renderJsonFeed },
} as const satisfies Record<string, { mediaType: string; render(feed: Feed): string }>;

export type Format = keyof typeof FORMATS;
