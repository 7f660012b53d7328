import { type ClientRequest, request } from 'node:http';
import { readFileSync } from 'node:fs';
import { Client, event } from '../support/http';
import { startServer, type TestServer } from '../support/server';
import { sign } from '../support/signature';

describe('a body that comes in single bytes', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  /** Sends the bytes as chunks of one each; answers the status once the last has been sent, or null when it is not. */
  const open = new Set<ClientRequest>();
  afterAll(async () => {
    open.forEach((outgoing) => outgoing.destroy());
    await server?.stop();
  });

  const drip = (bytes: Buffer, signature: string, end: boolean) =>
    new Promise<number | null>((resolve, reject) => {
      const outgoing = request(`${server.url}/webhook/channel/drip`, {
        method: 'POST',
        headers: { 'transfer-encoding': 'chunked', 'x-eventyay-signature': signature },
      });
      outgoing.once('response', (answer) => resolve(answer.resume().statusCode ?? null)).once('error', reject);
      open.add(outgoing);
      outgoing.flushHeaders();
      outgoing.once('socket', (socket) => {
        const all = Buffer.concat([...bytes].map((byte) => Buffer.from([0x31, 13, 10, byte, 13, 10])));
        const send = () =>
          socket.write(end ? Buffer.concat([all, Buffer.from('0\r\n\r\n')]) : all, () => end || resolve(null));
        if (socket.connecting) socket.once('connect', send);
        else send();
      });
    });

  test('is taken as it would be whole', async () => {
    const admin = await new Client(server.url).signIn('Admin');
    const { webhookSecret } = (await admin.post('/api/v1/channels', { id: 'drip', name: 'Drip' })).body;
    const body = Buffer.from(JSON.stringify(event({ message: 'Drop by drop. '.repeat(200) })));
    expect(await drip(body, sign(webhookSecret, body), true)).toBe(200);
  });

  test('takes little more memory than its length, whoever sends it', async () => {
    const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024;
    const before = memory();
    const bytes = Buffer.alloc(60_000, 'x');
    await Promise.all(Array.from({ length: 40 }, () => drip(bytes, 'sha256=none', false)));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    // Kept byte by byte, they take twice that.
    expect(memory() - before).toBeLessThan(160);
  });
});
