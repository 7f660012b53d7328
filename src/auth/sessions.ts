import { Inject, Injectable } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { CookieOptions, NextFunction, Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import { randomBytes } from 'node:crypto';
import { SETTINGS, type Settings } from '../settings';
import { Accounts } from './accounts';
import { ApiTokens, bearerOf } from './api-tokens';
import { giveToken, sameText } from './csrf';
import { ABSOLUTE_LIFE, type PendingSignIn, SessionStore, SIGN_IN_LIFE } from './session-store';

const API = /^\/api(\/|$)/i;

/** Browser sessions: their cookie, how they begin and how they end. */
@Injectable()
export class Sessions {
  private readonly cookieName: string;
  private readonly cookie: CookieOptions;
  private readonly load: RequestHandler;

  constructor(
    private readonly store: SessionStore,
    private readonly accounts: Accounts,
    private readonly tokens: ApiTokens,
    @Inject(SETTINGS) { env, port, secretKey }: Settings,
  ) {
    const production = env === 'production';
    // Cookies do not know ports, and several development servers run on one machine.
    this.cookieName = production ? '__Host-chatstream' : `chatstream.${port}`;
    this.cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure: production } as const;
    this.load = session({
      name: this.cookieName,
      secret: secretKey,
      store,
      cookie: this.cookie,
      genid: () => randomBytes(32).toString('base64url'),
      saveUninitialized: false,
      resave: false,
    });
  }

  /**
   * Gives the request its session and `principal`; to one that names an API token, only what that is for, whatever
   * cookie comes along. What is answered to it is for nobody else, and not to be kept.
   */
  readonly middleware = (request: Request, response: Response, next: NextFunction): void => {
    response.setHeader('Cache-Control', 'no-store');
    const token = API.test(request.path) ? bearerOf(request) : null;
    if (token !== null) {
      this.tokens.principalOf(token).then((principal) => {
        request.principal = principal;
        next();
      }, next);
      return;
    }
    void this.load(request, response, (error?: unknown) => {
      if (error) return next(error);
      this.principalOf(request).then((principal) => {
        request.principal = principal;
        next();
      }, next);
    });
  };

  private async principalOf({ session: { centralauthId } }: Request) {
    return centralauthId ? this.accounts.principalOf(centralauthId) : null;
  }

  /** Signs in. The id is a new one, so that knowing the one before is of no use. */
  async begin(request: Request, centralauthId: string): Promise<void> {
    await this.renew(request, ABSOLUTE_LIFE);
    request.session.centralauthId = centralauthId;
    giveToken(request);
    await done((callback) => request.session.save(callback));
  }

  /** Remembers a sign-in on its way through the identity provider. */
  async beginSignIn(request: Request, pending: PendingSignIn): Promise<void> {
    await this.renew(request, SIGN_IN_LIFE);
    request.session.pendingSignIn = pending;
    await done((callback) => request.session.save(callback));
  }

  /** Takes the pending sign-in out of the session, which ends with it. Of several requests at once only one gets it. */
  async takeSignIn(request: Request, state: string): Promise<PendingSignIn | null> {
    const { pendingSignIn } = request.session;
    // Another tab may have begun one since; that one is still on its way.
    if (!pendingSignIn || !sameText(pendingSignIn.state, state)) return null;
    return (await this.store.remove(request.sessionID)) ? pendingSignIn : null;
  }

  /** Whether the session waits for another sign-in than the one of this state. */
  awaitsAnother(request: Request, state: unknown): boolean {
    const { pendingSignIn } = request.session;
    if (!pendingSignIn || typeof state !== 'string' || state === '') return false;
    return !sameText(pendingSignIn.state, state);
  }

  async end(request: Request, response: Response): Promise<void> {
    await done((callback) => request.session.destroy(callback));
    request.principal = null;
    response.clearCookie(this.cookieName, this.cookie);
  }

  private async renew(request: Request, life: number): Promise<void> {
    await done((callback) => request.session.regenerate(callback));
    request.session.cookie.maxAge = life;
  }
}

/** For app.setup.ts: what has to stand before every page and API route, and before nothing else. */
export function sessionMiddleware(app: NestExpressApplication): RequestHandler {
  return app.get(Sessions).middleware;
}

function done(start: (callback: (error?: Error) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}
