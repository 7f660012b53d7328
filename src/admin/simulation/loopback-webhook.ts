import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { createHmac } from 'node:crypto';
import { request, type Server } from 'node:http';
import { eventyayJson } from './eventyay-json';

/** As Eventyay: what takes longer is lost. */
const TIMEOUT_MS = 5_000;
const LONGEST_ANSWER = 10_000;

export interface WebhookAnswer {
  /** 0 when there was no answer. */
  status: number;
  /** What became of the message; null unless it was taken. */
  outcome: string | null;
}

/** Sends to this server's own webhook the way Eventyay does: the same bytes and header, a new connection for each event. */
@Injectable()
export class LoopbackWebhook {
  constructor(private readonly adapter: HttpAdapterHost) {}

  async send(channelId: string, secret: string, event: object): Promise<WebhookAnswer> {
    try {
      const { status, text } = await this.post(`/webhook/channel/${channelId}`, secret, eventyayJson(event));
      return { status, outcome: status === 200 ? outcomeOf(text) : null };
    } catch {
      return { status: 0, outcome: null };
    }
  }

  private post(path: string, secret: string, body: string): Promise<{ status: number; text: string }> {
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'X-Eventyay-Signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    };
    return new Promise((resolve, reject) => {
      const options = {
        ...this.address(),
        path,
        method: 'POST',
        headers,
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      };
      const outgoing = request(options, (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => (text = (text + chunk).slice(0, LONGEST_ANSWER)));
        incoming.once('error', reject);
        incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }

  /** Where this very process answers, without a slash at the end. */
  get origin(): string {
    const { host, port } = this.address();
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  }

  /** Where this very process listens, whatever PORT says: behind a proxy or with PORT=0 that is another one. */
  private address(): { host: string; port: number } {
    const server = this.adapter.httpAdapter.getHttpServer() as Server;
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server is not listening');
    const everywhere: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
    return { host: everywhere[address.address] ?? address.address, port: address.port };
  }
}

function outcomeOf(text: string): string | null {
  const { outcome } = JSON.parse(text) as { outcome?: unknown };
  return typeof outcome === 'string' ? outcome : null;
}
