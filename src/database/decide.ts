import { type Decision, effect, precondition, rankOf } from '../moderation/decision';
import type { LockedChannel } from './channel-writer';
import { chunks, execute, numberPlaceholders, placeholders, type Where } from './statements';

/** Why a decision was taken, where it was not on one card. */
export type Cause = 'reject-similar' | 'block' | 'allow' | 'pattern' | 'timeout' | 'undo';

export interface Ruling {
  decision: Decision;
  cause: Cause | null;
  /** UUID of the bulk decision it belongs to. */
  operation: string | null;
  /** The id is null for an API token. */
  moderator: { username: string; centralauthId: string | null };
}

/** Well below what any database takes as parameters of one statement. */
const IDS_PER_STATEMENT = 2_000;
const PUBLISHED = `status_rank IN (${rankOf('highlighted')}, ${rankOf('approved')})`;

/**
 * Carries a decision out on every message of the channel that fits `where` and for which moderation/decision.ts calls
 * it effective: one log row each, then the change itself, in two statements, however many they are.
 * @returns how many it was effective for
 */
export async function decideWhere(
  channel: LockedChannel,
  { decision, cause, operation, moderator }: Ruling,
  where: Where,
): Promise<number> {
  const { tx, id, now, seq } = channel;
  const { rank, addToRevision } = effect(decision);
  const { sql, parameters } = allOf([{ sql: 'channel_id = ?', parameters: [id] }, where, ...preconditions(decision)]);
  const [{ found, published }] = await tx.query<{ found: number | string; published: number | string | null }[]>(
    numberPlaceholders(
      tx,
      `SELECT COUNT(*) AS found, SUM(CASE WHEN ${PUBLISHED} THEN 1 ELSE 0 END) AS published FROM messages WHERE ${sql}`,
    ),
    parameters,
  );
  if (Number(found) === 0) return 0;

  await execute(
    tx,
    `INSERT INTO moderation_log (channel_id, message_id, decision, from_rank, to_rank, revision, automatic, cause, operation,
        moderator, moderator_id, screen_name, text, type, arrived_at, decided_at)
      SELECT channel_id, id, ?, status_rank, ?, revision + ?, ?, ?, ?, ?, ?, screen_name, text, type, arrived_at, ?
      FROM messages WHERE ${sql} ORDER BY id`,
    [
      decision.decision,
      rank,
      addToRevision,
      false,
      cause,
      operation,
      moderator.username,
      moderator.centralauthId,
      now,
      ...parameters,
    ],
  );
  const undecided = rank === rankOf('queued');
  await execute(
    tx,
    // Who decides on one card has seen its name: from then on displays may show it.
    `UPDATE messages SET status_rank = ?, revision = revision + ?, decided_at = ?, decided_by = ?, change_seq = ?
      ${cause === null ? ', published_name = NULL' : ''} WHERE ${sql}`,
    [rank, addToRevision, undecided ? null : now, undecided ? null : moderator.username, seq, ...parameters],
  );
  channel.touch();
  if (Number(published) > 0 || rank === rankOf('highlighted') || rank === rankOf('approved')) channel.raisePublished();
  return Number(found);
}

/** The same for a list of messages, in pieces that every database takes. */
export async function decideEach(
  channel: LockedChannel,
  ruling: Ruling,
  messageIds: readonly number[],
): Promise<number> {
  let decided = 0;
  for (const ids of chunks(messageIds, IDS_PER_STATEMENT)) {
    decided += await decideWhere(channel, ruling, { sql: `id IN (${placeholders(ids)})`, parameters: ids });
  }
  return decided;
}

function preconditions(decision: Decision): Where[] {
  const { rankBelow, rankIs, revisionIs } = precondition(decision);
  return [
    ...(rankBelow === undefined ? [] : [{ sql: 'status_rank < ?', parameters: [rankBelow] }]),
    ...(rankIs === undefined ? [] : [{ sql: 'status_rank = ?', parameters: [rankIs] }]),
    ...(revisionIs === undefined ? [] : [{ sql: 'revision = ?', parameters: [revisionIs] }]),
  ];
}

function allOf(conditions: Where[]): Where {
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(' AND '),
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}
