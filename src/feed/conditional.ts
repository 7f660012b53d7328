/** What tells one version of an answer from another. */
export interface Validators {
  /** With its quotes. */
  etag: string;
  /** Epoch seconds; null while the date could belong to two versions, see database/last-modified.ts. */
  lastModified: number | null;
  /** Epoch seconds: the version was made before. */
  madeBefore: number;
}

/** The request's headers as they came. */
export interface Conditions {
  ifNoneMatch?: string;
  ifModifiedSince?: string;
}

/**
 * Whether 304 says the truth (RFC 9110, 13.1 and 13.2.2): tags are compared weakly and win over dates.
 * @param now epoch seconds
 */
export function isNotModified(
  { ifNoneMatch, ifModifiedSince }: Conditions,
  { etag, lastModified, madeBefore }: Validators,
  now: number,
): boolean {
  if (ifNoneMatch !== undefined) return ifNoneMatch.trim() === '*' || tagsOf(ifNoneMatch).includes(etag);
  if (ifModifiedSince === undefined || lastModified === null) return false;
  const since = Date.parse(ifModifiedSince) / 1000;
  // The date that was sent is this version's alone. Any other is the reader's own, and says only when they looked.
  return since === lastModified || (since >= madeBefore && since <= now);
}

function tagsOf(list: string): string[] {
  return list.match(/"[^"]*"/g) ?? [];
}
