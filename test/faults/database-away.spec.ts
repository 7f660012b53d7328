import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';
import { Client, event, type EventyayEvent, send } from '../support/http';
import { eventually, TestChannel } from '../support/intake';
import { startServer, type TestServer } from '../support/server';

/** Stands between a server and its database, and can be cut. */
class Line {
  port = 0;
  private listener!: Server;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly host: string,
    private readonly databasePort: number,
  ) {}

  async open(): Promise<void> {
    this.listener = createServer((near) => {
      const far = connect(this.databasePort, this.host);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ]) {
        this.sockets.add(from);
        from.pipe(to);
        from.once('error', () => to.destroy()).once('close', () => this.sockets.delete(from));
      }
    });
    await new Promise<void>((resolve) => this.listener.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.listener.address() as AddressInfo).port;
  }

  /** Every connection ends, in whatever state: as if the network had failed, or as if the other side had closed it. */
  break(how: 'reset' | 'close' = 'reset'): void {
    for (const socket of this.sockets) {
      if (how === 'reset') socket.resetAndDestroy();
      else socket.destroy();
    }
  }

  /** And none is made any more. */
  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.listener.close(resolve));
    this.break();
    await closed;
  }
}

describeEachDatabase(
  'While the database is away',
  (kind) => {
    let database: TestDatabase;
    let server: TestServer;
    let line: Line;
    let admin: Client;

    beforeAll(async () => {
      database = await freshDatabase(kind);
      line = new Line(database.env.DB_HOST, Number(database.env.DB_PORT));
      await line.open();
      server = await startServer({ database, env: { DB_HOST: '127.0.0.1', DB_PORT: String(line.port) } });
      admin = await new Client(server.url).signIn('Admin');
    });
    afterAll(async () => {
      await server?.stop();
      await line?.cut();
      await database?.drop();
    });

    test('senders are told to come back, and nothing is lost that was answered', async () => {
      const [known, unknown] = [await TestChannel.create(admin), await TestChannel.create(admin)];
      expect(await known.outcome(event())).toBe('queued');
      await line.cut();
      const missed = event();
      const answers = [
        await known.post(missed),
        await known.post([]),
        await known.post(event(), { headers: { 'x-eventyay-signature': 'x' } }),
        await unknown.post(event()),
        await send(`${unknown.url()}?challenge=x`),
        ...(await Promise.all(Array.from({ length: 20 }, () => known.post(event())))),
      ];
      for (const { status, headers, body } of answers) {
        expect([status, headers['retry-after']]).toEqual([503, expect.stringMatching(/^\d+$/)]);
        expect(body).toEqual({ statusCode: 503, error: 'Service Unavailable', message: expect.any(String) });
      }
      expect((await send(`${server.url}/healthz`)).status).toBe(200);

      await line.open();
      expect(await known.outcome(missed)).toBe('queued');
      expect(await unknown.outcome(event())).toBe('queued');
      expect(await known.messages()).toHaveLength(2);
      // Refusals were counted all the while.
      await eventually(async () => (await known.intake()).refused['503'] >= 23, 'refusals counted');
    });

    test('its connections may break at any moment: what was answered is there, once', async () => {
      const channel = await TestChannel.create(admin);
      const answered = new Map<EventyayEvent, number>();
      let isOver = false;
      const lanes = Array.from({ length: 8 }, async () => {
        while (!isOver) {
          const payload = event();
          answered.set(payload, (await channel.post(payload)).status);
        }
      });
      // These ask the database before they are refused.
      const refusals = new Set<number>();
      const strangers = Array.from({ length: 4 }, async (_, lane) => {
        while (!isOver) {
          const answer = await (lane % 2
            ? channel.post([])
            : channel.post(event(), { headers: { 'x-eventyay-signature': 'x' } }));
          refusals.add(answer.status);
        }
      });
      for (let breaks = 0; breaks < 8; breaks += 1) {
        const enough = answered.size + 20;
        await eventually(() => answered.size >= enough);
        line.break(breaks % 2 ? 'reset' : 'close');
      }
      isOver = true;
      await Promise.all([...lanes, ...strangers]);
      expect([...refusals].filter((status) => ![400, 403, 503].includes(status))).toEqual([]);

      const taken = [...answered].filter(([, status]) => status === 200);
      const refused = [...answered].filter(([, status]) => status !== 200);
      expect(new Set(refused.map(([, status]) => status))).toEqual(new Set([503]));
      // A refused one may have been stored, when only the word of it was lost.
      const again = [];
      for (const [payload] of refused) again.push(await channel.outcome(payload));
      expect(again.filter((outcome) => outcome !== 'queued' && outcome !== 'duplicate')).toEqual([]);
      const rows = await database.query<{ source_id: string }>('SELECT source_id FROM messages WHERE channel_id = ?', [
        channel.id,
      ]);
      expect(rows.map(({ source_id }) => source_id).sort()).toEqual(
        [...answered.keys()].map(({ message_id }) => String(message_id)).sort(),
      );
      const { received, duplicate } = await channel.intake();
      expect(received - duplicate).toBe(taken.length + refused.length);
    });
  },
  ['mariadb', 'postgres'],
);
