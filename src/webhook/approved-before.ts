import { LockedChannel } from '../database/channel-writer';
import { numberPlaceholders, placeholders } from '../database/statements';
import { IncomingMessage } from '../moderation/message';
import { rankOf } from '../moderation/decision';

/** Milliseconds for which an approved symbol lets the same symbol through. */
const SYMBOL_WINDOW = 10_000;
const PUBLISHED = `status_rank IN (${rankOf('highlighted')}, ${rankOf('approved')})`;

interface SeenSender {
  senderId: string | null;
  centralauthId: string | null;
  screenName: string;
}

/** What was published before a batch that bears on its reactions: symbols of late, and senders under their names. */
export class ApprovedBefore {
  private constructor(
    private readonly symbols: Set<string>,
    private readonly seen: SeenSender[],
  ) {}

  static async read(channel: LockedChannel, batch: IncomingMessage[]): Promise<ApprovedBefore> {
    const reactions = batch.filter(({ type }) => type === 'emoji');
    if (reactions.length === 0) return new ApprovedBefore(new Set(), []);
    return new ApprovedBefore(await recentSymbols(channel, reactions), await seenSenders(channel, reactions));
  }

  readonly symbolApproved = (symbol: string): boolean => this.symbols.has(symbol);

  readonly nameSeen = ({ senderId, centralauthId, ownName }: IncomingMessage): boolean =>
    this.seen.some((seen) => {
      const sameSender =
        senderId === null ? centralauthId !== null && seen.centralauthId === centralauthId : seen.senderId === senderId;
      return sameSender && seen.screenName === ownName;
    });

  /** An approval within the batch counts for those behind it. */
  add({ type, text }: IncomingMessage): void {
    if (type === 'emoji') this.symbols.add(text);
  }
}

async function recentSymbols({ tx, id, now }: LockedChannel, reactions: IncomingMessage[]): Promise<Set<string>> {
  const symbols = [...new Set(reactions.map(({ text }) => text))];
  const rows = await tx.query<{ symbol: string }[]>(
    numberPlaceholders(
      tx,
      `SELECT DISTINCT symbol FROM messages WHERE channel_id = ? AND symbol IN (${placeholders(symbols)}) AND decided_at >= ? AND ${PUBLISHED}`,
    ),
    [id, ...symbols, now - SYMBOL_WINDOW],
  );
  return new Set(rows.map(({ symbol }) => symbol));
}

/**
 * Only a moderator's own decision shows that the name was looked at: automatic ones carry no decided_by, and what was
 * published under the label stays under it, until somebody decides on that very card.
 */
async function seenSenders({ tx, id }: LockedChannel, reactions: IncomingMessage[]): Promise<SeenSender[]> {
  const named = reactions.filter(({ ownName }) => ownName !== null);
  const byId = [...new Set(named.flatMap(({ senderId }) => senderId ?? []))];
  const byAccount = [
    ...new Set(named.flatMap(({ senderId, centralauthId }) => (senderId === null ? (centralauthId ?? []) : []))),
  ];
  const conditions = [
    ...(byId.length ? [`sender_id IN (${placeholders(byId)})`] : []),
    ...(byAccount.length ? [`centralauth_id IN (${placeholders(byAccount)})`] : []),
  ];
  if (conditions.length === 0) return [];
  const [senderId, centralauthId, screenName] = ['senderId', 'centralauthId', 'screenName'].map((name) =>
    tx.connection.driver.escape(name),
  );
  // Each by an index of its own: for both at once SQLite would look through all that moderators have decided.
  const queries = conditions.map(
    (
      condition,
    ) => `SELECT DISTINCT sender_id AS ${senderId}, centralauth_id AS ${centralauthId}, screen_name AS ${screenName}
      FROM messages WHERE channel_id = ? AND ${condition} AND decided_by IS NOT NULL AND published_name IS NULL AND ${PUBLISHED}`,
  );
  const parameters = [byId, byAccount].flatMap((ids) => (ids.length ? [id, ...ids] : []));
  return tx.query<SeenSender[]>(numberPlaceholders(tx, queries.join(' UNION ')), parameters);
}
