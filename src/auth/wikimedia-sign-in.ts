import { Inject, Injectable, Logger, UnauthorizedException } from '@nestjs/common';
import type { Request } from 'express';
import { NoUsableAnswer } from '../outgoing';
import { SETTINGS, type Settings } from '../settings';
import type { Account } from './accounts';
import { ProviderClient, UnusableAccount } from './provider-client';
import { Sessions } from './sessions';
import { type AppState, WikimediaStrategy } from './wikimedia-strategy';

type Outcome =
  | { kind: 'redirect'; url: string }
  | { kind: 'success'; account: Account; state: AppState }
  | { kind: 'failure' }
  | { kind: 'error'; error: unknown };

/** Longer than any code or state of the provider's. */
const LONGEST_PARAMETER = 8_192;

/** Sign-in through Wikimedia's OAuth 2.0, from leaving this site to knowing who came back. */
@Injectable()
export class WikimediaSignIn {
  private readonly logger = new Logger(WikimediaSignIn.name);
  private readonly strategy: WikimediaStrategy | null;

  constructor(@Inject(SETTINGS) { oauth, oauthBaseUrl, publicUrl }: Settings, sessions: Sessions) {
    const provider = new ProviderClient(oauthBaseUrl, `ChatStream-Moderate (${publicUrl}; sign-in)`);
    this.strategy = oauth && new WikimediaStrategy(oauth, oauthBaseUrl, provider, sessions);
  }

  get isConfigured(): boolean {
    return this.strategy !== null;
  }

  /** @returns the address of the provider's page */
  async start(request: Request, returnTo: string): Promise<string> {
    const outcome = await this.run(bare(request), { returnTo });
    if (outcome.kind !== 'redirect') throw outcome.kind === 'error' ? outcome.error : new Error('no redirect');
    return outcome.url;
  }

  /**
   * What the provider sends people back with, checked and turned into an account.
   * @throws UnauthorizedException that says what to do
   */
  async finish(request: Request): Promise<{ account: Account; returnTo: string }> {
    const { error, code, state } = request.query;
    if (error === 'access_denied') {
      throw new UnauthorizedException(
        'Without your consent at Wikimedia nobody is signed in here. To try again, choose “Log in” and then “Allow”.',
      );
    }
    if (error !== undefined) throw providerTrouble();
    if (!isParameter(code) || !isParameter(state)) throw staleSignIn();

    const outcome = await this.run(request, undefined);
    if (outcome.kind === 'success') return { account: outcome.account, returnTo: outcome.state.returnTo };
    throw outcome.kind === 'error' ? this.explain(outcome.error) : staleSignIn();
  }

  /** A passport strategy reports by calling methods that whoever runs it puts on it. */
  private run(request: Request, state: AppState | undefined): Promise<Outcome> {
    if (!this.strategy) throw new Error('sign-in is not configured');
    const strategy = this.strategy;
    return new Promise((resolve) => {
      const once = Object.create(strategy) as WikimediaStrategy;
      once.redirect = (url: string) => resolve({ kind: 'redirect', url });
      once.success = (account: unknown, info: unknown) =>
        resolve({ kind: 'success', account: account as Account, state: (info as { state: AppState }).state });
      once.fail = () => resolve({ kind: 'failure' });
      once.error = (error: unknown) => resolve({ kind: 'error', error });
      once.authenticate(request, { state });
    });
  }

  private explain(error: unknown): unknown {
    // passport-oauth2 wraps what the token request throws.
    const cause = (error as { oauthError?: unknown }).oauthError ?? error;
    if (cause instanceof UnusableAccount) return new UnauthorizedException(cause.message);
    if (!(cause instanceof NoUsableAnswer)) return error;
    this.logger.warn(`sign-in failed: ${cause.message}`);
    return providerTrouble();
  }
}

/** The same request without what came along: passport would take a `code` or an `error` for the way back. */
function bare(request: Request): Request {
  return Object.create(request, { query: { value: {} }, body: { value: undefined } }) as Request;
}

function isParameter(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_PARAMETER;
}

function staleSignIn(): UnauthorizedException {
  return new UnauthorizedException(
    'This sign-in was not started in this browser, took more than ten minutes, or has been used already. Choose “Log in” to start again.',
  );
}

function providerTrouble(): UnauthorizedException {
  return new UnauthorizedException(
    'Wikimedia could not confirm who you are. Nothing is wrong with your account: wait a minute, then choose “Log in” to try again.',
  );
}
