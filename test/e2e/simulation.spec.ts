import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DatabaseKind,
  describeEachDatabase,
  describeOnOneServer,
  freshDatabase,
  type TestDatabase,
} from '../support/databases';
import { Client } from '../support/http';
import { startServer, type TestServer } from '../support/server';

const SIMULATION = '/api/v1/simulation';
const LEASE = "SELECT holder FROM leases WHERE name = 'simulation'";
const CHANNEL = '/api/v1/channels/simulation';

/** Waits until it is so; a test that never comes true fails. */
async function eventually(condition: () => Promise<boolean>, patience = 30_000): Promise<void> {
  for (const giveUp = Date.now() + patience; !(await condition()); await sleep(50)) {
    if (Date.now() > giveUp) throw new Error('it never became true');
  }
}

/** A raid or a replay of which nothing has been seen yet. */
const NOTHING_PLAYED = { running: false, sent: 0, failed: 0, total: 0 };
const status = async (client: Client) => (await client.get(SIMULATION)).body;
const received = async (client: Client) => (await client.get(`${CHANNEL}/intake`)).body.received as number;

/** Whether nothing arrives any more. */
async function isSilent(client: Client): Promise<boolean> {
  const before = await received(client);
  await sleep(400);
  return (await received(client)) === before;
}

