import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { EventStream, frame } from '../../src/queue/event-stream';
import { eventually } from '../support/intake';

const NEWS = frame('message', { text: 'x'.repeat(200_000) }, 1);

describe('A stream of events', () => {
  let server: Server;
  let streams: EventStream[];

  beforeEach(async () => {
    streams = [];
    server = createServer((incoming, outgoing) => {
      const response = Object.assign(outgoing, { status: () => outgoing }) as unknown as Response;
      streams.push(new EventStream(incoming as Request, response));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function connect(): Promise<IncomingMessage> {
    const { port } = server.address() as AddressInfo;
    const [response] = await once(request({ port, agent: false }).end(), 'response');
    return response.on('error', () => undefined);
  }

  test('drops who does not read, and nobody else', async () => {
    const [stuck, reading] = [await connect(), await connect()];
    let received = 0;
    reading.on('data', (part: Buffer) => (received += part.length));
    let sent = 0;
    await eventually(async () => {
      for (const stream of streams) stream.send(NEWS);
      sent += NEWS.length;
      await sleep(1);
      return streams[0].closed;
    }, 'the stuck one dropped');
    await eventually(() => received >= sent, 'all for the one who reads');
    expect([streams[0].closed, streams[1].closed, stuck.complete]).toEqual([true, false, false]);
  });

  test('ends at once for who reads, and soon for who does not', async () => {
    const [stuck, reading] = [await connect(), await connect()];
    const ended = once(reading.resume(), 'end');
    // More than the connection holds, but not so much that it would be dropped for it.
    for (let full = false; !full; await sleep(20)) {
      streams[0].send(Buffer.alloc(300_000));
      await sleep(20);
      full = (streams[0] as unknown as { response: Response }).response.writableLength > 0;
    }
    expect(streams[0].closed).toBe(false);
    const closed = Promise.all(streams.map((stream) => new Promise<void>((resolve) => stream.onClose(resolve))));
    for (const stream of streams) stream.end();
    await ended;
    await closed;
    server.close();
    await once(server, 'close');
    expect(stuck.complete).toBe(false);
  });

  test('takes nothing more once it has ended', async () => {
    const reading = await connect();
    const parts: Buffer[] = [];
    reading.on('data', (part: Buffer) => parts.push(part));
    streams[0].send(frame('stats', { n: 1 }, 7));
    streams[0].end();
    streams[0].send(frame('stats', { n: 2 }, 8));
    streams[0].end();
    await once(reading, 'end');
    expect(Buffer.concat(parts).toString()).toBe('retry: 1000\n\nevent: stats\nid: 7\ndata: {"n":1}\n\n');
  });
});
