import { Agent } from 'node:http';
import { newToken } from '../../src/auth/api-tokens';
import { readSettings } from '../../src/settings';
import { type Asker, ASKERS, type Row, ROWS } from '../support/authorization-table';
import { freshDatabase, type TestDatabase } from '../support/databases';
import { type Answer, Client, event, send, webhook } from '../support/http';
import { routesOf } from '../support/routes';
import { startServer, type TestServer } from '../support/server';

const HALL = '/api/v1/channels/hall';
const SIDE = '/api/v1/channels/side';
/** What no row has as its id. */
const UNKNOWN: Record<string, string> = {
  messageId: '2147483647',
  blockedId: '2147483647',
  allowedId: '2147483647',
  patternId: '2147483647',
  tokenId: '2147483647',
  operationId: '00000000-0000-4000-8000-000000000000',
};

let database: TestDatabase;
let server: TestServer;
let made = 0;
const agent = new Agent({ keepAlive: true });
/** What a 403 says that is due to the CSRF token, and no other does. */
const CSRF = 'CSRF token';
const people = {} as Record<Exclude<Asker, 'nobody' | 'feed' | 'moderate' | 'all'> | 'neighbour', Client>;
const tokens = {} as Record<'feed' | 'moderate' | 'all', string>;

beforeAll(async () => {
  database = await freshDatabase('sqlite', 'cs_matrix');
  server = await startServer({ database });
  for (const [asker, name] of Object.entries({
    superadmin: 'Admin',
    admin: 'Ada',
    moderator: 'Mo',
    other: 'Otto',
    neighbour: 'Nele',
  }))
    people[asker as keyof typeof people] = await signedIn(name);
  const { superadmin } = people;
  for (const id of ['hall', 'side']) await superadmin.post('/api/v1/channels', { id, name: id });
  await invite(HALL, 'admin', 'admin');
  await invite(HALL, 'moderator', 'moderator');
  await invite(SIDE, 'other', 'moderator');
  await invite(SIDE, 'neighbour', 'admin');
  for (const [name, scope] of Object.entries({ feed: 'feed', moderate: 'moderate', all: 'admin' }))
    tokens[name as keyof typeof tokens] = (
      await superadmin.post(`${HALL}/tokens`, { name, scopes: [scope] })
    ).body.token;
  // What the rows repeat is there before, so that each answers alike to whoever may.
  await superadmin.post(`${HALL}/blocked-senders`, { senderId: 'blocked before' });
  await superadmin.post(`${HALL}/allowed-senders`, { senderId: 'allowed before' });
  await superadmin.post(`${HALL}/blocked-patterns`, { text: 'blocked before' });
});

afterAll(async () => {
  agent.destroy();
  await server?.stop();
  await database?.drop();
});

const signedIn = (name: string) => new Client(server.url).signIn(name);

async function invite(channel: string, asker: keyof typeof people, role: string): Promise<void> {
  const { username, centralauthId } = (await people[asker].get('/api/v1/session')).body.user;
  await people.superadmin.put(`${channel}/members/${centralauthId}`, { username, role });
}

/** Something of the channel for a path's parameter: its id. */
const makers: Record<string, (channel: string) => Promise<string>> = {
  messageId: async (channel) => {
    const { webhookSecret } = (await people.superadmin.get(channel)).body;
    await webhook(server.url + channel.replace('/api/v1/channels/', '/webhook/channel/'), webhookSecret, event());
    return (await people.superadmin.get(`${channel}/messages?limit=1`)).body.messages[0].id;
  },
  blockedId: async (channel) => (await add(`${channel}/blocked-senders`, { senderId: `b${++made}` })).entry.id,
  allowedId: async (channel) => (await add(`${channel}/allowed-senders`, { senderId: `a${++made}` })).entry.id,
  patternId: async (channel) =>
    (await add(`${channel}/blocked-patterns`, { text: `unwanted ${++made} text` })).pattern.id,
  operationId: async (channel) => (await add(`${channel}/blocked-senders`, { senderId: `o${++made}` })).operation,
  tokenId: async (channel) => (await add(`${channel}/tokens`, { name: `short-lived ${++made}`, scopes: ['feed'] })).id,
  senderId: () => Promise.resolve(`s${++made}`),
  entryId: async () => (await add('/api/v1/global-blocked-senders', { senderId: `g${++made}` })).entry.id,
  centralauthId: async (channel) => {
    await people.superadmin.put(`${channel}/members/${++made}`, { username: 'Guest', role: 'moderator' });
    return String(made);
  },
};

