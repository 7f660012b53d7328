import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DatabaseKind,
  describeEachDatabase,
  describeOnOneServer,
  freshDatabase,
  type TestDatabase,
} from '../support/databases';
import { Client, event, eventyayBytes, reaction, send } from '../support/http';
import { startServer, type TestServer } from '../support/server';

const SIMULATION = '/api/v1/simulation';
const REPLAY = `${SIMULATION}/replay`;
const CHANNEL = '/api/v1/channels/simulation';
const BEGAN = Date.UTC(2026, 1, 3, 9, 30);

const said = (seconds: number, message: string, more = {}) =>
  event({ timestamp: new Date(BEGAN + seconds * 1_000).toISOString(), message, ...more });
const lines = (...events: object[]) => events.map((each) => eventyayBytes(each).toString()).join('\n');

/** Resolves with the replay's state when it is so; a test in which it never is fails. */
async function until(client: Client, condition: (replay: { running: boolean; sent: number }) => boolean) {
  for (const giveUp = Date.now() + 30_000; ; await sleep(50)) {
    const { replay } = (await client.get(SIMULATION)).body;
    if (condition(replay)) return replay;
    if (Date.now() > giveUp) throw new Error('it never became true');
  }
}

describeOnOneServer('The replay of a recording', (kind: DatabaseKind) => {
  let database: TestDatabase;
  let server: TestServer;
  let root: Client;

  beforeAll(async () => {
    database = await freshDatabase(kind, 'cs_admin');
    server = await startServer({ database, env: { SUPERADMIN_USERS: 'Root' } });
    root = await new Client(server.url).signIn('Root');
  });

  afterEach(() => root.post(SIMULATION, { action: 'stop' }));

  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });

  const texts = async () =>
    (await root.get(`${CHANNEL}/messages?limit=500&order=oldest`)).body.messages.map(
      ({ text }: { text: string }) => text,
    );

  test('sends what is months old through the webhook, in order, and again when it is played again', async () => {
    const target = said(0, 'First of all');
    const recording = `${lines(target, reaction(target, '🎈'), said(2, 'Two seconds later'))}\n\n${lines(said(4, 'Last'))}\n`;
    const started = await root.post(`${REPLAY}?speed=20`, recording, {
      headers: { 'content-type': 'application/jsonl' },
    });
    expect([started.status, started.body]).toMatchObject([
      200,
      { running: false, replay: { running: true, failed: 0, total: 4 } },
    ]);
    expect(await until(root, ({ running }) => !running)).toEqual({ running: false, sent: 4, failed: 0, total: 4 });
    expect((await texts()).filter((text: string) => text !== '🎈')).toEqual([
      'First of all',
      'Two seconds later',
      'Last',
    ]);
    expect((await root.get(`${CHANNEL}/intake`)).body).toMatchObject({ received: 4, duplicate: 0 });

    await root.post(`${REPLAY}?speed=20`, recording);
    await until(root, ({ running }) => !running);
    expect((await root.get(`${CHANNEL}/intake`)).body).toMatchObject({ received: 8, duplicate: 0 });
  });

  test('keeps the gaps, divided by the speed', async () => {
    const recording = lines(...Array.from({ length: 5 }, (_, i) => said(i * 4, `Gap ${i}`)));
    const play = async (speed: number) => {
      const began = performance.now();
      await root.post(`${REPLAY}?speed=${speed}`, recording);
      await until(root, ({ running }) => !running);
      return performance.now() - began;
    };
    // Sixteen seconds of it. At least that long is no race; that it is shorter when faster is what the speed is for.
    const [fast, slow] = [await play(20), await play(4)];
    expect(slow).toBeGreaterThanOrEqual(4_000);
    expect(fast).toBeGreaterThanOrEqual(800);
    expect(fast).toBeLessThan(slow);
  });

  test('counts what the webhook refuses', async () => {
    await root.post(`${REPLAY}?speed=20`, lines(said(0, ' '), said(1, 'Good')));
    expect(await until(root, ({ running }) => !running)).toMatchObject({ sent: 1, failed: 1, total: 2 });
  });

  test('is one at a time, and can be stopped', async () => {
    const long = lines(said(0, 'Beginning'), said(25, 'Middle'), said(50, 'End'));
    await root.post(REPLAY, long);
    await until(root, ({ sent }) => sent === 1);
    const second = await root.post(REPLAY, long);
    expect([second.status, second.body.message]).toEqual([409, expect.stringContaining('replay is under way')]);
    const { body } = await root.post(SIMULATION, { action: 'stop' });
    expect(body.replay).toEqual({ running: false, sent: 1, failed: 0, total: 3 });
    expect((await root.post(`${REPLAY}?speed=20`, lines(said(0, 'Afterwards')))).status).toBe(200);
  });

  test.each([
    ['a bad line', '', `${lines(said(0, 'Good'))}\nnonsense`, 'recording line 2 is no valid JSON'],
    ['an empty file', '', '', 'recording has no events'],
    ['half a speed', '?speed=0.5', '{}', 'speed must be a whole number from 1 to 20'],
    ['too fast', '?speed=21', '{}', 'speed must be a whole number from 1 to 20'],
    ['no number', '?speed=fast', '{}', 'speed must be a whole number from 1 to 20'],
    ['two speeds', '?speed=1&speed=2', '{}', 'speed must be a whole number from 1 to 20'],
    ['an unknown key', '?fast=1', '{}', 'property fast should not exist'],
  ])('is refused with %s', async (_, query, recording, problem) => {
    const answer = await root.post(REPLAY + query, recording);
    expect([answer.status, answer.body.message]).toEqual([400, [problem]]);
  });

  test('is refused when it is compressed, or larger than 10 MiB, which the sender can read', async () => {
    const packed = await root.post(REPLAY, '{}', { headers: { 'content-encoding': 'gzip' } });
    expect(packed.status).toBe(400);
    const large = await root.post(REPLAY, Buffer.alloc(10 * 1024 * 1024 + 1, '\n'));
    expect([large.status, large.body.message]).toEqual([413, expect.stringContaining('10 MiB')]);
    // Who may not ask at all hears that first.
    expect((await send(server.url + REPLAY, { method: 'POST', body: Buffer.alloc(11_000_000, '\n') })).status).toBe(
      401,
    );
    expect((await root.post(REPLAY, 'nonsense', { headers: { 'x-csrf-token': 'x' } })).status).toBe(403);
  });

  test('needs a channel that is open', async () => {
    await root.patch(CHANNEL, { active: false });
    expect((await root.post(REPLAY, lines(said(0, 'Closed')))).status).toBe(409);
    await root.patch(CHANNEL, { active: true });
  });

  test('ends with its channel', async () => {
    await root.post(REPLAY, lines(said(0, 'Beginning'), said(25, 'End')));
    await until(root, ({ sent }) => sent === 1);
    await root.delete(CHANNEL);
    expect(await until(root, ({ running }) => !running)).toMatchObject({ sent: 1, failed: 0 });
  });
});

