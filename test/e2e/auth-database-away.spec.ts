import { createServer, connect, type Server, type Socket } from 'node:net';
import { describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';
import { Client, send } from '../support/http';
import { startServer, type TestServer } from '../support/server';

/** A cable between the server and its database. */
class Cable {
  private readonly sockets = new Set<Socket>();
  private server!: Server;
  private silent = false;

  constructor(private readonly target: { host: string; port: number }) {}

  async plugIn(port = 0): Promise<number> {
    this.server = createServer((near) => {
      const far = connect(this.target);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(from);
        from.on('data', (chunk: Buffer) => this.silent || to.write(chunk));
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.sockets.delete(from);
          to.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return (this.server.address() as { port: number }).port;
  }

  /** Nothing gets through, and nobody is told. */
  mute(): void {
    this.silent = true;
  }

  async pull(): Promise<void> {
    this.silent = false;
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describeEachDatabase(
  'without its database, a session',
  (kind) => {
    let database: TestDatabase;
    let server: TestServer;
    let cable: Cable;
    let port: number;
    let client: Client;

    beforeAll(async () => {
      database = await freshDatabase(kind, 'cs_auth');
      cable = new Cable({ host: database.env.DB_HOST, port: Number(database.env.DB_PORT) });
      port = await cable.plugIn();
      server = await startServer({
        database: { env: { ...database.env, DB_HOST: '127.0.0.1', DB_PORT: String(port) } },
      });
      client = await new Client(server.url).signIn('Ada');
    });
    afterAll(async () => {
      await cable?.pull().catch(() => undefined);
      await server?.kill();
      await database?.drop();
    });

    const expectAway = async () => {
      const api = await client.get('/api/v1/session');
      expect([api.status, api.body.statusCode]).toEqual([503, 503]);
      expect(api.headers['retry-after']).toMatch(/^\d+$/);
      const page = await client.get('/login');
      expect([page.status, page.headers['content-type']?.split(';')[0]]).toEqual([503, 'text/html']);
      expect(client.cookies.size).toBe(1);
    };

    it('is answered 503 at once when the database refuses, and is there again afterwards', async () => {
      await cable.pull();
      await expectAway();
      expect((await send(`${server.url}/dev-login?username=Ada`)).status).toBe(503);
      await cable.plugIn(port);
      expect((await client.get('/api/v1/session')).body.user.username).toBe('Ada');
    });

    it('is answered 503 within seconds when the database says nothing', async () => {
      cable.mute();
      await expectAway();
    });
  },
  ['mariadb', 'postgres'],
);
