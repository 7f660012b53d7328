import { freshDatabase, type TestDatabase } from '../support/databases';
import { type Answer, Client, send } from '../support/http';
import { type Behaviour, drip, endless, hang, json, raw } from '../support/behaviours';
import { eventually } from '../support/intake';
import { startServer, type TestServer } from '../support/server';
import { Wiki, type WikiUser } from '../support/wiki';

const HALL = '/api/v1/channels/hall';
const AWAY = { available: false, accounts: [] };

const PEOPLE: WikiUser[] = [
  { name: 'Alice (WMDE)', id: 12_345_678 },
  { name: 'Alice', id: 5 },
  { name: 'Alicia & co=1', id: 9_007_199_254_740_991 },
  { name: 'Ælfred', id: 7 },
  { name: 'عائشة', id: 8 },
  { name: 'Élise', id: 9 },
  { name: 'Nobody global', id: 0 },
  { name: 'Not attached', id: 77, attached: false },
  ...Array.from({ length: 14 }, (_, i) => ({ name: `Crowd ${String(i).padStart(2, '0')}`, id: 1_000 + i })),
];

describe('looking up accounts', () => {
  let wiki: Wiki;
  let database: TestDatabase;
  let server: TestServer;
  let admin: Client;
  let begun = 0;

  beforeAll(async () => {
    wiki = await Wiki.start(PEOPLE);
    database = await freshDatabase('sqlite');
    server = await startServer({ database, env: wiki.env });
    const superadmin = await new Client(server.url).signIn('Admin');
    await superadmin.post('/api/v1/channels', { id: 'hall', name: 'Hall' });
    admin = await new Client(server.url).signIn('Ada');
    const { user } = (await admin.get('/api/v1/session')).body;
    await superadmin.put(`${HALL}/members/${user.centralauthId}`, { username: 'Ada', role: 'admin' });
    await superadmin.put(`${HALL}/members/5`, { username: 'Alice', role: 'admin' });
    await superadmin.put(`${HALL}/members/7`, { username: 'Ælfred', role: 'moderator' });
  });
  afterAll(async () => {
    await server?.stop();
    await wiki?.stop();
    await database?.drop();
  });
  beforeEach(() => {
    wiki.behave();
    wiki.users = PEOPLE;
  });

  const look = (q: string): Promise<Answer> => admin.get(`${HALL}/accounts?q=${encodeURIComponent(q)}`);
  const names = async (q: string) => {
    const { status, body } = await look(q);
    expect([status, body.available]).toEqual([200, true]);
    return body.accounts.map(({ username }: { username: string }) => username);
  };

  test('finds them by the beginning of their names, with ids and with what they are in the channel', async () => {
    expect((await look('alic')).body).toEqual({
      available: true,
      accounts: [
        { username: 'Alice', centralauthId: '5', role: 'admin' },
        { username: 'Alice (WMDE)', centralauthId: '12345678', role: null },
        { username: 'Alicia & co=1', centralauthId: '9007199254740991', role: null },
      ],
    });
    expect((await look('ælf')).body.accounts).toEqual([{ username: 'Ælfred', centralauthId: '7', role: 'moderator' }]);
  });

  test('reads names as MediaWiki does, and finds ten at most', async () => {
    expect(await names('alice_(W')).toEqual(['Alice (WMDE)']);
    expect(await names('  alice__ (W')).toEqual(['Alice (WMDE)']);
    expect(await names('عائ')).toEqual(['عائشة']);
    expect(await names('e\u0301lis')).toEqual(['Élise']);
    expect(await names('crowd')).toHaveLength(10);
    expect(await names('zzz')).toEqual([]);
    expect(await names(' _')).toEqual([]);
    expect(await names('a|b&list=users')).toEqual([]);
    expect(await names(`A${'é'.repeat(200)}`)).toEqual([]);
  });

  test('leaves out who has no global account of that name', async () => {
    expect(await names('no')).toEqual([]);
  });

  test('names ChatStream to the wiki', async () => {
    await look('named');
    await look('cro');
    expect(wiki.seen.map(({ list }) => list)).toEqual(['allusers', 'allusers', 'users']);
    for (const { userAgent } of wiki.seen) expect(userAgent).toMatch(/ChatStream.*https?:\/\//);
  });

  test('asks once for what is asked again, or at the same time, but tells roles as of now', async () => {
    const both = await Promise.all([look('alice (WM'), look('Alice_(WM')]);
    expect(both.map(({ body }) => body.accounts[0].role)).toEqual([null, null]);
    await admin.put(`${HALL}/members/12345678`, { username: 'Alice (WMDE)', role: 'moderator' });
    expect((await look('alice (WM')).body.accounts[0].role).toBe('moderator');
    await admin.delete(`${HALL}/members/12345678`);
    expect(wiki.seen.map(({ list }) => list)).toEqual(['allusers', 'users']);
  });

  const users = (...list: unknown[]) => json(200, { query: { users: list } });
  const all = (...list: unknown[]) => json(200, { query: { allusers: list } });
  const id = (CentralAuth: unknown) => users({ name: 'Alice', centralids: { CentralAuth } });
  const html = raw(200, { 'content-type': 'text/html' }, '<!doctype html><title>Our servers are too hot</title>');
  const huge = raw(200, {}, JSON.stringify({ query: { allusers: [{ name: 'Alice', more: 'x'.repeat(200_000) }] } }));
  const FAULTS: [name: string, allusers: Behaviour | null, byName: Behaviour | null][] = [
    ['an answer of 500', json(500, {}), null],
    ['an answer of 429 with a list', json(429, { query: { allusers: [] } }), null],
    ['an answer of 204', raw(204, {}, ''), null],
    ['a redirect', raw(302, { location: 'http://127.0.0.1:1/' }, ''), null],
    ['HTML', html, null],
    ['half a JSON', raw(200, {}, '{"query":{"allusers":[{"name":"Al'), null],
    ['bytes that are no UTF-8', (_, response) => void response.end(Buffer.from([0x7b, 0xff, 0x7d])), null],
    ['an error of the API', json(200, { error: { code: 'maxlag', info: 'Waiting' } }), null],
    ...[
      null,
      5,
      'x',
      [],
      {},
      { query: null },
      { query: [] },
      { query: { allusers: {} } },
      { query: { users: [] } },
    ].map((body): [string, Behaviour, null] => [JSON.stringify(body), json(200, body), null]),
    ['a huge answer', huge, null],
    ['an answer without end', endless, null],
    ['a connection cut off', (request) => request.socket.destroy(), null],
    ['an answer that never comes', hang, null],
    ['an answer that drips', drip, null],
    ['no answer about ids', null, hang],
    ['an answer of 500 about ids', null, json(500, {})],
    ['a list of users that is none', null, json(200, { query: { users: 'Alice' } })],
  ];

  test.each(FAULTS)('%s: says that the wiki is away, and works again afterwards', async (_name, allusers, byName) => {
    Object.assign(wiki, { allusers, byName });
    // What is found is remembered, so each time it is somebody else.
    const name = `Beginner ${(begun += 1)}`;
    wiki.users = [{ name, id: 4_711 }];
    expect((await look(name)).body).toEqual(AWAY);
    wiki.behave();
    expect(await names(name)).toEqual([name]);
  });

  test.each([
    ['a name that is none', all({ name: 5 }, { name: null }, null, 'Alice', [], { name: 'x'.repeat(300) }), null],
    ['a name with a bar', all({ name: 'Alice|Bob' }), null],
    ['an id of 0', null, id(0)],
    ['a negative id', null, id(-5)],
    ['half an id', null, id(1.5)],
    ['an id beyond what numbers hold', null, id(9_007_199_254_740_992)],
    ['a list of ids', null, id([5])],
    ['an id of true', null, id(true)],
    ['no ids', null, users({ name: 'Alice' }, null, 'Alice', { name: 'Alice', centralids: null })],
    ['the id of another', null, users({ name: 'Mallory', centralids: { CentralAuth: 66 } })],
    ['a missing user', null, users({ name: 'Alice', missing: true })],
  ] as [string, Behaviour | null, Behaviour | null][])('%s is left out', async (name, allusers, byName) => {
    Object.assign(wiki, { allusers, byName: byName ?? null });
    const q = `A${name}`;
    wiki.allusers ??= all({ name: 'Alice' });
    expect((await look(q)).body).toEqual({ available: true, accounts: [] });
  });

  test('asks a wiki that hangs no more than a few questions at once', async () => {
    wiki.allusers = hang;
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => look(`hang ${i}`)));
    expect(answers.map(({ status, body }) => [status, body])).toEqual(answers.map(() => [200, AWAY]));
    expect(wiki.seen.length).toBeLessThan(10);
    wiki.behave();
    expect(await names('hang 1')).toEqual([]);
  });

  test.each(['', '?q=', '?q=%20', '?q=a&q=b', '?q[]=a', `?q=${'a'.repeat(256)}`, '?q=a%00', '?q=a&more=1'])(
    'refuses %p',
    async (query) => {
      const { status, body } = await admin.get(`${HALL}/accounts${query}`);
      expect([status, Array.isArray(body.message)]).toEqual([400, true]);
      expect(wiki.seen).toEqual([]);
    },
  );

  test('says so when nothing listens, and logs no names', async () => {
    const own = await startServer({});
    try {
      const superadmin = await new Client(own.url).signIn('Admin');
      await superadmin.post('/api/v1/channels', { id: 'hall', name: 'Hall' });
      expect((await superadmin.get(`${HALL}/accounts?q=Sensitive`)).body).toEqual(AWAY);
      await eventually(() => own.output().includes('cannot be looked up'), 'a line in the log');
      expect(own.output()).not.toContain('Sensitive');
    } finally {
      await own.stop();
    }
  });

  test('has survived all of this', async () => {
    expect((await send(`${server.url}/healthz`)).status).toBe(200);
    expect(server.output()).not.toMatch(/"level":50|Problem/);
  });
});