const add = async (path: string, body: object) => (await people.superadmin.post(path, body)).body;

async function pathOf(route: string): Promise<string> {
  let path = route.split(' ')[1].replace(':channelId', 'hall');
  for (const [, name] of path.matchAll(/:(\w+)/g)) path = path.replace(`:${name}`, await makers[name](HALL));
  return path;
}

/** A status; of a 403 also what it is due to. */
type Verdict = number | '403 CSRF';

const verdict = ({ status, text }: Answer): Verdict => (status === 403 && text.includes(CSRF) ? '403 CSRF' : status);

/** @param csrf the header's value where it is not the right one */
async function ask({ route, body, query = '' }: Row, asker: Asker, csrf?: string | null): Promise<Verdict> {
  const [method] = route.split(' ');
  const path = await pathOf(route);
  // A stream would not end by itself, and a session that has been left is of no more use.
  const verb = path.endsWith('/events') ? 'HEAD' : method;
  const client = asker in people ? people[asker as keyof typeof people] : null;
  const person = client && path === '/logout' ? await signedIn(`${asker} ${++made}`) : client;
  const answer = await send(server.url + path + query, {
    method: verb,
    agent,
    // No two tokens of a channel have one name.
    body: path.endsWith('/tokens') && body ? { ...body, name: `Another ${++made}` } : body,
    headers: {
      cookie: person ? [...person.cookies].map((pair) => pair.join('=')).join('; ') : undefined,
      'x-csrf-token': csrf === undefined ? (person?.csrfToken ?? undefined) : (csrf ?? undefined),
      authorization: asker in tokens ? `Bearer ${tokens[asker as keyof typeof tokens]}` : undefined,
    },
  });
  return verdict(answer);
}

const cookieOf = (who: Client) => ({ cookie: [...who.cookies].map((pair) => pair.join('=')).join('; ') });

const changesSomething = ({ route }: Row) => !route.startsWith('GET ') && !route.startsWith('POST /webhook/');
const removesTheChannel = ({ route }: Row) => route === 'DELETE /api/v1/channels/:channelId';

it('the table has every route that there is, and no other', async () => {
  const own = await freshDatabase('sqlite', 'cs_routes');
  const settings = readSettings({ ...own.env, NODE_ENV: 'test', SECRETS_DIR: '/nonexistent' });
  const routes = await routesOf(settings);
  await own.drop();
  expect(ROWS.map(({ route }) => route).sort()).toEqual(routes.sort());
});

describe('without the right CSRF token a browser may change nothing, and an API token needs none:', () => {
  it.each(ROWS.filter(changesSomething))('$route', async (row) => {
    const isForm = row.route === 'POST /logout';
    for (const csrf of [null, 'wrong']) {
      for (const asker of ['nobody', 'other', 'moderator', 'admin', 'superadmin'] as const) {
        const expected = asker === 'nobody' ? row.statuses.nobody : '403 CSRF';
        expect([asker, csrf, await ask(row, asker, csrf)]).toEqual([asker, csrf, expected]);
      }
      if (isForm || removesTheChannel(row)) continue;
      for (const asker of ['feed', 'moderate', 'all'] as const)
        expect([asker, csrf, await ask(row, asker, csrf)]).toEqual([asker, csrf, row.statuses[asker]]);
    }
  });
});

describe("what is another channel's is as if it did not exist:", () => {
  const inChannel = ROWS.filter(({ route }) => Object.keys(UNKNOWN).some((name) => route.includes(`:${name}`)));

  it.each(inChannel)('$route', async ({ route, body, statuses }) => {
    const [method, path] = route.split(' ');
    const [, name] = /:(?!channelId)(\w+)/.exec(path) as RegExpExecArray;
    const askers = ['superadmin', 'neighbour', ...(statuses.moderator < 400 ? (['other'] as const) : [])] as const;
    for (const asker of askers) {
      const asked = async (id: string) =>
        people[asker].request(method, path.replace(':channelId', 'side').replace(`:${name}`, id), body);
      const id = await makers[name](HALL);
      const before = await holdings(HALL);
      const [theirs, unknown] = [await asked(id), await asked(UNKNOWN[name])];
      expect([asker, theirs.status]).toEqual([asker, 404]);
      expect(theirs.body).toEqual(unknown.body);
      expect(await holdings(HALL)).toEqual(before);
    }
  });
});

