import { describeOnOneServer, freshDatabase, type TestDatabase } from '../support/databases';
import { EventReader } from '../support/event-reader';
import { Client, event, send, webhook } from '../support/http';
import { eventually } from '../support/intake';
import { startServer, type TestServer } from '../support/server';

const HALL = '/api/v1/channels/hall';
const ISO = expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/);

describeOnOneServer('API tokens', (kind) => {
  let database: TestDatabase;
  let server: TestServer;
  let admin: Client;
  let secret: string;

  beforeAll(async () => {
    database = await freshDatabase(kind, 'cs_tokens');
    server = await startServer({ database });
    admin = await new Client(server.url).signIn('Admin');
    secret = (await admin.post('/api/v1/channels', { id: 'hall', name: 'Hall' })).body.webhookSecret;
  });

  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });

  const make = async (name: string, ...scopes: string[]) => (await admin.post(`${HALL}/tokens`, { name, scopes })).body;
  const by = (token: string, path: string, method = 'GET', body?: unknown) =>
    send(server.url + path, { method, body, headers: { authorization: `Bearer ${token}` } });
  const arrive = async () => {
    expect((await webhook(`${server.url}/webhook/channel/hall`, secret, event())).body.outcome).toBe('queued');
    return (await admin.get(`${HALL}/messages?limit=1`)).body.messages[0].id as string;
  };

  it('are shown once, and kept as a hash', async () => {
    const { status, body } = await admin.post(`${HALL}/tokens`, { name: ' Robot ', scopes: ['moderate'] });
    const shown = {
      id: body.id,
      name: 'Robot',
      scopes: ['moderate'],
      createdBy: 'Admin',
      works: true,
      createdAt: ISO,
      lastUsedAt: null,
    };
    expect([status, body]).toEqual([201, { ...shown, token: expect.stringMatching(/^cst_[\w-]{43}$/) }]);
    expect((await admin.get(`${HALL}/tokens`)).body.tokens).toContainEqual(shown);
    expect(JSON.stringify(await database.query('SELECT * FROM api_tokens'))).not.toContain(body.token);
  });

  it('end with the right of the admin who made them', async () => {
    const former = await new Client(server.url).signIn('Former');
    const { centralauthId } = (await former.get('/api/v1/session')).body.user;
    const member = `${HALL}/members/${centralauthId}`;
    for (const end of [
      () => admin.put(member, { username: 'Former', role: 'moderator' }),
      () => admin.delete(member),
    ]) {
      await admin.put(member, { username: 'Former', role: 'admin' });
      const { token } = (await former.post(`${HALL}/tokens`, { name: 'Left behind', scopes: ['admin'] })).body;
      expect((await by(token, HALL, 'PATCH', { anonymousLabel: 'Mine' })).status).toBe(200);
      expect((await end()).status).toBeLessThan(300);
      expect((await by(token, HALL, 'PATCH', { anonymousLabel: 'Still mine' })).status).toBe(401);
    }
    expect((await admin.get(`${HALL}/tokens`)).body.tokens).not.toHaveLength(0);
  });

  it('end with the right of their maker under whatever name, and nobody else’s', async () => {
    const [maker, namesake] = [new Client(server.url), new Client(server.url)];
    const idOf = async (who: Client) => (await who.get('/api/v1/session')).body.user.centralauthId as string;
    for (const [who, name] of [
      [maker, 'Of old'],
      [namesake, 'Other'],
    ] as const) {
      await who.signIn(name);
      await admin.put(`${HALL}/members/${await idOf(who)}`, { username: name, role: 'admin' });
    }
    const tokenOf = async (who: Client, name: string) =>
      (await who.post(`${HALL}/tokens`, { name, scopes: ['feed'] })).body.token as string;
    const tokens = [await tokenOf(maker, 'Renamed'), await tokenOf(namesake, 'Namesake')];
    const statuses = () => Promise.all(tokens.map(async (token) => (await by(token, '/api/v1/channels')).status));
    // As a sign-in leaves it after the account was renamed, and another was given the name.
    const rename = 'UPDATE users SET username = ? WHERE centralauth_id = ?';
    await database.query(rename, ['Of today', await idOf(maker)]);
    await database.query(rename, ['Of old', await idOf(namesake)]);
    await admin.put(`${HALL}/members/${await idOf(maker)}`, { username: 'Of today', role: 'admin' });
    await admin.put(`${HALL}/members/999`, { username: 'Other', role: 'admin' });

    await admin.delete(`${HALL}/members/999`);
    expect(await statuses()).toEqual([200, 200]);
    await admin.delete(`${HALL}/members/${await idOf(maker)}`);
    expect(await statuses()).toEqual([401, 200]);
  });

  it('moderate without a session or a CSRF header, under their own name', async () => {
    const { id, token } = await make('Caption robot', 'moderate');
    const message = await arrive();
    const sessions = await database.query('SELECT digest FROM sessions');
    const decided = await by(token, `${HALL}/messages/${message}/decisions`, 'POST', { decision: 'approve' });
    expect([decided.status, decided.body.outcome]).toEqual([200, 'applied']);
    expect(decided.body.message.decidedBy).toBe('token:Caption robot');
    expect(decided.headers['set-cookie']).toBeUndefined();
    const [entry] = (await by(token, `${HALL}/log?limit=1`)).body.entries;
    expect(entry).toMatchObject({ messageId: message, moderator: 'token:Caption robot', automatic: false });
    expect((await by(token, '/api/v1/channels')).body.channels.map((channel: { id: string }) => channel.id)).toEqual([
      'hall',
    ]);
    expect((await by(token, '/api/v1/session')).body).toEqual({ user: null, csrfToken: null });
    expect(await database.query('SELECT digest FROM sessions')).toEqual(sessions);
    const listed = (await admin.get(`${HALL}/tokens`)).body.tokens.find((one: { id: string }) => one.id === id);
    expect(listed.lastUsedAt).toEqual(ISO);
  });

  it('administer, but learn no secret and set nothing that is for superadmins', async () => {
    const { token } = await make('Setup', 'feed', 'admin');
    const shown = await by(token, HALL);
    expect(shown.body).toMatchObject({ id: 'hall', role: 'admin', webhookUrl: expect.any(String) });
    const changed = await by(token, HALL, 'PATCH', { emojiAutoApprove: false });
    expect([changed.status, changed.body.emojiAutoApprove]).toEqual([200, false]);
    for (const { body } of [
      shown,
      changed,
      await by(token, `${HALL}/archive`, 'POST'),
      await by(token, `${HALL}/reopen`, 'POST'),
    ])
      expect(Object.keys(body).filter((key) => /token|secret/i.test(key))).toEqual([]);
    expect((await by(token, HALL, 'PATCH', { name: 'Mine' })).status).toBe(403);
  });

  it('have names that the log can tell apart, also when made at once', async () => {
    const wanted = (name: string) => admin.post(`${HALL}/tokens`, { name, scopes: ['feed'] });
    const answers = await Promise.all(Array.from({ length: 6 }, () => wanted('Twin')));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    for (const alike of ['Twin', ' twin ', 'TWIN', 'T\u200bwin', 'Ｔwin']) {
      const { status, body } = await wanted(alike);
      expect([status, body.message]).toEqual([409, expect.stringMatching(/name/)]);
    }
    expect((await wanted('Twin 2')).status).toBe(201);
    expect((await admin.post('/api/v1/channels', { id: 'twins', name: 'Twins' })).status).toBe(201);
    expect((await admin.post('/api/v1/channels/twins/tokens', { name: 'Twin', scopes: ['feed'] })).status).toBe(201);
    const made = answers.find(({ status }) => status === 201);
    await admin.delete(`${HALL}/tokens/${made?.body.id}`);
    expect((await wanted('Twin')).status).toBe(201);
  });

  it('die when they are revoked, on open streams as well', async () => {
    const { id, token } = await make('Short-lived', 'moderate');
    const who = { base: server.url, cookies: new Map<string, string>(), authorization: `Bearer ${token}` };
    const stream = await EventReader.open(who, 'hall');
    expect((await admin.delete(`${HALL}/tokens/${id}`)).status).toBe(204);
    expect((await by(token, `${HALL}/messages`)).status).toBe(401);
    await eventually(() => stream.ended, 'the end of the stream');
    expect((await admin.delete(`${HALL}/tokens/${id}`)).status).toBe(404);
  });

  it('tell of their last use, which is noted once a minute', async () => {
    const { id, token } = await make('Poller', 'moderate');
    const use = () => by(token, `${HALL}/messages`);
    const used = async () => {
      const [row] = await database.query('SELECT last_used_at AS used FROM api_tokens WHERE id = ?', [id]);
      return row.used as number | null;
    };
    const set = (time: number) => database.query('UPDATE api_tokens SET last_used_at = ? WHERE id = ?', [time, id]);
    await use();
    await eventually(async () => (await used()) !== null, 'the first use');
    const recently = Date.now() - 30_000;
    await set(recently);
    await use();
    await make('written after it', 'feed');
    expect(await used()).toBe(recently);
    await set(recently - 31_000);
    await use();
    await eventually(async () => ((await used()) as number) > recently, 'a use a minute later');
  });

  it('are what a request is judged by, whatever cookie comes along', async () => {
    const { token } = await make('Reader', 'feed');
    const cookie = [...admin.cookies].map((pair) => pair.join('=')).join('; ');
    const as = async (authorization: string) =>
      (await send(`${server.url}${HALL}/messages`, { headers: { cookie, authorization } })).status;
    expect(await as(`Bearer ${token}`)).toBe(403);
    for (const wrong of [
      'Bearer',
      'Bearer ',
      'bearer cst_x',
      `Bearer ${token}x`,
      `Bearer  ${token.toUpperCase()}`,
      `Bearer cst_${'é'.repeat(43)}`,
    ])
      expect([wrong, await as(wrong)]).toEqual([wrong, 401]);
    expect(await as(`Basic ${token}`)).toBe(200);
  });

  it("open a private channel's feeds, and no other channel's", async () => {
    await admin.post('/api/v1/channels', { id: 'other', name: 'Other' });
    for (const channel of ['hall', 'other']) await admin.patch(`/api/v1/channels/${channel}`, { public: false });
    const { token } = await make('Screen', 'feed');
    for (const feed of ['rss', 'atom', 'jsonfeed'])
      expect([
        (await by(token, `/${feed}/hall`)).status,
        (await by(token, `/${feed}/other/highlights`)).status,
      ]).toEqual([200, 403]);
    expect((await by(`${token}x`, '/rss/hall')).status).toBe(401);
    expect((await send(`${server.url}/rss/hall`)).status).toBe(403);
    for (const channel of ['hall', 'other']) await admin.patch(`/api/v1/channels/${channel}`, { public: true });
  });

  it('work for as long as their maker has the right to what they do', async () => {
    const { token } = await make('By a superadmin', 'moderate');
    const restart = async (superadmins: string) => {
      await server.stop();
      server = await startServer({ database, env: { SUPERADMIN_USERS: superadmins } });
    };
    const status = async () => (await by(token, `${HALL}/messages`)).status;
    expect(await status()).toBe(200);
    await restart('Somebody else');
    expect(await status()).toBe(401);
    const other = await new Client(server.url).signIn('Somebody else');
    const listed = (await other.get(`${HALL}/tokens`)).body.tokens.find(
      (one: { name: string }) => one.name === 'By a superadmin',
    );
    expect(listed.works).toBe(false);
    await restart('Admin');
    admin = await new Client(server.url).signIn('Admin');
    expect(await status()).toBe(200);
  });

  it.each([
    [{ scopes: ['feed'] }, 'name'],
    [{ name: ' ', scopes: ['feed'] }, 'name'],
    [{ name: 'x'.repeat(101), scopes: ['feed'] }, 'name'],
    [{ name: 'x' }, 'scopes'],
    [{ name: 'x', scopes: [] }, 'scopes'],
    [{ name: 'x', scopes: 'feed' }, 'scopes'],
    [{ name: 'x', scopes: ['feed', 'feed'] }, 'scopes'],
    [{ name: 'x', scopes: ['superadmin'] }, 'scopes'],
    [{ name: 'x', scopes: ['feed'], token: 'mine' }, 'token'],
  ])('are not made of %j', async (body, field) => {
    const answer = await admin.post(`${HALL}/tokens`, body);
    expect([answer.status, answer.body.message]).toEqual([
      400,
      expect.arrayContaining([expect.stringContaining(field)]),
    ]);
  });
});
