import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';
import { type Answer, Client, send } from '../support/http';
import { startServer, type TestServer } from '../support/server';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Row {
  digest: string;
  centralauth_id: string | null;
  data: string;
  created_at: number;
  expires_at: number;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded', 'x-csrf-token': undefined };

describeEachDatabase('sessions', (kind) => {
  let database: TestDatabase;
  let server: TestServer;

  beforeAll(async () => {
    database = await freshDatabase(kind, 'cs_auth');
    server = await startServer({ database, env: { SUPERADMIN_USERS: 'Boss' } });
  });
  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });
  beforeEach(() => database.query('DELETE FROM sessions'));

  const rows = () => database.query<Row>('SELECT * FROM sessions');
  const onlyRow = async () => {
    const all = await rows();
    expect(all).toHaveLength(1);
    return all[0];
  };
  const browser = () => new Client(server.url);
  const session = async (client: Client) => (await client.get('/api/v1/session')).body;
  const cookieName = (of = server) => `chatstream.${of.port}`;
  const idOf = (client: Client) =>
    decodeURIComponent(client.cookies.get(cookieName()) as string).replace(/^s:(.*)\..*$/, '$1');

  describe('signed out', () => {
    it('is told so, and makes neither row nor cookie', async () => {
      const client = browser();
      const answer = await client.get('/api/v1/session');
      expect(answer.body).toEqual({ user: null, csrfToken: null });
      expect(answer.headers['cache-control']).toBe('no-store');
      await client.get('/login');
      await client.get('/');
      expect(client.cookies.size).toBe(0);
      expect(await rows()).toEqual([]);
    });

    it.each(['s:abc.def', 'abc', 's%3A', '', '%'])('with the cookie %p as well', async (cookie) => {
      const answer = await send(`${server.url}/api/v1/session`, { headers: { cookie: `${cookieName()}=${cookie}` } });
      expect([answer.status, answer.body.user]).toEqual([200, null]);
    });
  });

  describe('the development login', () => {
    it('signs in, under the name as MediaWiki writes it and always the same id', async () => {
      const [first, second, other] = await Promise.all(
        ['ada_lovelace', ' Ada  Lovelace', 'Ada lovelace'].map((name) => browser().signIn(name)),
      );
      const { user, csrfToken } = await session(first);
      expect(user).toEqual({
        username: 'Ada lovelace',
        centralauthId: expect.stringMatching(/^[1-9]\d*$/),
        superadmin: false,
      });
      expect(Number(user.centralauthId)).toBeLessThan(2 ** 53);
      expect(csrfToken).toMatch(/^\w{32,}$/);
      expect((await session(other)).user).toEqual(user);
      expect((await session(second)).user.centralauthId).not.toBe(user.centralauthId);
    });

    it('knows superadmins', async () => {
      expect((await session(await browser().signIn('boss'))).user.superadmin).toBe(true);
      expect((await session(await browser().signIn('Bossy'))).user.superadmin).toBe(false);
    });

    it('takes names of any script', async () => {
      const name = `Ω ${'𝒜'.repeat(100)} 👩‍🚀 עברית`;
      expect((await session(await browser().signIn(name))).user.username).toBe(name);
    });

    it.each([
      '',
      '?username=',
      '?username=%20_%20',
      `?username=${'a'.repeat(256)}`,
      '?username=a%00b',
      '?username=a%1Fb',
      '?username=a&username=b',
      '?username[]=a',
    ])('refuses %p', async (query) => {
      const client = browser();
      const answer = await client.get(`/dev-login${query}`);
      expect(answer.status).toBe(400);
      expect(client.cookies.size).toBe(0);
    });

    it('returns to pages of this site only', async () => {
      const to = async (wish: string) =>
        (await browser().get(`/dev-login?username=Ada&returnTo=${encodeURIComponent(wish)}`)).headers.location;
      expect(await to('/channel/a/queue?x=1')).toBe('/channel/a/queue?x=1');
      expect(await to('//evil.example')).toBe('/');
      expect(await to('https://evil.example')).toBe('/');
    });

    it('is offered on the login page, which knows where to return to', async () => {
      const answer = await browser().get('/login?returnTo=%2Fchannel%2Fa%2Fqueue');
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('/dev-login');
      expect(answer.text).toContain('value="/channel/a/queue"');
    });
  });

  describe('the session', () => {
    it('has a cookie for this site alone that no script reads', async () => {
      const answer = await browser().get('/dev-login?username=Ada');
      const [cookie = '', ...others] = answer.headers['set-cookie'] ?? [];
      expect(others).toEqual([]);
      expect(cookie).toMatch(new RegExp(`^${cookieName()}=s`));
      expect(cookie).toMatch(/; Path=\//);
      expect(cookie).toMatch(/; HttpOnly/);
      expect(cookie).toMatch(/; SameSite=Lax/);
    });

    it('is stored under the digest of its id', async () => {
      const client = await browser().signIn('Ada');
      const row = await onlyRow();
      expect(row.digest).toBe(createHash('sha256').update(idOf(client)).digest('base64url'));
      expect(JSON.stringify(row)).not.toContain(idOf(client));
      expect(row.centralauth_id).toBe((await session(client)).user.centralauthId);
    });

    it('has a new id after each sign-in, and the one before ends', async () => {
      const client = await browser().signIn('Ada');
      const before = new Client(server.url);
      before.cookies.set(cookieName(), client.cookies.get(cookieName()) as string);
      await client.signIn('Boss');
      expect((await session(before)).user).toBeNull();
      expect((await session(client)).user.username).toBe('Boss');
      await onlyRow();
    });

    it('is no use under another signature', async () => {
      const client = await browser().signIn('Ada');
      const forged = browser();
      forged.cookies.set(cookieName(), encodeURIComponent(`s:${idOf(client)}.${'A'.repeat(43)}`));
      expect((await session(forged)).user).toBeNull();
      forged.cookies.set(cookieName(), idOf(client));
      expect((await session(forged)).user).toBeNull();
    });

    it('ends after 12 idle hours', async () => {
      const client = await browser().signIn('Ada');
      const { created_at, expires_at } = await onlyRow();
      expect(expires_at - created_at).toBeGreaterThan(12 * HOUR - MINUTE);
      expect(expires_at - created_at).toBeLessThan(12 * HOUR + MINUTE);
      await database.query('UPDATE sessions SET expires_at = ?', [Date.now() - 1]);
      expect((await session(client)).user).toBeNull();
    });

    it('is prolonged by being used, but not written at each request', async () => {
      const client = await browser().signIn('Ada');
      const { expires_at: end } = await onlyRow();
      await database.query('UPDATE sessions SET expires_at = ?', [end - 5 * MINUTE]);
      await session(client);
      await sleep(300);
      expect((await onlyRow()).expires_at).toBe(end - 5 * MINUTE);

      await database.query('UPDATE sessions SET expires_at = ?', [end - 11 * MINUTE]);
      await session(client);
      await until(async () => (await onlyRow()).expires_at >= end);
    });

    it('ends after seven days, however busy', async () => {
      const client = await browser().signIn('Ada');
      const created = Date.now() - 7 * 24 * HOUR + HOUR;
      await database.query('UPDATE sessions SET created_at = ?, expires_at = ?', [created, Date.now() + MINUTE]);
      await session(client);
      await until(async () => (await onlyRow()).expires_at === created + 7 * 24 * HOUR);
    });

    it('ends for an account that is no longer known', async () => {
      const client = await browser().signIn('Gone');
      await database.query('DELETE FROM users WHERE username = ?', ['Gone']);
      expect((await session(client)).user).toBeNull();
    });
  });

  describe('signing out', () => {
    const out = (client: Client, headers: Record<string, string | undefined>, body?: string): Promise<Answer> =>
      client.post('/logout', body, { headers });

    it('ends the session on the server, by header', async () => {
      const client = await browser().signIn('Ada');
      const thief = browser();
      thief.cookies.set(cookieName(), client.cookies.get(cookieName()) as string);
      const answer = await out(client, {});
      expect([answer.status, answer.headers.location]).toEqual([302, '/']);
      expect(client.cookies.size).toBe(0);
      expect((await session(thief)).user).toBeNull();
      expect(await rows()).toEqual([]);
    });

    it('ends it by the field of a form, too', async () => {
      const client = await browser().signIn('Ada');
      const answer = await out(client, FORM, `csrfToken=${client.csrfToken}`);
      expect([answer.status, answer.headers.location]).toEqual([302, '/']);
      expect(await rows()).toEqual([]);
    });

    it('needs a token that is right, and a page of ours', async () => {
      const client = await browser().signIn('Ada');
      const other = await browser().signIn('Boss');
      expect((await out(client, { 'x-csrf-token': undefined })).status).toBe(403);
      expect((await out(client, { 'x-csrf-token': other.csrfToken as string })).status).toBe(403);
      expect((await out(client, FORM, 'csrfToken=x')).status).toBe(403);
      expect((await out(client, FORM, 'csrfToken[]=x&csrfToken=x')).status).toBe(403);
      expect((await out(client, { origin: 'https://evil.example' })).status).toBe(403);
      expect((await session(client)).user.username).toBe('Ada');
    });

    it('is nothing to complain about when it has been done already', async () => {
      const client = await browser().signIn('Ada');
      await out(client, {});
      expect((await out(client, {})).headers.location).toBe('/');
    });

    it('is final for requests that are still on their way', async () => {
      const client = await browser().signIn('Ada');
      // Each of these prolongs the session when it ends.
      await database.query('UPDATE sessions SET expires_at = ?', [Date.now() + MINUTE]);
      const busy = Array.from({ length: 20 }, () => session(client));
      await Promise.all([...busy, out(client, {})]);
      await sleep(300);
      expect(await rows()).toEqual([]);
    });
  });
});

describeEachDatabase(
  'sessions of several processes',
  (kind) => {
    it('are the same: what begins or ends in one does so in the other', async () => {
      const database = await freshDatabase(kind, 'cs_auth');
      const [a, b] = await Promise.all([startServer({ database }), startServer({ database })]);
      try {
        const here = await new Client(a.url).signIn('Ada');
        const there = new Client(b.url);
        there.cookies.set(`chatstream.${b.port}`, here.cookies.get(`chatstream.${a.port}`) as string);
        expect((await there.get('/api/v1/session')).body.user.username).toBe('Ada');
        await here.post('/logout');
        expect((await there.get('/api/v1/session')).body.user).toBeNull();
      } finally {
        await Promise.all([a.stop(), b.stop()]);
        await database.drop();
      }
    });
  },
  ['mariadb', 'postgres'],
);

async function until(holds: () => Promise<boolean>): Promise<void> {
  const giveUp = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > giveUp) throw new Error('it did not happen within ten seconds');
    await sleep(50);
  }
}
