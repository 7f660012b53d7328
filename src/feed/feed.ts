import type { PublishedMessage, Snapshot, View } from './published';

/** What all formats say, each in its own words. */
export interface Feed {
  title: string;
  /** Plain text; may be empty. */
  description: string;
  /** For people. */
  homeUrl: string;
  /** Of the feed itself; never with a token. */
  selfUrl: string;
  /** Epoch ms; the version's, not the clock's, so that every process renders the same bytes. */
  updatedAt: number;
  messages: readonly PublishedMessage[];
  /** An address for each message that never changes, the same in both views. */
  messageUrl(message: PublishedMessage): string;
}

/** @param format as in the feed's path */
export function feedOf({ head, messages }: Snapshot, format: string, view: View, publicUrl: string): Feed {
  const url = `${publicUrl}/${format}/${head.id}`;
  return {
    title: view === 'highlights' ? `${head.name}: highlights` : head.name,
    description: head.description,
    homeUrl: `${publicUrl}/`,
    selfUrl: view === 'highlights' ? `${url}/highlights` : url,
    // The version's date may be a minute early, see database/last-modified.ts; nothing in the feed is newer than this.
    updatedAt: Math.max(head.publishedModified * 1000, ...messages.map(({ decidedAt }) => decidedAt)),
    messages,
    messageUrl: (message) => `${url}#${message.id}`,
  };
}
