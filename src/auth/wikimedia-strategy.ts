import type { Request } from 'express';
import { randomBytes } from 'node:crypto';
import OAuth2Strategy from 'passport-oauth2';
import type { Settings } from '../settings';
import type { Account } from './accounts';
import type { ProviderClient } from './provider-client';
import type { Sessions } from './sessions';

type Callback<T extends unknown[]> = (error: unknown, ...result: T) => void;

/** What passport calls an application's own state, and carries through the sign-in. */
export interface AppState {
  returnTo: string;
}

/**
 * OAuth 2.0 with state and PKCE as passport-oauth2 does it, except for the requests to the provider: its own have no
 * time-out, no limit, follow what is no JSON, and end the process on an answer of `null`.
 */
export class WikimediaStrategy extends OAuth2Strategy {
  constructor(
    { clientId, clientSecret, redirectUri }: NonNullable<Settings['oauth']>,
    baseUrl: string,
    private readonly provider: ProviderClient,
    sessions: Sessions,
  ) {
    super(
      {
        authorizationURL: `${baseUrl}/authorize`,
        tokenURL: `${baseUrl}/access_token`,
        clientID: clientId,
        clientSecret,
        callbackURL: redirectUri,
        scope: 'basic',
        pkce: true,
        state: true,
        store: new SessionStateStore(sessions) as unknown as OAuth2Strategy.StateStore,
      },
      (_token: string, _refreshToken: string, account: Account, verified: OAuth2Strategy.VerifyCallback) =>
        verified(null, account),
    );
    const getOAuthAccessToken = (code: string, params: Record<string, string>, callback: Callback<[string?]>) => {
      this.provider
        .accessToken({ ...params, code, client_id: clientId, client_secret: clientSecret })
        .then((token) => callback(null, token), callback);
    };
    Object.assign(this._oauth2, { getOAuthAccessToken });
  }

  override userProfile(accessToken: string, callback: (error?: unknown, account?: Account) => void): void {
    this.provider.account(accessToken).then((account) => callback(null, account), callback);
  }
}

/** passport-oauth2 tells by the number of parameters which of them a store wants. */
class SessionStateStore {
  constructor(private readonly sessions: Sessions) {}

  store(request: Request, verifier: string, { returnTo }: AppState, _meta: unknown, stored: Callback<[string?]>): void {
    const state = randomBytes(24).toString('base64url');
    this.sessions.beginSignIn(request, { state, verifier, returnTo }).then(() => stored(null, state), stored);
  }

  /** Whatever the answer, the state is used up before anything is asked of the provider. */
  verify(request: Request, given: string, _meta: unknown, verified: Callback<[(string | false)?, unknown?]>): void {
    this.sessions.takeSignIn(request, given).then((pending) => {
      if (!pending) return verified(null, false);
      verified(null, pending.verifier, { returnTo: pending.returnTo } satisfies AppState);
    }, verified);
  }
}
