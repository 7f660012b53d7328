import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freshDatabase, type TestDatabase } from '../support/databases';
import { Client, event } from '../support/http';
import { eventually, TestChannel } from '../support/intake';
import { startServer, type TestServer } from '../support/server';

/** What a proxy before the server answers to the challenge; it is the public address. */
type Proxy = (challenge: string) => { status: number; body: string; location?: string };

describe('What admins try before they trust their connection to Eventyay', () => {
  let proxy: Server;
  let answer: Proxy;
  let database: TestDatabase;
  let server: TestServer;
  let superadmin: Client;

  beforeAll(async () => {
    proxy = createServer((request, response) => {
      const { status, body, location } = answer(new URL(request.url!, 'http://x').searchParams.get('challenge')!);
      response.writeHead(status, { 'content-type': 'application/json', ...(location ? { location } : {}) }).end(body);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    database = await freshDatabase('sqlite');
    server = await startServer({ database, env: { PUBLIC_URL: `http://127.0.0.1:${port}` } });
    superadmin = await new Client(server.url).signIn('Admin');
  });

  afterAll(async () => {
    await server?.stop();
    await database?.drop();
    proxy?.closeAllConnections();
    await new Promise((resolve) => proxy?.close(resolve));
  });

  /** A channel, and somebody with that role in it. */
  async function withMember(role: 'admin' | 'moderator') {
    const channel = await TestChannel.create(superadmin);
    const member = await new Client(server.url).signIn(role);
    const { user } = (await member.get('/api/v1/session')).body;
    await channel.api('PUT', `/members/${user.centralauthId}`, { username: role, role });
    return { channel, member, path: `/api/v1/channels/${channel.id}` };
  }

  test('a test message takes the way of all messages', async () => {
    const { channel, member, path } = await withMember('admin');
    expect((await member.post(`${path}/webhook-test`)).body).toEqual({ status: 200, outcome: 'queued', closed: null });
    expect(await channel.messages()).toMatchObject([{ screenName: 'ChatStream Moderate', type: 'text' }]);
    expect(await channel.intake()).toMatchObject({ received: 1, queued: 1 });

    await channel.api('POST', '/webhook-secret');
    expect((await member.post(`${path}/webhook-test`)).body).toMatchObject({ outcome: 'queued' });
    const [{ id }] = await channel.messages();
    await channel.api('POST', '/allowed-senders', { messageId: id });
    expect((await member.post(`${path}/webhook-test`)).body).toMatchObject({ outcome: 'approved' });
    await channel.api('POST', '/blocked-senders', { messageId: id });
    expect((await member.post(`${path}/webhook-test`)).body).toMatchObject({ status: 200, outcome: 'dropped' });
  });

  test('it says when the channel takes no messages, and why', async () => {
    const { channel, member, path } = await withMember('admin');
    await channel.set({ active: false });
    expect((await member.post(`${path}/webhook-test`)).body).toEqual({
      status: 404,
      outcome: null,
      closed: 'inactive',
    });
    await channel.api('POST', '/archive');
    expect((await member.post(`${path}/webhook-test`)).body).toEqual({
      status: 404,
      outcome: null,
      closed: 'archived',
    });
    await eventually(async () => (await channel.intake()).refused['404'] === 2, 'both counted');
    expect(await channel.messages()).toEqual([]);
  });

  test('the challenge is asked at the public address, and at the server’s own where that fails', async () => {
    const { member, path } = await withMember('admin');
    const challenge = async () => (await member.get(`${path}/webhook-challenge`)).body;
    answer = (text) => ({ status: 200, body: JSON.stringify({ challenge: text }) });
    expect(await challenge()).toEqual({ answeredAt: 'public' });

    const wrong: Proxy[] = [
      () => ({ status: 200, body: '{"challenge":"another"}' }),
      (text) => ({ status: 201, body: JSON.stringify({ challenge: text }) }),
      () => ({ status: 302, body: '', location: `${server.url}/` }),
      () => ({ status: 502, body: '<h1>Bad gateway</h1>' }),
      () => ({ status: 200, body: 'null' }),
    ];
    for (const one of wrong) {
      answer = one;
      expect(await challenge()).toEqual({ answeredAt: 'loopback' });
    }
  });

  test.each([
    ['POST', 'webhook-test'],
    ['GET', 'webhook-challenge'],
  ])('%s %s is for admins', async (method, route) => {
    const { channel, member, path } = await withMember('moderator');
    expect((await new Client(server.url).request(method, `${path}/${route}`)).status).toBe(401);
    expect((await member.request(method, `/api/v1/channels/nowhere/${route}`)).status).toBe(404);
    expect((await member.request(method, `${path}/${route}`)).status).toBe(403);
    expect((await channel.intake()).received).toBe(0);
  });

  test('silence is told once it is longer than the admins set, and ends with the next message', async () => {
    const { channel, member, path } = await withMember('moderator');
    /** The same wherever it is told. */
    const silentSince = async (): Promise<string | null> => {
      const { silentSince: since } = (await member.get(path)).body;
      const { channels } = (await member.get('/api/v1/channels')).body;
      expect(channels).toContainEqual(expect.objectContaining({ id: channel.id, silentSince: since }));
      expect((await channel.intake()).silentSince).toBe(since);
      return since;
    };
    const age = (table: string, id: string, column: string) =>
      database.query(`UPDATE ${table} SET ${column} = ${column} - 60000 WHERE ${id} = ?`, [channel.id]);

    // Set up, and nothing has ever come.
    await channel.set({ silenceWarningMinutes: 1 });
    expect(await silentSince()).toBeNull();
    await age('channels', 'id', 'created_at');
    expect(await silentSince()).toBe((await member.get(path)).body.createdAt);
    await channel.set({ silenceWarningMinutes: null });

    await channel.post(event());
    await age('channel_state', 'channel_id', 'last_received_at');
    expect(await silentSince()).toBeNull();
    await channel.set({ silenceWarningMinutes: 2 });
    expect(await silentSince()).toBeNull();
    await channel.set({ silenceWarningMinutes: 1 });
    const { lastReceivedAt } = (await member.get(path)).body;
    expect(await silentSince()).toBe(lastReceivedAt);
    await channel.post(event());
    expect(await silentSince()).toBeNull();

    await age('channel_state', 'channel_id', 'last_received_at');
    await channel.api('POST', '/archive');
    expect(await silentSince()).toBeNull();
    await channel.api('POST', '/reopen');
    expect(await silentSince()).toBeNull();
    await channel.set({ active: false });
    await channel.set({ active: true });
    expect(await silentSince()).toBeNull();
    await age('channels', 'id', 'opened_at');
    expect(await silentSince()).not.toBeNull();
    await channel.set({ silenceWarningMinutes: null });
    expect(await silentSince()).toBeNull();
  });
});
