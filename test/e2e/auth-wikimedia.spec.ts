import { type Behaviour, drip, endless, hang, json, raw } from '../support/behaviours';
import { freshDatabase, type TestDatabase } from '../support/databases';
import { type Answer, Client, send } from '../support/http';
import { IdentityProvider } from '../support/identity-provider';
import { freePort, startServer, type TestServer } from '../support/server';

const ADA = { sub: 4711, username: 'Ada Lovelace', blocked: false, groups: ['*', 'user'], editcount: 12 };

let provider: IdentityProvider;
let database: TestDatabase;
let server: TestServer;

beforeAll(async () => {
  provider = await IdentityProvider.start();
  database = await freshDatabase('sqlite', 'cs_auth');
  server = await startOAuthServer();
});
afterAll(async () => {
  await server?.stop();
  await provider?.stop();
  await database?.drop();
});
beforeEach(() => provider.reset(ADA));

async function startOAuthServer(env: Record<string, string> = {}): Promise<TestServer> {
  const port = await freePort();
  const oauth = provider.settings(`http://127.0.0.1:${port}`);
  return startServer({ database, env: { PORT: String(port), DEV_LOGIN: '0', ...oauth, ...env } });
}

/** As far as the provider's consent page. @returns path and query of the way back */
async function leave(client: Client, returnTo?: string): Promise<string> {
  const query = returnTo === undefined ? '' : `?returnTo=${encodeURIComponent(returnTo)}`;
  const { status, headers, text } = await client.get(`/login${query}`);
  if (status !== 302) throw new Error(`/login answered ${status}: ${text}`);
  return provider.visit(headers.location as string);
}

const signIn = async (client: Client, returnTo?: string) => client.get(await leave(client, returnTo));
const userOf = async (client: Client) => (await client.get('/api/v1/session')).body.user;
const sessions = () => database.query<{ data: string; centralauth_id: string | null }>('SELECT * FROM sessions');
const withParameter = (path: string, name: string, value: string | null) => {
  const url = new URL(path, 'http://x');
  if (value === null) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  return url.pathname + url.search;
};

