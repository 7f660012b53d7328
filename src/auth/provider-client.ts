import { isWellFormed } from './account-name';
import type { Account } from './accounts';

const ANSWER_WITHIN = 5_000;
const LARGEST_ANSWER = 64 * 1024;

/** The identity provider did not answer, or not as it should. The message says what, and nothing of the answer. */
export class ProviderFailure extends Error {}

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
   * @throws ProviderFailure
   */
  async accessToken(form: Record<string, string>): Promise<string> {
    const answer = await this.ask('/access_token', { method: 'POST', body: new URLSearchParams(form) });
    const { access_token: token } = asObject(answer);
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw new ProviderFailure('no access token');
    return token;
  }

  /** @throws ProviderFailure, UnusableAccount */
  async account(accessToken: string): Promise<Account> {
    return accountOf(await this.ask('/resource/profile', { headers: { Authorization: `Bearer ${accessToken}` } }));
  }

  private async ask(path: string, request: RequestInit): Promise<unknown> {
    const headers = { ...request.headers, Accept: 'application/json', 'User-Agent': this.userAgent };
    const signal = AbortSignal.timeout(ANSWER_WITHIN);
    try {
      const response = await fetch(this.baseUrl + path, { ...request, headers, signal, redirect: 'manual' });
      if (response.status !== 200) throw new ProviderFailure(`${path} answered ${response.status}`);
      return JSON.parse(await textOf(response)) as unknown;
    } catch (error) {
      if (error instanceof ProviderFailure) throw error;
      throw new ProviderFailure(`${path}: ${(error as Error).name}`);
    }
  }
}

/** @throws ProviderFailure when the profile is none, UnusableAccount when it is of nobody who can sign in */
function accountOf(profile: unknown): Account {
  const { sub, username, blocked } = asObject(profile);
  const centralauthId = typeof sub === 'number' || typeof sub === 'string' ? String(sub) : '';
  if (!/^[1-9]\d{0,15}$/.test(centralauthId) || !Number.isSafeInteger(Number(centralauthId))) {
    throw new ProviderFailure('no account id');
  }
  if (blocked !== undefined && typeof blocked !== 'boolean') throw new ProviderFailure('no word whether blocked');
  if (blocked) throw new UnusableAccount('This Wikimedia account is blocked, so it cannot be used here.');
  // Of a hidden account the provider tells no name.
  if (typeof username !== 'string' || !isWellFormed(username)) {
    throw new UnusableAccount('This Wikimedia account has no visible user name, so it cannot be used here.');
  }
  return { centralauthId, username };
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ProviderFailure('no JSON object');
  return value as Record<string, unknown>;
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body as AsyncIterable<Uint8Array> | null) ?? []) {
    size += chunk.length;
    if (size > LARGEST_ANSWER) throw new ProviderFailure('an answer without end');
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}
