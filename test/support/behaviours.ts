import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers one request in place of a server that we ask; may leave it unanswered. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers with JSON. */
export function json(status: number, body: unknown): Behaviour {
  return (_, response) => reply(response, status, body);
}

/** Answers with these very bytes. */
export function raw(status: number, headers: Record<string, string>, body: string): Behaviour {
  return (_, response) => void response.writeHead(status, headers).end(body);
}

export function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Leaves a request unanswered. */
export const hang: Behaviour = () => undefined;

/** A byte each second: alive enough for an idle time-out, too slow for anybody who waits. */
export function drip(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 1_000);
  response.once('close', () => clearInterval(timer));
}

export function endless(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write('x'.repeat(16_384)), 1);
  response.once('close', () => clearInterval(timer));
}
