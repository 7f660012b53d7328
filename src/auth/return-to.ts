const ORIGIN = 'http://this.site';
const LONGEST = 2_000;
/** To come back to one of these would sign out again, or go round in circles. */
const NO_PLACE = /^\/(login|logout|dev-login|oauth-callback)(\/|$)/i;

/**
 * Where to go after signing in: a path of this site and nothing else; `/` when the wish is anything else.
 * @param wish what the query says, of whatever type
 */
export function safeReturnTo(wish: unknown): string {
  if (typeof wish !== 'string' || wish.length > LONGEST || !isPath(wish)) return '/';
  const url = URL.canParse(wish, ORIGIN) ? new URL(wish, ORIGIN) : null;
  if (!url || url.origin !== ORIGIN) return '/';
  const path = url.pathname + url.search + url.hash;
  // Taking out dots can leave two slashes at the start: /.//elsewhere
  return isPath(path) && !NO_PLACE.test(url.pathname) ? path : '/';
}

/** Browsers read `//host` and `/\host` as another site, and leave out tabs and line breaks before they look. */
function isPath(text: string): boolean {
  return /^\/(?![/\\])/.test(text) && !/[\p{Cc}\\]/u.test(text);
}