describe('who is somebody in another channel is nobody in this one:', () => {
  it('DELETE …/members/:centralauthId', async () => {
    const id = await makers.centralauthId(HALL);
    const before = await holdings(HALL);
    for (const asker of ['superadmin', 'neighbour'] as const) {
      const [theirs, unknown] = [
        await people[asker].delete(`${SIDE}/members/${id}`),
        await people[asker].delete(`${SIDE}/members/2147483647`),
      ];
      expect([theirs.status, theirs.body]).toEqual([404, unknown.body]);
    }
    expect(await holdings(HALL)).toEqual(before);
  });

  it('PUT …/members/:centralauthId', async () => {
    const id = await makers.centralauthId(HALL);
    const before = await holdings(HALL);
    for (const asker of ['superadmin', 'neighbour'] as const) {
      const put = (path: string) => people[asker].put(path, { username: 'Guest', role: 'moderator' });
      expect((await put(`${SIDE}/members/${id}`)).status).toBe(201);
      expect((await people[asker].delete(`${SIDE}/members/${id}`)).status).toBe(204);
    }
    expect((await people.neighbour.put(`${HALL}/members/${id}`, { username: 'Guest', role: 'moderator' })).status).toBe(
      403,
    );
    expect(await holdings(HALL)).toEqual(before);
  });

  it('GET and DELETE …/senders/:senderId', async () => {
    await makers.messageId(HALL);
    const [{ senderId }] = (await people.superadmin.get(`${HALL}/messages?limit=1`)).body.messages;
    expect(senderId).toMatch(/./);
    await add(`${HALL}/allowed-senders`, { senderId });
    const before = await holdings(HALL);
    for (const asker of ['superadmin', 'neighbour'] as const) {
      const path = `${SIDE}/senders/${senderId}`;
      expect((await people[asker].get(path)).body).toMatchObject({ known: false, messages: 0 });
      expect((await people[asker].delete(path)).status).toBe(204);
    }
    expect(await holdings(HALL)).toEqual(before);
  });
});

describe("another channel's cursor, sender or moderator shows nothing of it:", () => {
  it.each([
    ['messages', 'messages', 'cursor'],
    ['messages', 'messages', 'sender'],
    ['log', 'entries', 'cursor'],
    ['log', 'entries', 'moderator'],
  ])('GET …/%s %s by %s', async (list, field, parameter) => {
    for (let n = 0; n < 2; n++) {
      const id = await makers.messageId(HALL);
      await people.moderator.post(`${HALL}/messages/${id}/decisions`, { decision: 'approve' });
    }
    const ofHall = `${HALL}/${list}?limit=1${list === 'messages' ? '&status=approved' : ''}`;
    const { body } = await people.superadmin.get(ofHall);
    const [one] = body[field];
    const value = { cursor: body.nextCursor, sender: one.senderId, moderator: one.moderator }[parameter] as string;
    expect(value).toBeTruthy();
    const shown = (await people.neighbour.get(`${SIDE}/${list}?${parameter}=${encodeURIComponent(value)}&limit=500`))
      .body[field] as { id: string }[];
    const own = new Set(
      (await people.superadmin.get(`${SIDE}/${list}?limit=500`)).body[field].map(({ id }: { id: string }) => id),
    );
    expect(shown.filter(({ id }) => !own.has(id))).toEqual([]);
  });
});

/** All that a channel has and that a request about another one could change. */
async function holdings(channel: string): Promise<unknown[]> {
  const lists = ['blocked-senders', 'allowed-senders', 'blocked-patterns', 'tokens', 'members', 'log'];
  const messages = 'messages?limit=500&status=queued&status=highlighted&status=approved&status=rejected';
  return Promise.all(
    [...lists, messages].map(async (list) => (await people.superadmin.get(`${channel}/${list}`)).body),
  );
}

