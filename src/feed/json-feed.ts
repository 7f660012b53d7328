import type { Feed } from './feed';

/** JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/ */
export function renderJsonFeed(feed: Feed): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    description: feed.description || undefined,
    home_page_url: feed.homeUrl,
    feed_url: feed.selfUrl,
    items: feed.messages.map((message) => ({
      id: String(message.id),
      title: message.name,
      content_text: message.text,
      date_published: new Date(message.decidedAt).toISOString(),
      authors: [{ name: message.name }],
      language: message.language ?? undefined,
    })),
  });
}
