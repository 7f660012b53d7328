import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Behaviour, json, reply } from './behaviours';
import { send } from './http';

const CLIENT = { id: 'chatstream-test-client', secret: 'the-secret-of-the-test-client' };

export interface SeenRequest {
  method: string;
  path: string;
  userAgent: string | undefined;
}

interface Grant {
  challenge: string;
  redirectUri: string;
  used: boolean;
}

/**
 * Wikimedia's OAuth 2.0 as far as a sign-in goes, over real HTTP: codes are for one use and bound to their PKCE
 * challenge. A test sets `profile` for who signs in, and a behaviour of its own where the provider shall misbehave.
 */
export class IdentityProvider {
  /** What /resource/profile says of whoever signs in. */
  profile: unknown = null;
  token: Behaviour | null = null;
  resource: Behaviour | null = null;
  /** What the person at the consent page answers. */
  consents = true;
  readonly seen: SeenRequest[] = [];
  /** Every code and token that it gave out. */
  readonly given: string[] = [];
  private readonly grants = new Map<string, Grant>();
  private readonly tokens = new Set<string>();
  private readonly server = createServer((request, response) => void this.answer(request, response));

  static async start(port = 0): Promise<IdentityProvider> {
    const provider = new IdentityProvider();
    await new Promise<void>((resolve) => provider.server.listen(port, '127.0.0.1', resolve));
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/oauth2`;
  }

  /** Settings of a server at `serverUrl` that signs in here. */
  settings(serverUrl: string): Record<string, string> {
    return {
      OAUTH_BASE_URL: this.url,
      OAUTH_CLIENT_ID: CLIENT.id,
      OAUTH_CLIENT_SECRET: CLIENT.secret,
      OAUTH_REDIRECT_URI: `${serverUrl}/oauth-callback`,
    };
  }

  reset(profile: unknown): void {
    Object.assign(this, { profile, token: null, resource: null, consents: true });
  }

  /** Does what a browser does with the address that /login redirects to. @returns path and query of the way back */
  async visit(authorizeUrl: string): Promise<string> {
    const { status, headers, text } = await send(authorizeUrl);
    if (status !== 302) throw new Error(`the provider answered ${status}: ${text}`);
    const { pathname, search } = new URL(headers.location as string);
    return pathname + search;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url as string, this.url);
    this.seen.push({ method: request.method as string, path: url.pathname, userAgent: request.headers['user-agent'] });
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /oauth2/authorize':
        return this.authorize(url.searchParams, response);
      case 'POST /oauth2/access_token':
        return this.token ? this.token(request, response) : this.exchange(await formOf(request), response);
      case 'GET /oauth2/resource/profile':
        return this.resource ? this.resource(request, response) : this.tellProfile(request, response);
      default:
        json(404, { error: 'not_found' })(request, response);
    }
  }

  private authorize(query: URLSearchParams, response: ServerResponse): void {
    const [state, redirectUri, challenge] = ['state', 'redirect_uri', 'code_challenge'].map((name) => query.get(name));
    const isFine =
      state &&
      redirectUri &&
      challenge &&
      query.get('response_type') === 'code' &&
      query.get('client_id') === CLIENT.id &&
      query.get('code_challenge_method') === 'S256' &&
      [null, 'basic'].includes(query.get('scope'));
    if (!isFine) return void response.writeHead(400).end(`what is this? ${query.toString()}`);

    const back = new URL(redirectUri);
    back.searchParams.set('state', state);
    if (this.consents) back.searchParams.set('code', this.grant({ challenge, redirectUri, used: false }));
    else back.searchParams.set('error', 'access_denied');
    response.writeHead(302, { location: back.href }).end();
  }

  private grant(grant: Grant): string {
    const code = randomBytes(400).toString('base64url');
    this.grants.set(code, grant);
    this.given.push(code);
    return code;
  }

  private exchange(form: URLSearchParams, response: ServerResponse): void {
    const grant = this.grants.get(form.get('code') ?? '');
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isClient = form.get('client_id') === CLIENT.id && form.get('client_secret') === CLIENT.secret;
    if (!isClient || form.get('grant_type') !== 'authorization_code')
      return reply(response, 401, { error: 'invalid_client' });
    if (!grant || grant.used || verifier !== grant.challenge || form.get('redirect_uri') !== grant.redirectUri) {
      return reply(response, 400, { error: 'invalid_grant', error_description: '<script>alert(1)</script>' });
    }
    grant.used = true;
    const token = randomBytes(500).toString('base64url');
    this.tokens.add(token);
    this.given.push(token);
    reply(response, 200, {
      token_type: 'Bearer',
      expires_in: 14400,
      access_token: token,
      refresh_token: randomBytes(30).toString('hex'),
    });
  }

  private tellProfile(request: IncomingMessage, response: ServerResponse): void {
    const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ');
    if (scheme !== 'Bearer' || !this.tokens.has(token)) return reply(response, 401, { error: 'invalid_token' });
    reply(response, 200, this.profile);
  }
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
