import { setTimeout as sleep } from 'node:timers/promises';
import { type DatabaseKind, describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';
import { Client, event, reaction, sign, webhook } from '../support/http';
import { startServer, type TestServer } from '../support/server';

describeEachDatabase('Intake counts', (kind: DatabaseKind) => {
  let database: TestDatabase;
  let server: TestServer;
  let superadmin: Client;

  beforeAll(async () => {
    database = await freshDatabase(kind, 'cs_admin');
    server = await startServer({ database, env: { SUPERADMIN_USERS: 'Root' } });
    superadmin = await new Client(server.url).signIn('Root');
  });

  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });

  test('begin with nothing', async () => {
    await superadmin.post('/api/v1/channels', { id: 'quiet', name: 'Quiet' });
    const { status, body } = await superadmin.get('/api/v1/channels/quiet/intake');
    expect([status, body]).toEqual([
      200,
      {
        received: 0,
        queued: 0,
        approved: 0,
        duplicate: 0,
        dropped: { 'global-blocklist': 0, blocklist: 0, pattern: 0 },
        ignored: 0,
        refused: {},
        lastReceivedAt: null,
      },
    ]);
  });

  test('tell what became of everything that came, and what was refused', async () => {
    const { id, webhookSecret } = (await superadmin.post('/api/v1/channels', { id: 'busy', name: 'Busy' })).body;
    const url = `${server.url}/webhook/channel/${id}`;
    const path = `/api/v1/channels/${id}`;
    const sent = event();
    const spammer = event({ sender_id: 'spammer' });
    for (const payload of [sent, sent, spammer]) await webhook(url, webhookSecret, payload);
    await webhook(
      url,
      webhookSecret,
      reaction(sent, '👍', { meta: { target_message_id: sent.message_id, reaction: '👍', action: 'remove' } }),
    );
    await superadmin.post(`${path}/blocked-senders`, { senderId: 'spammer' });
    await superadmin.post(`${path}/blocked-patterns`, { text: 'buy my watches' });
    await superadmin.post(`${path}/allowed-senders`, { senderId: 'friend' });
    await superadmin.post('/api/v1/global-blocked-senders', { senderId: 'pest' });
    for (const fields of [
      { sender_id: 'spammer' },
      { message: 'Buy my watches!' },
      { sender_id: 'friend' },
      { sender_id: 'pest' },
    ]) {
      await webhook(url, webhookSecret, event(fields));
    }
    await webhook(url, 'wrong', event());
    await webhook(url, webhookSecret, event(), { headers: { 'x-eventyay-signature': undefined } });
    const broken = Buffer.from('{');
    await webhook(url, webhookSecret, broken, { headers: { 'x-eventyay-signature': sign(webhookSecret, broken) } });

    const counts = async () => (await superadmin.get(`${path}/intake`)).body;
    const giveUp = Date.now() + 20_000;
    while (Object.keys((await counts()).refused).length < 2 && Date.now() < giveUp) await sleep(100);
    expect(await counts()).toEqual({
      received: 8,
      queued: 2,
      approved: 1,
      duplicate: 1,
      dropped: { 'global-blocklist': 1, blocklist: 1, pattern: 1 },
      ignored: 1,
      refused: { 400: 1, 403: 2 },
      lastReceivedAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
    });
  });

  test('are for admins', async () => {
    await superadmin.post('/api/v1/channels', { id: 'closed', name: 'Closed' });
    const moderator = await new Client(server.url).signIn('Mo');
    const { user } = (await moderator.get('/api/v1/session')).body;
    await superadmin.put(`/api/v1/channels/closed/members/${user.centralauthId}`, {
      username: 'Mo',
      role: 'moderator',
    });
    expect((await new Client(server.url).get('/api/v1/channels/nowhere/intake')).status).toBe(401);
    expect((await moderator.get('/api/v1/channels/nowhere/intake')).status).toBe(404);
    expect((await moderator.get('/api/v1/channels/closed/intake')).status).toBe(403);
    await superadmin.put(`/api/v1/channels/closed/members/${user.centralauthId}`, { username: 'Mo', role: 'admin' });
    expect((await moderator.get('/api/v1/channels/closed/intake')).status).toBe(200);
  });
});
