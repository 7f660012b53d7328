import { createHmac, randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** What one run measured. Milliseconds. */
export interface Measured {
  perSecond: number;
  p50: number;
  p99: number;
  failed: number;
}

export interface Load {
  url: string;
  secret: string;
  connections: number;
  /** Whether each request opens a connection of its own, as Eventyay's do. */
  reconnect: boolean;
  seconds: number;
}

let number = Date.now() * 1000;

/**
 * Signed events over raw sockets. An HTTP client, or one that signs while it measures, would take more of the two cores
 * than the server that is measured; so the requests are made before the clock starts.
 */
export async function measure({ url, secret, connections, reconnect, seconds }: Load): Promise<Measured> {
  const { hostname, port, pathname } = new URL(url);
  const prepared = Array.from({ length: Math.ceil(seconds * MOST_PER_SECOND) }, () =>
    request(pathname, secret, reconnect),
  );
  const latencies: number[] = [];
  let failed = 0;
  let next = 0;
  const began = performance.now();
  const end = began + seconds * 1000;

  const worker = async () => {
    let socket: Socket | null = null;
    while (performance.now() < end && next < prepared.length) {
      const bytes = prepared[next++];
      const sent = performance.now();
      try {
        socket ??= await open(hostname, Number(port));
        const ok = await exchange(socket, bytes);
        if (ok) latencies.push(performance.now() - sent);
        else failed += 1;
      } catch {
        failed += 1;
        socket?.destroy();
        socket = null;
      }
      if (reconnect) {
        socket?.destroy();
        socket = null;
      }
    }
    socket?.destroy();
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const elapsed = performance.now() - began;
  latencies.sort((a, b) => a - b);
  const percentile = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
  return { perSecond: (latencies.length / elapsed) * 1000, p50: percentile(0.5), p99: percentile(0.99), failed };
}

const MOST_PER_SECOND = 25_000;
const WORDS = [
  'talk',
  'slides',
  'question',
  'great',
  'wiki',
  'commons',
  'edit',
  'where',
  'thanks',
  'stream',
  'audio',
  'room',
];

function request(path: string, secret: string, reconnect: boolean): Buffer {
  const words = Array.from({ length: 8 }, () => WORDS[Math.floor(Math.random() * WORDS.length)]).join(' ');
  const body = JSON.stringify({
    centralauth_id: null,
    centralauth_username: null,
    channel: '550e8400-e29b-41d4-a716-446655440000',
    message: `${words} ${number}`,
    message_id: (number += 1),
    message_type: 'text',
    meta: {},
    profile_img: null,
    screen_name: `Visitor ${number % 500}`,
    sender_id: randomUUID(),
    timestamp: new Date().toISOString(),
    user_language: 'en',
  });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Connection: ${reconnect ? 'close' : 'keep-alive'}\r\nX-Eventyay-Signature: sha256=${signature}\r\n\r\n${body}`,
  );
}

function open(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** @returns whether the answer was 200 */
function exchange(socket: Socket, bytes: Buffer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const done = (result: () => void) => {
      socket.off('data', read).off('close', lost).off('error', lost);
      result();
    };
    const lost = () => done(() => reject(new Error('connection lost')));
    const read = (part: Buffer) => {
      answer += part.toString('latin1');
      const head = answer.indexOf('\r\n\r\n');
      if (head === -1) return;
      const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? Number.NaN);
      if (answer.length >= head + 4 + length) done(() => resolve(answer.startsWith('HTTP/1.1 200')));
    };
    socket.on('data', read).once('close', lost).once('error', lost);
    socket.write(bytes);
  });
}