describeEachDatabase(
  'The replay of a recording in two processes',
  (kind: DatabaseKind) => {
    test('is shown and stopped through either', async () => {
      const database = await freshDatabase(kind, 'cs_admin');
      const servers = await Promise.all([0, 1].map(() => startServer({ database, env: { SUPERADMIN_USERS: 'Root' } })));
      const [a, b] = await Promise.all(servers.map(({ url }) => new Client(url).signIn('Root')));
      const long = lines(said(0, 'Beginning'), said(25, 'Middle'), said(50, 'End'));
      await a.post(REPLAY, long);
      await until(b, ({ sent }) => sent === 1);
      expect((await b.post(REPLAY, long)).status).toBe(409);
      await b.post(SIMULATION, { action: 'stop' });
      expect((await b.post(`${REPLAY}?speed=20`, lines(said(0, 'Other')))).status).toBe(200);
      expect(await until(b, ({ running }) => !running)).toEqual({ running: false, sent: 1, failed: 0, total: 1 });
      // The one that was stopped has heard of it, and says no more.
      expect((await a.post(REPLAY, long)).status).toBe(200);
      await until(a, ({ sent }) => sent === 1);
      await servers[0].kill();
      // As if the crashed one's time had run out.
      await database.query("UPDATE simulations SET runs_until = 1 WHERE channel_id = 'simulation:replay'");
      expect((await b.get(SIMULATION)).body.replay.running).toBe(false);
      expect((await b.post(`${REPLAY}?speed=20`, lines(said(0, 'Third')))).status).toBe(200);
      await servers[1].stop();
      await database.drop();
    });
  },
  ['mariadb'],
);
