import { asObject, askForJson, NoUsableAnswer } from '../outgoing';
import { isWellFormed } from './account-name';
import type { Account } from './accounts';

const ANSWER_WITHIN = 5_000;
const LARGEST_ANSWER = 64 * 1024;

/** The provider says who it is, and it is nobody who can sign in here. The message is for that person. */
export class UnusableAccount extends Error {}

/** The two requests that go from server to server; see https://www.mediawiki.org/wiki/OAuth/For_Developers#OAuth_2 */
export class ProviderClient {
  constructor(
    private readonly baseUrl: string,
    private readonly userAgent: string,
  ) {}

  /**
   * @param form what RFC 6749 wants for an authorization code
   * @throws NoUsableAnswer
   */
  async accessToken(form: Record<string, string>): Promise<string> {
    const answer = await this.ask('/access_token', { method: 'POST', body: new URLSearchParams(form) });
    const { access_token: token } = asObject(answer);
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw new NoUsableAnswer('no access token');
    return token;
  }

  /** @throws NoUsableAnswer, UnusableAccount */
  async account(accessToken: string): Promise<Account> {
    return accountOf(await this.ask('/resource/profile', { headers: { Authorization: `Bearer ${accessToken}` } }));
  }

  private async ask(path: string, request: RequestInit): Promise<unknown> {
    const headers = { ...(request.headers as Record<string, string>), 'User-Agent': this.userAgent };
    const signal = AbortSignal.timeout(ANSWER_WITHIN);
    try {
      return await askForJson(this.baseUrl + path, { ...request, headers, signal }, LARGEST_ANSWER);
    } catch (error) {
      throw new NoUsableAnswer(`${path}: ${(error as Error).message}`);
    }
  }
}

/** @throws NoUsableAnswer when the profile is none, UnusableAccount when it is of nobody who can sign in */
function accountOf(profile: unknown): Account {
  const { sub, username, blocked } = asObject(profile);
  const centralauthId = typeof sub === 'number' || typeof sub === 'string' ? String(sub) : '';
  if (!/^[1-9]\d{0,15}$/.test(centralauthId) || !Number.isSafeInteger(Number(centralauthId))) {
    throw new NoUsableAnswer('no account id');
  }
  if (blocked !== undefined && typeof blocked !== 'boolean') throw new NoUsableAnswer('no word whether blocked');
  if (blocked) throw new UnusableAccount('This Wikimedia account is blocked, so it cannot be used here.');
  // Of a hidden account the provider tells no name.
  if (typeof username !== 'string' || !isWellFormed(username)) {
    throw new UnusableAccount('This Wikimedia account has no visible user name, so it cannot be used here.');
  }
  return { centralauthId, username };
}
