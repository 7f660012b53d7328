import { connect } from 'node:net';
import { checkExchange } from './documented';
import { eventyayBytes, send, type Unchecked } from './http';
import { sign } from './signature';
import type { TestChannel } from './intake';

/**
 * Posts several events in one write on one connection, so that the server has them all in the same turn of its event
 * loop, and with that in the same batch. Answers in their order.
 */
export async function postTogether(
  channel: TestChannel,
  payloads: object[],
  base?: string,
): Promise<{ status: number; body: Unchecked }[]> {
  const url = channel.url(base);
  // A server that has to look the channel up first would take the first event by itself.
  await send(`${url}?challenge=x`);
  const { hostname, port, pathname } = new URL(url);
  const requests = payloads.map((payload, i) => {
    const body = eventyayBytes(payload);
    const head = [
      `POST ${pathname} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      `X-Eventyay-Signature: ${sign(channel.secret, body)}`,
      `Connection: ${i === payloads.length - 1 ? 'close' : 'keep-alive'}`,
    ];
    return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
  });

  const socket = connect({ host: hostname, port: Number(port), timeout: 30_000 });
  socket.once('timeout', () => socket.destroy(new Error('no answer within 30 s')));
  socket.write(Buffer.concat(requests));
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  return readAnswers(url, Buffer.concat(parts));
}

function readAnswers(url: string, bytes: Buffer): { status: number; body: Unchecked }[] {
  const answers: { status: number; body: Unchecked }[] = [];
  for (let at = 0; at < bytes.length;) {
    const bodyAt = bytes.indexOf('\r\n\r\n', at) + 4;
    const head = bytes.toString('latin1', at, bodyAt);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
    const text = bytes.toString('utf8', bodyAt, bodyAt + length);
    const body: unknown = JSON.parse(text);
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]);
    const contentType = /^content-type: (.*)$/im.exec(head)?.[1];
    checkExchange({ method: 'POST', url, status, contentType, body, text });
    answers.push({ status, body });
    at = bodyAt + length;
  }
  return answers;
}
