/**
 * What a row of the original becomes here, with what had to be changed about it; or why it becomes nothing. Both are
 * shown to people, so neither ever holds what somebody wrote, a name or a secret.
 */
export type Mapped<T> = { kind: 'row'; row: T; changes: string[] } | { kind: 'refused'; why: string };

export function refused(why: string): { kind: 'refused'; why: string } {
  return { kind: 'refused', why };
}

/** Of every row: whose it is, and what tells it from the others of its table also when it is read again. */
export interface Identified {
  channelId: string;
  /** At most 43 characters. */
  key: string;
}
