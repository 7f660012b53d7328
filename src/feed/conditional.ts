/** What tells one version of an answer from another. */
export interface Validators {
  /** With its quotes. */
  etag: string;
  /** Epoch seconds; null while the date could belong to two versions, see database/last-modified.ts. */
  lastModified: number | null;
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
  { etag, lastModified }: Validators,
  now: number,
): boolean {
  if (ifNoneMatch !== undefined) return ifNoneMatch.trim() === '*' || tagsOf(ifNoneMatch).includes(etag);
  if (ifModifiedSince === undefined || lastModified === null) return false;
  const since = Date.parse(ifModifiedSince) / 1000;
  // A date beyond now means nothing unless we have sent it: only then it cannot be another version's.
  return since === lastModified || (since > lastModified && since <= now);
}

function tagsOf(list: string): string[] {
  return list.match(/"[^"]*"/g) ?? [];
}
