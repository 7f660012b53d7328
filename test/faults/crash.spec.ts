import { Agent } from 'node:http';
import { describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';
import { Client, event, type EventyayEvent, reaction } from '../support/http';
import { isBalanced, TestChannel } from '../support/intake';
import { startServer, type TestServer } from '../support/server';

const LANES = 16;
/** Of each life of the server. */
const ANSWERED = 200;

describeEachDatabase('A server that is killed in the middle', (kind) => {
  let database: TestDatabase;
  let server: TestServer;
  beforeAll(async () => {
    database = await freshDatabase(kind);
    server = await startServer({ database });
  });
  afterAll(async () => {
    await server?.kill();
    await database?.drop();
  });

  test('has stored all that it answered, and counted what it stored', async () => {
    const payloads = new Map<string, EventyayEvent>();
    const acknowledged = new Set<string>();
    const channel = await TestChannel.create(await new Client(server.url).signIn('Admin'), { anonymousLabel: 'Guest' });

    for (let life = 0; life < 2; life += 1) {
      const agent = new Agent({ keepAlive: true });
      const doomed = server;
      const before = acknowledged.size;
      let killed: Promise<void> | undefined;
      const lane = async () => {
        while (!killed) {
          const text = event({ screen_name: '' });
          const payload = payloads.size % 3 === 0 ? reaction(text, '👍', { screen_name: '' }) : text;
          const key = String(payload.message_id);
          payloads.set(key, payload);
          const answer = await channel.post(payload, { base: doomed.url, agent }).catch(() => null);
          if (answer === null) return;
          expect([answer.status, answer.body.outcome]).toEqual([200, 'queued']);
          acknowledged.add(key);
          // In the turn of an answer: what has been told is either durable now or never.
          if (acknowledged.size - before >= ANSWERED) killed ??= doomed.kill();
        }
      };
      await Promise.all(Array.from({ length: LANES }, lane));
      await killed;
      agent.destroy();
      server = await startServer({ database });
    }

    const sourceIds = async () => {
      const rows = await database.query<{ source_id: string }>('SELECT source_id FROM messages WHERE channel_id = ?', [
        channel.id,
      ]);
      return rows.map(({ source_id }) => source_id);
    };
    const stored = await sourceIds();
    expect(acknowledged.size).toBeGreaterThanOrEqual(2 * ANSWERED);
    expect([...acknowledged].filter((id) => !stored.includes(id))).toEqual([]);
    expect(new Set(stored).size).toBe(stored.length);

    const admin = await new Client(server.url).signIn('Admin');
    const { body: intake } = await admin.get(`/api/v1/channels/${channel.id}/intake`);
    expect(intake).toMatchObject({ received: stored.length, queued: stored.length });

    // What was under way is as good as never sent: sent again, each is there once.
    for (const [id, payload] of payloads) {
      if (acknowledged.has(id)) continue;
      expect(await channel.outcome(payload, server.url)).toBe(stored.includes(id) ? 'duplicate' : 'queued');
    }
    expect((await sourceIds()).sort()).toEqual([...payloads.keys()].sort());
    const numbers = await database.query<{ screen_name: string }>(
      'SELECT screen_name FROM messages WHERE channel_id = ?',
      [channel.id],
    );
    expect(new Set(numbers.map(({ screen_name }) => screen_name)).size).toBe(payloads.size);
    expect(isBalanced((await admin.get(`/api/v1/channels/${channel.id}/intake`)).body)).toBe(true);
  }, 120_000);

  test('and one that is asked to end answers all it has begun with', async () => {
    const channel = await TestChannel.create(await new Client(server.url).signIn('Admin'));
    await channel.outcome(event());
    const answers = Array.from({ length: 100 }, () =>
      channel.post(event()).then(
        ({ status }) => status,
        () => null,
      ),
    );
    await Promise.race(answers);
    await server.stop();
    const statuses = await Promise.all(answers);
    const [{ n }] = await database.query<{ n: number }>('SELECT COUNT(*) AS n FROM messages WHERE channel_id = ?', [
      channel.id,
    ]);
    expect(statuses.filter((status) => status === 200).length).toBe(Number(n) - 1);
    expect(new Set(statuses.filter((status) => status !== null))).toEqual(new Set([200]));
  });
});