describeOnOneServer('The simulation', (kind: DatabaseKind) => {
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

  test('has its channel from the start, and is not running', async () => {
    expect((await superadmin.get(CHANNEL)).body).toMatchObject({
      id: 'simulation',
      name: 'Simulation',
      active: true,
      public: true,
    });
    expect(await status(superadmin)).toEqual({
      running: false,
      perMinute: 60,
      sent: 0,
      failed: 0,
      until: null,
      raid: NOTHING_PLAYED,
      replay: NOTHING_PLAYED,
    });
  });

  test('sends a mixture through the webhook until it is stopped', async () => {
    const started = await superadmin.post(SIMULATION, { action: 'start', perMinute: 3_000 });
    expect([started.status, started.body]).toEqual([
      200,
      {
        running: true,
        perMinute: 3_000,
        sent: expect.any(Number),
        failed: 0,
        until: expect.stringMatching(/Z$/),
        raid: NOTHING_PLAYED,
        replay: NOTHING_PLAYED,
      },
    ]);
    await eventually(async () => (await status(superadmin)).sent >= 60);
    const stopped = await superadmin.post(SIMULATION, { action: 'stop' });
    expect(stopped.body).toMatchObject({ running: false, failed: 0, until: null });
    expect(await isSilent(superadmin)).toBe(true);
    // Every request was counted once here and once by the webhook.
    expect(await received(superadmin)).toBe(stopped.body.sent);

    const { messages } = (await superadmin.get(`${CHANNEL}/messages?limit=500&status=queued&status=approved`)).body;
    const types = new Set(messages.map(({ type }: { type: string }) => type));
    expect([...types].sort()).toEqual(['emoji', 'qa', 'text']);
  });

  test('changes its rate while it runs, and counts on', async () => {
    await superadmin.post(SIMULATION, { action: 'start', perMinute: 6_000 });
    await eventually(async () => (await status(superadmin)).sent > 0);
    const { body } = await superadmin.post(SIMULATION, { action: 'start', perMinute: 1 });
    expect(body).toMatchObject({ running: true, perMinute: 1 });
    expect(body.sent).toBeGreaterThan(0);
    await eventually(() => isSilent(superadmin));
    await superadmin.post(SIMULATION, { action: 'stop' });
    const again = await superadmin.post(SIMULATION, { action: 'start', perMinute: 1 });
    expect(again.body.sent).toBeLessThanOrEqual(1);
    await superadmin.post(SIMULATION, { action: 'stop' });
  });

  test('begins at once, also at one message a minute, and signs with the newest secret', async () => {
    await superadmin.post(`${CHANNEL}/webhook-secret`);
    await superadmin.delete(`${CHANNEL}/webhook-secret/previous`);
    await superadmin.post(SIMULATION, { action: 'start', perMinute: 1 });
    await eventually(async () => (await status(superadmin)).sent === 1);
    expect((await superadmin.post(SIMULATION, { action: 'stop' })).body).toMatchObject({ sent: 1, failed: 0 });
  });

  test('injects one message', async () => {
    const before = await received(superadmin);
    const { status: code, body } = await superadmin.post(SIMULATION, {
      action: 'inject',
      message: 'Tell me: <b>what</b> is this? 🎉',
    });
    expect([code, body]).toEqual([200, { ...(await status(superadmin)), outcome: 'queued' }]);
    expect(await received(superadmin)).toBe(before + 1);
    const { messages } = (await superadmin.get(`${CHANNEL}/messages?order=newest&limit=1`)).body;
    expect(messages[0]).toMatchObject({ text: 'Tell me: <b>what</b> is this? 🎉', type: 'text', status: 'queued' });

    const random = (await superadmin.post(SIMULATION, { action: 'inject' })).body;
    expect(['queued', 'approved', 'duplicate', 'ignored']).toContain(random.outcome);
    expect(random.running).toBe(false);
  });

  test('stops by itself when its time is over', async () => {
    await superadmin.post(SIMULATION, { action: 'start', perMinute: 6_000 });
    await eventually(async () => (await status(superadmin)).sent > 0);
    await database.query('UPDATE simulations SET runs_until = ?', [Date.now() - 1]);
    expect(await status(superadmin)).toMatchObject({ running: false, until: null });
    await eventually(() => isSilent(superadmin));
  });

  test('counts what is refused', async () => {
    await superadmin.post(SIMULATION, { action: 'start', perMinute: 6_000 });
    await superadmin.patch(CHANNEL, { active: false });
    await eventually(async () => (await status(superadmin)).failed > 0);
    await superadmin.post(SIMULATION, { action: 'stop' });
    for (const action of ['start', 'inject', 'raid']) {
      const refused = await superadmin.post(SIMULATION, { action });
      expect([refused.status, refused.body.message]).toEqual([409, expect.stringContaining('inactive')]);
    }
    await superadmin.patch(CHANNEL, { active: true });
    await superadmin.post(`${CHANNEL}/archive`);
    expect((await superadmin.post(SIMULATION, { action: 'start' })).status).toBe(409);
    await superadmin.post(`${CHANNEL}/reopen`);
  });

  // Half a minute; what differs between databases is in the tests around it.
  const whole = kind === 'sqlite' ? test : () => undefined;
  whole(
    'sends a raid without an ordinary stream, one at a time, and rejecting any of it with all similar clears it up',
    async () => {
      const { status: code, body } = await superadmin.post(SIMULATION, { action: 'raid' });
      expect([code, body]).toMatchObject([200, { running: false, raid: { running: true, failed: 0, total: 300 } }]);
      const second = await superadmin.post(SIMULATION, { action: 'raid' });
      expect([second.status, second.body.message]).toEqual([409, expect.stringContaining('raid is under way')]);
      await eventually(async () => !(await status(superadmin)).raid.running, 60_000);
      const { sent, failed, ...raid } = (await status(superadmin)).raid;
      // Whether each is answered within the sender's patience is the machine's affair; that each is counted is ours.
      expect([raid, sent + failed]).toEqual([{ running: false, total: 300 }, 300]);
      expect(sent).toBeGreaterThan(failed);

      const { messages } = (await superadmin.get(`${CHANNEL}/messages?limit=1&order=newest&type=text`)).body;
      const similar = await superadmin.post(`${CHANNEL}/messages/${messages[0].id}/reject-similar`);
      // One that was given up may have come all the same.
      expect(similar.body.rejected).toBeGreaterThanOrEqual(sent);
      expect(similar.body.rejected).toBeLessThanOrEqual(300);
    },
  );

  test('stops a raid with everything else', async () => {
    await superadmin.post(SIMULATION, { action: 'start', perMinute: 60 });
    await superadmin.post(SIMULATION, { action: 'raid' });
    await eventually(async () => (await status(superadmin)).raid.sent > 0);
    const { body } = await superadmin.post(SIMULATION, { action: 'stop' });
    expect(body).toMatchObject({ running: false, raid: { running: false, failed: 0 } });
    expect(body.raid.sent).toBeLessThan(300);
    expect(await isSilent(superadmin)).toBe(true);
  });

  test('ends with its channel, and makes a new one when started again', async () => {
    await superadmin.post(SIMULATION, { action: 'start', perMinute: 6_000 });
    await eventually(async () => (await status(superadmin)).sent > 0);
    expect((await superadmin.delete(CHANNEL)).status).toBe(204);
    expect(await status(superadmin)).toMatchObject({ running: false, sent: 0 });
    expect((await superadmin.get(CHANNEL)).status).toBe(404);
    await superadmin.post(SIMULATION, { action: 'start', perMinute: 6_000 });
    await eventually(async () => (await received(superadmin)) > 0);
    expect((await superadmin.post(SIMULATION, { action: 'stop' })).body.running).toBe(false);
  });

  test.each([
    ['no body', undefined],
    ['no action', { perMinute: 5 }],
    ['an unknown action', { action: 'pause' }],
    ['zero a minute', { action: 'start', perMinute: 0 }],
    ['too many a minute', { action: 'start', perMinute: 6_001 }],
    ['half a message a minute', { action: 'start', perMinute: 0.5 }],
    ['a rate in words', { action: 'start', perMinute: '60' }],
    ['null a minute', { action: 'start', perMinute: null }],
    ['a blank message', { action: 'inject', message: ' ' }],
    ['null as message', { action: 'inject', message: null }],
    ['a message of 10,001 characters', { action: 'inject', message: 'x'.repeat(10_001) }],
    ['an unknown key', { action: 'stop', now: true }],
  ])('refuses %s', async (_, body) => {
    const answer = await superadmin.post(SIMULATION, body);
    expect([answer.status, answer.body.message]).toEqual([400, expect.arrayContaining([expect.any(String)])]);
    expect((await status(superadmin)).running).toBe(false);
  });

  test('is for superadmins: 401, CSRF, 403, 400', async () => {
    const other = await new Client(server.url).signIn('Other');
    const nobody = new Client(server.url);
    expect((await nobody.get(SIMULATION)).status).toBe(401);
    expect((await nobody.post(SIMULATION, { action: 'x' })).status).toBe(401);
    expect((await superadmin.post(SIMULATION, { action: 'stop' }, { headers: { 'x-csrf-token': 'x' } })).status).toBe(
      403,
    );
    expect((await other.get(SIMULATION)).status).toBe(403);
    expect((await other.post(SIMULATION, { action: 'x' })).status).toBe(403);
  });
});

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

