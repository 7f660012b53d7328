import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import Redis from 'ioredis';
import { type DatabaseKind, describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';
import { EventReader } from '../support/event-reader';
import { Client } from '../support/http';
import { eventually, TestChannel } from '../support/intake';
import { arrive, decide, moderatorOf } from '../support/queue';
import { freePort, startServer, type TestServer } from '../support/server';

const REDIS = { host: '127.0.0.1', port: 6379 };

/** Told before any test is: whether a suite that needs it is run or skipped. */
function answers({ host, port }: typeof REDIS): boolean {
  const probe = `require('net').connect(${port}, '${host}').on('error', () => process.exit(1)).on('connect', () => process.exit(0))`;
  return spawnSync(process.execPath, ['-e', probe], { timeout: 5_000 }).status === 0;
}

const hasRedis = answers(REDIS);

/** A Redis that can be away: what stands between it and the servers lets through or does not. */
class Gate {
  private server: Server | null = null;
  private readonly open = new Set<Socket>();

  constructor(readonly port: number) {}

  async lift(): Promise<void> {
    this.server = createServer((near) => {
      const far = connect(REDIS);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ]) {
        this.open.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy()).on('close', () => this.open.delete(one));
      }
    });
    await new Promise<void>((resolve) => this.server?.listen(this.port, REDIS.host, resolve));
  }

  close(): void {
    this.server?.close();
    for (const socket of this.open) socket.destroy();
  }
}

describeEachDatabase('Events across processes without Redis', (kind) => suite(kind, false), ['mariadb', 'postgres']);
// What Redis tells does not depend on the database.
if (hasRedis) describeEachDatabase('Events across processes with Redis', (kind) => suite(kind, true), ['mariadb']);
else
  describe.skip(`Events across processes with Redis: no server (${REDIS.host}:${REDIS.port})`, () =>
    suite('mariadb', true));

function suite(kind: DatabaseKind, withRedis: boolean): void {
  const prefix = `cs-${randomUUID()}:`;
  let database: TestDatabase;
  let servers: TestServer[];
  let gate: Gate;
  let channel: TestChannel;
  let [here, there]: Client[] = [];

  beforeAll(async () => {
    database = await freshDatabase(kind);
    gate = new Gate(await freePort());
    const env = withRedis ? { REDIS_URL: `redis://127.0.0.1:${gate.port}`, REDIS_PREFIX: prefix } : {};
    servers = await Promise.all([startServer({ database, env }), startServer({ database, env })]);
    const admin = await new Client(servers[0].url).signIn('Admin');
    channel = await TestChannel.create(admin);
    [here, there] = await Promise.all(servers.map(({ url }) => moderatorOf(channel, url)));
  });

  afterAll(async () => {
    gate?.close();
    await Promise.all((servers ?? []).map((server) => server.stop()));
    await database?.drop();
  });

  async function passOn(): Promise<void> {
    const [mine, theirs] = await Promise.all([EventReader.open(here, channel.id), EventReader.open(there, channel.id)]);
    const { id } = await arrive(channel);
    for (const reader of [mine, theirs]) await eventually(() => reader.messages().has(id), 'the message');
    await decide(there, channel, id, { decision: 'highlight' });
    await decide(here, channel, id, { decision: 'reject' });
    const rejected = (reader: EventReader) => reader.messages().get(id)?.status === 'rejected';
    for (const reader of [mine, theirs]) await eventually(() => rejected(reader), 'the reject');
    for (const reader of [mine, theirs]) reader.close();
  }

  test('a message and each decision on it reach who follows at another process', passOn);

  test('a right that is removed at one process ends the stream at another', async () => {
    const leaver = await moderatorOf(channel, servers[1].url);
    const reader = await EventReader.open(leaver, channel.id);
    const { user } = (await leaver.get('/api/v1/session')).body;
    await channel.api('DELETE', `/members/${user.centralauthId}`);
    await eventually(() => reader.ended, 'the end');
  });

  test('a channel that is deleted at one process ends the streams at another', async () => {
    const admin = await new Client(servers[1].url).signIn('Admin');
    const doomed = await TestChannel.create(admin);
    const reader = await EventReader.open(admin, doomed.id);
    const elsewhere = await new Client(servers[0].url).signIn('Admin');
    expect((await elsewhere.delete(`/api/v1/channels/${doomed.id}`)).status).toBe(204);
    await eventually(() => reader.ended, 'the end');
  });

  if (!withRedis) return;

  test('Redis, when it comes, tells sooner; and nothing is lost when it goes', async () => {
    const redis = new Redis(REDIS.port, REDIS.host);
    const heard: string[] = [];
    try {
      const subscribers = async () => (await redis.pubsub('NUMSUB', `${prefix}changes`))[1];
      expect(await subscribers()).toBe(0);
      await gate.lift();
      await eventually(async () => (await subscribers()) === 2, 'both servers listening');
      const listener = redis.duplicate();
      listener.on('message', (_topic, text) => heard.push(text));
      await listener.subscribe(`${prefix}changes`);
      await passOn();
      await eventually(() => heard.length >= 3, 'three changes');
      expect(heard.map((text) => JSON.parse(text))).toContainEqual({ channelId: channel.id, seq: expect.any(Number) });

      // Whoever shares the Redis may say anything.
      for (const noise of ['', 'null', '{', '[]', '{"channelId":1}', `{"channelId":"${channel.id}","seq":"x"}`]) {
        await redis.publish(`${prefix}changes`, noise);
      }
      await passOn();
      gate.close();
      await eventually(async () => (await subscribers()) === 1, 'the servers cut off');
      await passOn();
      await gate.lift();
      await eventually(async () => (await subscribers()) === 3, 'both servers listening again');
      listener.disconnect();
    } finally {
      redis.disconnect();
    }
  });
}
