import { EntityManager } from 'typeorm';
import { numberPlaceholders } from '../database/statements';
import { rankOf } from '../moderation/decision';

/** `published` is approved and highlighted together; `highlights` only the latter. */
export const VIEWS = ['published', 'highlights'] as const;
export type View = (typeof VIEWS)[number];

/** What a feed says of its channel, and who may read it, at one moment. */
export interface ChannelHead {
  id: string;
  name: string;
  description: string;
  public: boolean;
  displayToken: string;
  /** Epoch ms; tells a channel from a deleted one of the same id. */
  createdAt: number;
  publishedVersion: number;
  /** Epoch seconds, see database/last-modified.ts. */
  publishedModified: number;
}

export interface PublishedMessage {
  id: number;
  /** The name displays may show. */
  name: string;
  text: string;
  /** BCP 47; null when unknown. */
  language: string | null;
  /** Epoch ms. */
  decidedAt: number;
}

/** A channel and its newest published messages, newest decision first, as they were at the same moment. */
export interface Snapshot {
  head: ChannelHead;
  messages: PublishedMessage[];
}

const FEED_LENGTH = 50;

/** One look-up by primary key: what every request asks before it is answered from memory. */
export async function readHead(reader: EntityManager, channelId: string): Promise<ChannelHead | null> {
  const rows = await reader.query<HeadRow[]>(numberPlaceholders(reader, `SELECT ${HEAD} ${CHANNEL} WHERE c.id = ?`), [
    channelId,
  ]);
  return rows[0] ? toHead(rows[0]) : null;
}

/**
 * One statement, and therefore one snapshot on all three databases: the content can be neither older nor newer than the
 * version read with it.
 */
export async function readSnapshot(reader: EntityManager, channelId: string, view: View): Promise<Snapshot | null> {
  const ranks = (view === 'published' ? (['highlighted', 'approved'] as const) : (['highlighted'] as const)).map(
    rankOf,
  );
  // Each rank by itself, for then the index messages_decided gives the newest without sorting.
  const newest = ranks.map((_, i) => `SELECT * FROM (${NEWEST_OF_RANK}) AS r${i}`).join(' UNION ALL ');
  const query = `SELECT ${HEAD}, m.* ${CHANNEL} LEFT JOIN (${newest}) AS m ON 1 = 1 WHERE c.id = ?`;
  const parameters = [...ranks.flatMap((rank) => [channelId, rank]), channelId];
  const rows = await reader.query<SnapshotRow[]>(numberPlaceholders(reader, query), parameters);
  return rows[0] ? { head: toHead(rows[0]), messages: toMessages(rows) } : null;
}

const HEAD = `c.id AS channel_id, c.name AS channel_name, c.description AS channel_description, c.is_public, c.display_token,
  c.created_at, s.published_version, s.published_modified`;
const CHANNEL = 'FROM channels c JOIN channel_state s ON s.channel_id = c.id';
const NEWEST_OF_RANK = `SELECT id, screen_name, published_name, text, language, decided_at, change_seq FROM messages
  WHERE channel_id = ? AND status_rank = ? AND decided_at IS NOT NULL ORDER BY decided_at DESC, id DESC LIMIT ${FEED_LENGTH}`;

interface HeadRow {
  channel_id: string;
  channel_name: string;
  channel_description: string;
  is_public: boolean | number;
  display_token: string;
  created_at: number | string;
  published_version: number | string;
  published_modified: number | string;
}

type SnapshotRow = HeadRow & (MessageRow | { id: null });

interface MessageRow {
  id: number | string;
  screen_name: string;
  published_name: string | null;
  text: string;
  language: string | null;
  decided_at: number | string;
  change_seq: number | string;
}

function toHead(row: HeadRow): ChannelHead {
  return {
    id: row.channel_id,
    name: row.channel_name,
    description: row.channel_description,
    public: Boolean(row.is_public),
    displayToken: row.display_token,
    createdAt: Number(row.created_at),
    publishedVersion: Number(row.published_version),
    publishedModified: Number(row.published_modified),
  };
}

function toMessages(rows: SnapshotRow[]): PublishedMessage[] {
  return rows
    .filter((row): row is HeadRow & MessageRow => row.id !== null)
    .map((row) => ({ row, id: Number(row.id), decidedAt: Number(row.decided_at), changeSeq: Number(row.change_seq) }))
    .sort((a, b) => b.decidedAt - a.decidedAt || b.changeSeq - a.changeSeq || b.id - a.id)
    .slice(0, FEED_LENGTH)
    .map(({ row, id, decidedAt }) => ({
      id,
      name: row.published_name ?? row.screen_name,
      text: row.text,
      language: row.language,
      decidedAt,
    }));
}
