import { isWellFormed } from '../auth/account-name';
import { asObject, askForJson, NoUsableAnswer } from '../outgoing';
import { isAccountId } from './member-rules';

const ANSWER_WITHIN = 4_000;
const LARGEST_ANSWER = 64 * 1024;
/** Names that are looked up and shown at once. */
const MOST = 10;

export interface WikiAccount {
  username: string;
  /** Canonical digits. */
  centralauthId: string;
}

/** Looks accounts up in MediaWiki's API; see https://www.mediawiki.org/wiki/API:Allusers and API:Users there. */
export class WikiClient {
  constructor(
    private readonly apiUrl: string,
    private readonly userAgent: string,
  ) {}

  /**
   * The global accounts whose names begin like this, in the order of their names; the first ten.
   * @param prefix as MediaWiki writes it, see normaliseUsername
   * @throws NoUsableAnswer within a few seconds
   */
  async accountsLike(prefix: string): Promise<WikiAccount[]> {
    const signal = AbortSignal.timeout(ANSWER_WITHIN);
    const names = await this.namesLike(prefix, signal);
    if (names.length === 0) return [];
    const ids = await this.idsOf(names, signal);
    return names.flatMap((username) => {
      const centralauthId = ids.get(username);
      return centralauthId === undefined ? [] : [{ username, centralauthId }];
    });
  }

  private async namesLike(auprefix: string, signal: AbortSignal): Promise<string[]> {
    const listed = await this.query('allusers', { auprefix, aulimit: String(MOST), auexcludetemp: '1' }, signal);
    const names = listed.flatMap(({ name }) => (isName(name) ? [name] : []));
    return [...new Set(names)].slice(0, MOST);
  }

  private async idsOf(names: string[], signal: AbortSignal): Promise<Map<string, string>> {
    const users = await this.query('users', { ususers: names.join('|'), usprop: 'centralids' }, signal);
    return new Map(
      users.flatMap(({ name, centralids, attachedlocal }) => {
        const id = (centralids as { CentralAuth?: unknown } | null | undefined)?.CentralAuth;
        const attached = (attachedlocal as { CentralAuth?: unknown } | null | undefined)?.CentralAuth;
        // One that is not attached is some other account than the global one of this name.
        const isUsable = isName(name) && attached !== false && ['number', 'string'].includes(typeof id);
        return isUsable && isAccountId(String(id)) ? [[name, String(id)] as const] : [];
      }),
    );
  }

  private async query(list: string, params: Record<string, string>, signal: AbortSignal) {
    const search = new URLSearchParams({ action: 'query', format: 'json', formatversion: '2', list, ...params });
    const request = { signal, headers: { 'User-Agent': this.userAgent } };
    const { query } = asObject(await askForJson(`${this.apiUrl}?${search.toString()}`, request, LARGEST_ANSWER));
    const listed = asObject(query)[list];
    if (!Array.isArray(listed)) throw new NoUsableAnswer(`no list of ${list}`);
    return listed.filter((one: unknown): one is Record<string, unknown> => typeof one === 'object' && one !== null);
  }
}

/** The bar, which no name has, would make two of one when they are asked for. */
function isName(name: unknown): name is string {
  return typeof name === 'string' && isWellFormed(name) && !name.includes('|');
}