describe('signing in through Wikimedia', () => {
  it('ends with a session of the account, at the page where it began', async () => {
    const client = new Client(server.url);
    const answer = await signIn(client, '/channel/simulation/queue?type=emoji#top');
    expect([answer.status, answer.headers.location]).toEqual([302, '/channel/simulation/queue?type=emoji#top']);
    expect(await userOf(client)).toEqual({ username: 'Ada Lovelace', centralauthId: '4711', superadmin: false });
  });

  it.each([
    '?code=abc',
    '?code=abc&state=def',
    '?code[]=a',
    '?code[x]=a',
    '?error=access_denied',
    '?error=<script>&error_description=<script>',
    '?state=x',
    '?returnTo[]=/a',
    '?%00=%',
  ])('begins the same at /login%s', async (query) => {
    const client = new Client(server.url);
    const { status, headers } = await client.get(`/login${query}`);
    const { origin, pathname, searchParams } = new URL(headers.location as string);
    expect([status, origin + pathname]).toEqual([302, `${provider.url}/authorize`]);
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: 'chatstream-test-client',
      redirect_uri: `${server.url}/oauth-callback`,
      scope: 'basic',
      state: expect.stringMatching(/^[\w-]{32,}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    expect((await client.get(await provider.visit(headers.location as string))).headers.location).toBe('/');
    expect(await userOf(client)).not.toBeNull();
  });

  it('goes to the front page when no page is named', async () => {
    expect((await signIn(new Client(server.url))).headers.location).toBe('/');
  });

  it('names ChatStream to the provider, and keeps nothing of its tokens', async () => {
    provider.seen.length = 0;
    const client = new Client(server.url);
    await signIn(client);
    const asked = provider.seen.filter(({ path }) => !path.endsWith('/authorize'));
    expect(asked.map(({ path }) => path)).toEqual(['/oauth2/access_token', '/oauth2/resource/profile']);
    for (const { userAgent } of asked) expect(userAgent).toMatch(/ChatStream.*https?:\/\//);
    for (const { data } of await sessions()) expect(data).not.toMatch(/token_type|access|verifier/);
    const tables = await database.query<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`);
    const kept = JSON.stringify(await Promise.all(tables.map(({ name }) => database.query(`SELECT * FROM ${name}`))));
    expect(kept).toContain('Ada Lovelace');
    expect(provider.given.length).toBeGreaterThan(1);
    for (const secret of provider.given)
      expect([kept.includes(secret), server.output().includes(secret)]).toEqual([false, false]);
  });

  it.each([
    ['4711', '4711'],
    [9007199254740991, '9007199254740991'],
  ])('takes the account id %p', async (sub, expected) => {
    provider.profile = { ...ADA, sub };
    const client = new Client(server.url);
    await signIn(client);
    expect((await userOf(client)).centralauthId).toBe(expected);
  });

  it('takes the new name of an account at its next sign-in, and tells it to its older sessions too', async () => {
    const [first, second] = [new Client(server.url), new Client(server.url)];
    await signIn(first);
    provider.profile = { ...ADA, username: 'Countess of Lovelace' };
    await signIn(second);
    expect((await userOf(second)).username).toBe('Countess of Lovelace');
    expect((await userOf(first)).username).toBe('Countess of Lovelace');
  });

  it('gives a new session id, so that one planted in the browser before is worth nothing', async () => {
    const [victim, attacker] = [new Client(server.url), new Client(server.url)];
    const back = await leave(victim);
    for (const [name, value] of victim.cookies) attacker.cookies.set(name, value);
    expect((await victim.get(back)).status).toBe(302);
    expect(await userOf(victim)).not.toBeNull();
    expect(await userOf(attacker)).toBeNull();
  });

  it('lets two tabs sign in at once: the later one ends well, whichever comes back first', async () => {
    const client = new Client(server.url);
    const [first, second] = [await leave(client), await leave(client)];
    expect((await client.get(first)).status).toBe(401);
    expect(await userOf(client)).toBeNull();
    expect((await client.get(second)).status).toBe(302);
    expect(await userOf(client)).not.toBeNull();
  });

  it('shows the new name of an account in its teams and tokens too', async () => {
    const client = new Client(server.url);
    await signIn(client);
    const { centralauthId } = await userOf(client);
    await database.query(
      `INSERT INTO channel_members (channel_id, centralauth_id, username, role, added_at) VALUES ('hall', '${centralauthId}', 'Of old', 'moderator', 1)`,
    );
    await database.query(
      `INSERT INTO api_tokens (channel_id, digest, name, scopes, created_by, created_by_id, created_at) VALUES ('hall', 'd', 'Robot', '["feed"]', 'Of old', '${centralauthId}', 1)`,
    );
    await signIn(new Client(server.url));
    expect(await database.query(`SELECT username FROM channel_members WHERE channel_id = 'hall'`)).toEqual([
      { username: 'Ada Lovelace' },
    ]);
    expect(await database.query(`SELECT created_by FROM api_tokens WHERE channel_id = 'hall'`)).toEqual([
      { created_by: 'Ada Lovelace' },
    ]);
  });

  it('sends whoever is signed in already straight to where they want', async () => {
    const client = new Client(server.url);
    await signIn(client);
    expect((await client.get('/login?returnTo=%2Fchannel%2Fx%2Flog')).headers.location).toBe('/channel/x/log');
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example/',
    '/.//evil.example',
    '/%2e//evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r\nSet-Cookie: a=b',
    ' //evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    '/logout',
  ])('does not follow %p afterwards', async (returnTo) => {
    expect((await signIn(new Client(server.url), returnTo)).headers.location).toBe('/');
  });

  it('makes no superadmin of a stranger whose account took over a listed name', async () => {
    const own = await startOAuthServerWithOwnDatabase({ SUPERADMIN_USERS: 'boss_of_it, Other' });
    try {
      const [first, renamed, heir] = [new Client(own.url), new Client(own.url), new Client(own.url)];
      provider.profile = { ...ADA, sub: 1, username: 'Boss of it' };
      await signIn(first);
      expect((await userOf(first)).superadmin).toBe(true);
      provider.profile = { ...ADA, sub: 1, username: 'Retired' };
      await signIn(renamed);
      expect(await userOf(renamed)).toEqual({ username: 'Retired', centralauthId: '1', superadmin: true });
      provider.profile = { ...ADA, sub: 2, username: 'Boss of it' };
      await signIn(heir);
      expect((await userOf(heir)).superadmin).toBe(false);
    } finally {
      await own.end();
    }
  });
});

describe('a sign-in that goes wrong', () => {
  interface Attack {
    name: string;
    arrange?: () => void;
    /** What comes back to us; without it, what the provider sends. */
    act?: (client: Client) => Promise<Answer>;
    /** What the page tells. */
    says: RegExp;
  }
  const profile = (changes: object) => () => void (provider.profile = { ...ADA, ...changes });
  const token = (behaviour: Behaviour) => () => void (provider.token = behaviour);
  const resource = (behaviour: Behaviour) => () => void (provider.resource = behaviour);
  const changed = (name: string, value: string | null) => async (client: Client) =>
    client.get(withParameter(await leave(client), name, value));
  const hugeJson = JSON.stringify({ ...ADA, access_token: 'x'.repeat(50), more: 'x'.repeat(200_000) });
  const html = raw(200, { 'content-type': 'text/html' }, '<!doctype html><title>Maintenance</title>');

  const STALE = /not started in this browser/;
  const TROUBLE = /could not confirm who you are/;
  const attacks: Attack[] = [
    { name: 'consent denied', arrange: () => void (provider.consents = false), says: /consent/ },
    { name: 'an error of the provider', act: changed('error', 'server_error'), says: TROUBLE },
    {
      name: 'an error with markup',
      act: (client) => client.get('/oauth-callback?error=<script>&error_description=<script>'),
      says: TROUBLE,
    },
    {
      name: 'a list of errors with markup',
      act: (client) => client.get('/oauth-callback?error=<script>&error=<script>'),
      says: TROUBLE,
    },
    { name: 'an empty code', act: changed('code', ''), says: STALE },
    {
      name: 'an object for a code',
      act: async (client) => client.get(`${withParameter(await leave(client), 'code', null)}&code[a]=b`),
      says: STALE,
    },
    {
      name: 'a list for a state',
      act: async (client) => client.get(`${withParameter(await leave(client), 'state', null)}&state[]=a`),
      says: STALE,
    },
    {
      name: 'a code in a form in place of the address',
      act: async (client) => {
        const back = await leave(client);
        const form = new URL(back, client.base).searchParams.toString();
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        return client.request('GET', withParameter(back, 'code', null), form, { headers });
      },
      says: STALE,
    },
    { name: 'nothing at all', act: (client) => client.get('/oauth-callback'), says: STALE },
    { name: 'no state', act: changed('state', null), says: STALE },
    { name: 'an empty state', act: changed('state', ''), says: STALE },
    { name: 'an invented state', act: changed('state', 'A'.repeat(32)), says: STALE },
    { name: 'no code', act: changed('code', null), says: STALE },
    { name: 'an invented code', act: changed('code', 'abc'), says: TROUBLE },
    { name: 'an endless code', act: changed('code', 'a'.repeat(9_000)), says: STALE },
    { name: 'two codes', act: async (client) => client.get(`${await leave(client)}&code=another`), says: STALE },
    {
      name: 'a list for a code',
      act: async (client) => client.get(`${withParameter(await leave(client), 'code', null)}&code[]=a`),
      says: STALE,
    },
    {
      name: 'a browser that never left',
      act: async (client) => client.get(await leave(new Client(client.base))),
      says: STALE,
    },
    {
      name: "somebody else's state and code",
      act: async (client) => {
        await leave(client);
        return client.get(await leave(new Client(client.base)));
      },
      says: STALE,
    },
    {
      name: "somebody else's code under one's own state",
      act: async (client) => {
        const stolen = new URL(await leave(new Client(client.base)), client.base).searchParams.get('code');
        return client.get(withParameter(await leave(client), 'code', stolen));
      },
      says: TROUBLE,
    },
    {
      name: 'a code that has been used',
      act: async (client) => {
        const used = await leave(client);
        await client.get(used);
        await logOut(client);
        return client.get(
          withParameter(await leave(client), 'code', new URL(used, client.base).searchParams.get('code')),
        );
      },
      says: TROUBLE,
    },
    {
      name: 'a state that has been used',
      act: async (client) => {
        const back = await leave(client);
        await client.get(back);
        await logOut(client);
        return client.get(back);
      },
      says: STALE,
    },
    {
      name: 'a state older than ten minutes',
      act: async (client) => {
        const back = await leave(client);
        await database.query('UPDATE sessions SET expires_at = ?', [Date.now() - 1]);
        return client.get(back);
      },
      says: STALE,
    },
    { name: 'a token answer of 500', arrange: token(json(500, { error: 'oops' })), says: TROUBLE },
    { name: 'a token answer that never comes', arrange: token(hang), says: TROUBLE },
    { name: 'a token answer that drips', arrange: token(drip), says: TROUBLE },
    { name: 'a token connection cut off', arrange: token((request) => request.socket.destroy()), says: TROUBLE },
    {
      name: 'a token answer of half a JSON',
      arrange: token(raw(200, { 'content-type': 'application/json' }, '{"access_token": "x')),
      says: TROUBLE,
    },
    { name: 'a token answer in HTML', arrange: token(html), says: TROUBLE },
    {
      name: 'a token answer in form encoding',
      arrange: token(raw(200, {}, 'access_token=x&token_type=Bearer')),
      says: TROUBLE,
    },
    { name: 'a token answer of null', arrange: token(json(200, null)), says: TROUBLE },
    { name: 'a token answer of a list', arrange: token(json(200, ['access_token'])), says: TROUBLE },
    { name: 'a token that is a number', arrange: token(json(200, { access_token: 5 })), says: TROUBLE },
    { name: 'a token that is empty', arrange: token(json(200, { access_token: '' })), says: TROUBLE },
    { name: 'a token with a line break', arrange: token(json(200, { access_token: 'x\r\nX-Evil: 1' })), says: TROUBLE },
    { name: 'a huge token answer', arrange: token(raw(200, {}, hugeJson)), says: TROUBLE },
    {
      name: 'a token answer that redirects',
      arrange: token(raw(302, { location: 'http://127.0.0.1:1/' }, '')),
      says: TROUBLE,
    },
    { name: 'a profile refused', arrange: resource(json(401, { error: 'invalid_token' })), says: TROUBLE },
    { name: 'a profile in a refusal', arrange: resource(json(403, ADA)), says: TROUBLE },
    {
      name: 'a profile that redirects',
      arrange: resource(raw(302, { location: '/oauth2/elsewhere' }, '')),
      says: TROUBLE,
    },
    { name: 'a profile of a list', arrange: resource(json(200, [ADA])), says: TROUBLE },
    { name: 'a profile that drips', arrange: resource(drip), says: TROUBLE },
    { name: 'a profile that never comes', arrange: resource(hang), says: TROUBLE },
    { name: 'a profile in HTML', arrange: resource(html), says: TROUBLE },
    { name: 'a profile of null', arrange: resource(json(200, null)), says: TROUBLE },
    {
      name: 'a profile in bytes that are no UTF-8',
      arrange: resource((_, response) => void response.end(Buffer.from([0x7b, 0xff, 0x7d]))),
      says: TROUBLE,
    },
    { name: 'a huge profile', arrange: resource(raw(200, {}, hugeJson)), says: TROUBLE },
    { name: 'a profile without end', arrange: resource(endless), says: TROUBLE },
    ...[
      undefined,
      null,
      0,
      '0',
      -5,
      '-5',
      4711.5,
      9007199254740992,
      '9007199254740993',
      '',
      'Ada',
      '4711x',
      ' 4711',
      '04711',
      '٤٧',
      true,
      [4711],
      { id: 4711 },
    ].map((sub): Attack => ({
      name: `the account id ${JSON.stringify(sub)}`,
      arrange: profile({ sub }),
      says: TROUBLE,
    })),
    ...[undefined, null, '', '  ', 5, ['Ada'], 'Ada\nLovelace', 'A'.repeat(256), 'Ada\ud800'].map(
      (username): Attack => ({
        name: `the name ${JSON.stringify(username)?.slice(0, 20)}`,
        arrange: profile({ username }),
        says: /no visible user name/,
      }),
    ),
    { name: 'a blocked account', arrange: profile({ blocked: true }), says: /is blocked/ },
    {
      name: 'an account of which it is unclear whether it is blocked',
      arrange: profile({ blocked: 'yes' }),
      says: TROUBLE,
    },
  ];

  it('comes in at least 15 kinds', () => expect(new Set(attacks.map(({ name }) => name)).size).toBeGreaterThan(60));

  it.each(attacks)(
    '$name: a page that says what to do, and no session',
    async ({ name, arrange, act = signIn, says }) => {
      await database.query('DELETE FROM sessions');
      arrange?.();
      const client = new Client(server.url);
      const answer = await act(client);

      expect(answer.status).toBe(401);
      expect(answer.headers['content-type']).toMatch(/^text\/html/);
      expect(answer.text).toMatch(says);
      expect(answer.text).not.toMatch(/<script>|at \w+ \(|invalid_grant/);
      // With another state than the one it waits for, the browser goes on waiting: it may have two tabs.
      const waits = ['an invented state', "somebody else's state and code"].includes(name);
      expect(client.cookies.size).toBe(waits ? 1 : 0);
      expect(await userOf(client)).toBeNull();
      // Of the browsers that only lent their code or state a pending sign-in may be left, and nothing more.
      expect((await sessions()).filter(({ centralauth_id }) => centralauth_id !== null)).toEqual([]);
    },
  );

  it('leaves no row behind, not even of the pending sign-in', async () => {
    for (const arrange of [
      () => void (provider.consents = false),
      token(json(500, {})),
      profile({ sub: 0 }),
      profile({ blocked: true }),
    ]) {
      await database.query('DELETE FROM sessions');
      provider.reset(ADA);
      arrange();
      await signIn(new Client(server.url));
      expect(await sessions()).toEqual([]);
    }
  });

  it('lets only one of two simultaneous callbacks through', async () => {
    const client = new Client(server.url);
    const back = await leave(client);
    provider.seen.length = 0;
    const answers = await Promise.all([1, 2, 3, 4].map(() => sameBrowser(client).get(back)));
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 401, 401, 401]);
    expect(provider.seen.filter(({ path }) => path === '/oauth2/access_token')).toHaveLength(1);
  });

  it('signs nobody out who is signed in', async () => {
    const client = new Client(server.url);
    await signIn(client);
    expect((await client.get('/oauth-callback?code=a&state=b')).status).toBe(401);
    expect(await userOf(client)).not.toBeNull();
  });

  it('says so when the provider is away, and works again when it is back', async () => {
    const client = new Client(server.url);
    const back = await leave(client);
    const { port } = new URL(provider.url);
    await provider.stop();
    expect((await client.get(back)).status).toBe(401);
    provider = await IdentityProvider.start(Number(port));
    provider.reset(ADA);
    expect((await signIn(client)).status).toBe(302);
  });

  it('is still served: nothing of all this ended the process or was logged with a secret', async () => {
    expect((await send(`${server.url}/healthz`)).status).toBe(200);
    expect(server.output()).not.toMatch(/code=|access_token"|verifier|Bearer/);
  });
});

describe('without an identity provider', () => {
  it('there is no way back from one', async () => {
    const own = await startServer();
    const answer = await send(`${own.url}/oauth-callback?code=a&state=b`);
    await own.stop();
    expect(answer.status).toBe(404);
  });
});

describe('in production', () => {
  it('the cookie is for HTTPS and this host alone, and plain HTTP is told so', async () => {
    const own = await freshDatabase('sqlite', 'cs_auth');
    const port = await freePort();
    const env = {
      ...provider.settings('https://moderate.example'),
      NODE_ENV: 'production',
      ALLOW_SQLITE: '1',
      SECRET_KEY: 'k'.repeat(40),
      PORT: String(port),
      DEV_LOGIN: undefined,
    };
    const production = await startServer({ database: own, env });
    try {
      const plain = await send(`${production.url}/login`);
      expect([plain.status, plain.headers['set-cookie']]).toEqual([400, undefined]);
      expect(plain.text).toContain('https://moderate.example');
      expect((await send(`${production.url}/dev-login?username=Admin`)).status).toBe(404);

      const secure = await send(`${production.url}/login`, { headers: { 'x-forwarded-proto': 'https' } });
      const [cookie = ''] = secure.headers['set-cookie'] ?? [];
      expect(cookie).toMatch(/^__Host-chatstream=/);
      expect(
        cookie
          .split('; ')
          .slice(1)
          .map((part) => part.replace(/=.*\d{4}.*/, '')),
      ).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']));
      expect(cookie).not.toMatch(/domain/i);
    } finally {
      await production.stop();
      await own.drop();
    }
  });
});

async function startOAuthServerWithOwnDatabase(env: Record<string, string>) {
  const own = await freshDatabase('sqlite', 'cs_auth');
  const port = await freePort();
  const oauth = provider.settings(`http://127.0.0.1:${port}`);
  const started = await startServer({ database: own, env: { PORT: String(port), DEV_LOGIN: '0', ...oauth, ...env } });
  return {
    url: started.url,
    async end() {
      await started.stop();
      await own.drop();
    },
  };
}

async function logOut(client: Client): Promise<void> {
  const { body } = await client.get('/api/v1/session');
  const answer = await client.post('/logout', undefined, { headers: { 'x-csrf-token': body.csrfToken } });
  if (answer.status !== 302) throw new Error(`/logout answered ${answer.status}`);
}

function sameBrowser(client: Client): Client {
  const twin = new Client(client.base);
  for (const [name, value] of client.cookies) twin.cookies.set(name, value);
  return twin;
}