describe('of several faults the first in order is told:', () => {
  const CHAOS = { decision: 'nonsense', unknown: true };
  const at = (channel: string, message: string) => `/api/v1/channels/${channel}/messages/${message}/decisions`;
  const wrong = { headers: { 'x-csrf-token': 'wrong' } };
  const absent = { headers: { 'x-csrf-token': undefined } };

  it('401, 403 CSRF, 404 channel, 403 role, 404 in the channel, 400', async () => {
    const nobody = new Client(server.url);
    const { other, moderator } = people;
    const unknown = UNKNOWN.messageId;
    const told = async (who: Client, path: string, options = {}) => {
      const answer = await who.post(path, CHAOS, options);
      return [verdict(answer), answer.body.message] as const;
    };
    expect((await told(nobody, at('nowhere', unknown)))[0]).toBe(401);
    for (const csrf of [wrong, absent]) expect((await told(other, at('nowhere', unknown), csrf))[0]).toBe('403 CSRF');
    expect(await told(other, at('nowhere', unknown))).toEqual([404, 'There is no such channel.']);
    expect(await told(other, at('hall', unknown))).toEqual([403, 'Only a moderator of this channel may do this.']);
    expect(await told(moderator, at('hall', unknown))).toEqual([404, 'There is no such thing in this channel.']);
    const [status, problems] = await told(moderator, at('hall', await makers.messageId(HALL)));
    expect([status, problems.length]).toEqual([400, 2]);
  });

  it('400, then 409', async () => {
    const blocked = { senderId: 'blocked before' };
    const bad = await people.moderator.post(`${HALL}/allowed-senders`, { ...blocked, unknown: true });
    expect(bad.status).toBe(400);
    expect((await people.moderator.post(`${HALL}/allowed-senders`, blocked)).status).toBe(409);
  });
});

describe('an id of another channel in a body is as good as none:', () => {
  it.each(['blocked-senders', 'allowed-senders', 'blocked-patterns'])('POST …/%s', async (list) => {
    for (const asker of ['superadmin', 'neighbour', 'other'] as const) {
      const asked = (messageId: string) => people[asker].post(`${SIDE}/${list}`, { messageId });
      const id = await makers.messageId(HALL);
      const before = await holdings(HALL);
      const [theirs, unknown] = [await asked(id), await asked(UNKNOWN.messageId)];
      expect([asker, theirs.status]).toEqual([asker, 404]);
      expect(theirs.body).toEqual(unknown.body);
      expect(await holdings(HALL)).toEqual(before);
    }
  });
});

describe('an API token', () => {
  const judged = ROWS.filter(({ route }) => /^\w+ \/(api|rss|atom|jsonfeed)\//.test(route));
  const inChannels = judged.filter(({ route }) => route.includes('/api/v1/channels/:channelId'));

  async function status({ route, query = '' }: Row, token: string, channel: string): Promise<number> {
    const path = (await pathOf(route)).replace('/hall', `/${channel}`);
    const headers = { ...cookieOf(people.superadmin), authorization: `Bearer ${token}` };
    const body = route.startsWith('GET ') ? undefined : { nonsense: true };
    return (await send(server.url + path + query, { method: route.split(' ')[0], headers, body, agent })).status;
  }

  it.each(judged)('that is none is refused whatever cookie comes along: $route', async (row) => {
    expect(await status(row, newToken(), 'hall')).toBe(401);
  });

  it.each(inChannels)('has no right in another channel, nor in one that is not there: $route', async (row) => {
    for (const token of Object.values(tokens)) {
      expect(await status(row, token, 'side')).toBe(403);
      expect(await status(row, token, 'nowhere')).toBe(404);
    }
  });
});

describe('who may do what:', () => {
  const last = ROWS.filter(removesTheChannel);

  it.each([...ROWS.filter((row) => !removesTheChannel(row)), ...last])('$route', async (row) => {
    const seen: Partial<Record<Asker, Verdict>> = {};
    // The superadmin last, for there the channel may end.
    for (const asker of [...ASKERS].sort((a, b) => Number(a === 'superadmin') - Number(b === 'superadmin')))
      seen[asker] = await ask(row, asker);
    expect(seen).toEqual(row.statuses);
  });
});
