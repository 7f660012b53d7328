// The browser's copy of src/moderation/decision.ts: which of two states of a message counts. A test holds them together.

export const STATUSES = ['queued', 'highlighted', 'approved', 'rejected'];

export const rankOf = (status) => STATUSES.indexOf(status);

/** The greater by revision, then by rank; `a` where they are equal. Holds for anything with `revision` and `rank`. */
export function merge(a, b) {
  if (a.revision !== b.revision) return a.revision > b.revision ? a : b;
  return a.rank >= b.rank ? a : b;
}

/** Of two answers about one message the one that counts; `known` where they say the same. */
export function mergeMessages(known, heard) {
  const a = { revision: known.revision, rank: rankOf(known.status) };
  const b = { revision: heard.revision, rank: rankOf(heard.status) };
  return merge(a, b) === a ? known : heard;
}
