/**
 * The rule that everything else follows: a state is (revision, rank), a decision only ever raises it, and two states
 * merge by taking the greater. So it cannot matter in which order moderators, processes, retries and pushes arrive.
 */

/** In the order of their ranks, 0 to 3. */
export const STATUSES = ['queued', 'highlighted', 'approved', 'rejected'] as const;
export type Status = (typeof STATUSES)[number];

export interface State {
  revision: number;
  rank: number;
}

/** A highlight or approve that names no revision counts in whichever the message is; a reject always does. */
export type Decision =
  | { decision: 'highlight' | 'approve' | 'reject'; revision?: number }
  | { decision: 'reconsider'; to: Status; revision: number; status: Status };

/** What must hold of a message for a decision to be effective: the WHERE of the statement that carries it out. */
export interface Precondition {
  rankBelow?: number;
  rankIs?: number;
  revisionIs?: number;
}

/** What an effective decision makes of it: the SET of that statement. */
export interface Effect {
  rank: number;
  addToRevision: 0 | 1;
}

const RANK = { highlight: 1, approve: 2, reject: 3 } as const;

export function rankOf(status: Status): number {
  return STATUSES.indexOf(status);
}

/** @throws RangeError for a number that is no rank: a row that holds one must not be shown as anything. */
export function statusOf(rank: number): Status {
  const status = STATUSES[rank];
  if (status === undefined) throw new RangeError('no status has this rank');
  return status;
}

export function precondition(d: Decision): Precondition {
  switch (d.decision) {
    case 'reject':
      return { rankBelow: RANK.reject };
    case 'highlight':
    case 'approve':
      return { rankBelow: RANK[d.decision], ...(d.revision === undefined ? {} : { revisionIs: d.revision }) };
    case 'reconsider':
      // No rank is below 0: reconsidering to the same status would open a revision in which nothing has changed.
      return { rankIs: rankOf(d.status), revisionIs: d.revision, ...(d.to === d.status ? { rankBelow: 0 } : {}) };
  }
}

export function effect(d: Decision): Effect {
  return d.decision === 'reconsider'
    ? { rank: rankOf(d.to), addToRevision: 1 }
    : { rank: RANK[d.decision], addToRevision: 0 };
}

/** The state that the decision leads to, or null when it is superseded: it changes nothing and is not logged. */
export function decide(state: State, d: Decision): State | null {
  const { rankBelow, rankIs, revisionIs } = precondition(d);
  if (rankBelow !== undefined && state.rank >= rankBelow) return null;
  if (rankIs !== undefined && state.rank !== rankIs) return null;
  if (revisionIs !== undefined && state.revision !== revisionIs) return null;
  const { rank, addToRevision } = effect(d);
  return { revision: state.revision + addToRevision, rank };
}

/** The greater of two states, by revision and then by rank. public/js/decision.js is the browser's copy. */
export function merge(a: State, b: State): State {
  if (a.revision !== b.revision) return a.revision > b.revision ? a : b;
  return a.rank >= b.rank ? a : b;
}