test.each(hasIpv6 ? ['0.0.0.0', '::'] : ['0.0.0.0'])(
  'the simulation finds its own server when that listens on %s',
  async (HOST) => {
    const server = await startServer({ env: { HOST, DEV_LOGIN: '1', SUPERADMIN_USERS: 'Root' } });
    try {
      const superadmin = await new Client(server.url).signIn('Root');
      expect((await superadmin.post(SIMULATION, { action: 'inject', message: 'Hello' })).body.outcome).toBe('queued');
    } finally {
      await server.stop();
    }
  },
);

test('in production there is no channel of the simulation until somebody starts one', async () => {
  const database = await freshDatabase('sqlite', 'cs_admin');
  const oauth = {
    OAUTH_CLIENT_ID: 'id',
    OAUTH_CLIENT_SECRET: 'secret',
    OAUTH_REDIRECT_URI: 'https://chat.example.org/oauth-callback',
  };
  const server = await startServer({
    database,
    env: { NODE_ENV: 'production', ALLOW_SQLITE: '1', SECRET_KEY: 'k'.repeat(32), ...oauth },
  });
  expect(await database.query('SELECT id FROM channels')).toEqual([]);
  await server.stop();
  await database.drop();
});

describeEachDatabase(
  'The simulation in two processes',
  (kind: DatabaseKind) => {
    let database: TestDatabase;
    let b: Client;
    let serverOfB: TestServer;
    let a: Client;
    let serverOfA: TestServer;

    const start = () => startServer({ database, env: { SUPERADMIN_USERS: 'Root' } });
    const signIn = (server: TestServer) => new Client(server.url).signIn('Root');

    beforeAll(async () => {
      database = await freshDatabase(kind, 'cs_admin');
      [serverOfA, serverOfB] = await Promise.all([start(), start()]);
      [a, b] = [await signIn(serverOfA), await signIn(serverOfB)];
    });

    afterEach(() => b.post(SIMULATION, { action: 'stop' }));

    afterAll(async () => {
      await Promise.all([serverOfA?.kill(), serverOfB?.stop()]);
      await database?.drop();
    });

    test('is made one channel by both, started through one, changed and stopped through the other', async () => {
      const [seenByA, seenByB] = [(await a.get(CHANNEL)).body, (await b.get(CHANNEL)).body];
      expect(seenByA.webhookSecret).toBe(seenByB.webhookSecret);
      await a.post(SIMULATION, { action: 'start', perMinute: 3_000 });
      await eventually(async () => (await status(b)).sent > 10);
      expect(await status(b)).toMatchObject({ running: true, perMinute: 3_000 });

      // Both take part now. If both sent, twice as many would arrive; some may have been waiting.
      await b.post(SIMULATION, { action: 'start', perMinute: 1_800 });
      const [began, first] = [Date.now(), await received(a)];
      await sleep(4_000);
      const arrived = (await received(a)) - first;
      expect(arrived).toBeLessThan(((Date.now() - began) * 1_800 * 1.1) / 60_000 + 50);
      expect(arrived).toBeGreaterThan(0);

      await b.post(SIMULATION, { action: 'start', perMinute: 1 });
      await eventually(() => isSilent(a));
      await b.post(SIMULATION, { action: 'start', perMinute: 6_000 });
      const before = await received(a);
      await eventually(async () => (await received(a)) > before + 10);
      const [lease] = await database.query(LEASE);

      await b.post(SIMULATION, { action: 'stop' });
      expect(await status(a)).toMatchObject({ running: false });
      await eventually(() => isSilent(a));
      expect(lease).toBeDefined();
      await eventually(async () => (await database.query(LEASE)).length === 0);

      // Both standing by or sending, no request was sent twice and none went uncounted.
      await eventually(async () => (await status(a)).sent === (await received(a)));
    });

    test('plays a raid through one process, shown and stopped through the other', async () => {
      await a.post(SIMULATION, { action: 'raid' });
      expect((await b.post(SIMULATION, { action: 'raid' })).status).toBe(409);
      await eventually(async () => (await status(b)).raid.sent > 0);
      await b.post(SIMULATION, { action: 'stop' });
      expect((await status(a)).raid.running).toBe(false);
      await eventually(() => isSilent(a));
      expect((await status(a)).raid.sent).toBeLessThan(300);
      // Whoever was stopped from elsewhere can begin again at once.
      expect((await a.post(SIMULATION, { action: 'raid' })).status).toBe(200);
    });

    test('ends a raid with the process that sends it', async () => {
      await b.post(SIMULATION, { action: 'stop' });
      await a.post(SIMULATION, { action: 'raid' });
      await serverOfA.stop();
      expect((await status(b)).raid.running).toBe(false);
      serverOfA = await start();
      a = await signIn(serverOfA);
    });

    test('ends with the process that sends, and the other one can start it again', async () => {
      await a.post(SIMULATION, { action: 'start', perMinute: 600 });
      await eventually(async () => (await status(b)).sent > 0);
      await serverOfA.stop();
      expect(await status(b)).toMatchObject({ running: false });
      await b.post(SIMULATION, { action: 'start', perMinute: 600 });
      await eventually(async () => (await status(b)).sent > 0);
      expect((await status(b)).failed).toBe(0);
    });

    test('goes on after a crash through whoever is told to start', async () => {
      serverOfA = await start();
      a = await signIn(serverOfA);
      await a.post(SIMULATION, { action: 'start', perMinute: 600 });
      await eventually(async () => (await status(b)).sent > 0);
      await serverOfA.kill();
      // As if the dead process's lease had run out.
      await database.query("UPDATE leases SET expires_at = 0 WHERE name = 'simulation'");
      expect(await status(b)).toMatchObject({ running: false, until: null });
      const before = await received(b);
      await b.post(SIMULATION, { action: 'start', perMinute: 600 });
      await eventually(async () => (await received(b)) > before + 5);
    });
  },
  ['mariadb'],
);
