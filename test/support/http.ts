import { randomUUID } from 'node:crypto';
import { type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { checkExchange } from './documented';
import { sign } from './signature';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test says itself what it expects of an answer
export type Unchecked = any;

export interface Answer<T = Unchecked> {
  status: number;
  headers: IncomingHttpHeaders;
  /** Parsed when the answer is JSON, else the text. */
  body: T;
  text: string;
}

export interface SendOptions {
  method?: string;
  headers?: Record<string, string | undefined>;
  /** Bytes and strings go as they are, anything else as JSON. */
  body?: unknown;
  /** Without one every request opens a connection of its own. */
  agent?: Agent;
}

/** One real request, whose answer has to be what openapi.json says; redirects are not followed. */
export function send<T = Unchecked>(
  url: string,
  { method = 'GET', headers = {}, body, agent }: SendOptions = {},
): Promise<Answer<T>> {
  const bytes = body === undefined ? undefined : toBytes(body);
  const isJson = body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body);
  const sent: OutgoingHttpHeaders = {};
  if (bytes) sent['content-length'] = bytes.length;
  if (isJson) sent['content-type'] = 'application/json';
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) sent[name.toLowerCase()] = value;

  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers: sent, agent: agent ?? false, timeout: 30_000 }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const json = /\bjson\b/.test(incoming.headers['content-type'] ?? '') && text !== '';
        const status = incoming.statusCode as number;
        const answered = (json ? JSON.parse(text) : text) as T;
        const { 'content-type': contentType } = incoming.headers;
        checkExchange({ method, url, sent: isJson ? body : undefined, status, contentType, body: answered, text });
        resolve({ status, headers: incoming.headers, body: answered, text });
      });
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error(`${method} ${url}: no answer within 30 s`)));
    outgoing.once('error', reject);
    outgoing.end(bytes);
  });
}

function toBytes(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

type ClientOptions = Pick<SendOptions, 'headers' | 'agent'>;

/** A browser as far as HTTP goes: keeps cookies, sends the CSRF token once signed in (a header given as undefined is left out). */
export class Client {
  csrfToken: string | null = null;
  readonly cookies = new Map<string, string>();

  constructor(readonly base: string) {}

  async signIn(username: string): Promise<this> {
    const answer = await this.get(`/dev-login?username=${encodeURIComponent(username)}`);
    if (answer.status !== 302 && answer.status !== 303)
      throw new Error(`/dev-login answered ${answer.status}: ${answer.text}`);
    const session = await this.get<{ csrfToken: string | null }>('/api/v1/session');
    this.csrfToken = session.body.csrfToken;
    return this;
  }

  get<T = Unchecked>(path: string, options?: ClientOptions): Promise<Answer<T>> {
    return this.request('GET', path, undefined, options);
  }

  post<T = Unchecked>(path: string, body?: unknown, options?: ClientOptions): Promise<Answer<T>> {
    return this.request('POST', path, body, options);
  }

  put<T = Unchecked>(path: string, body?: unknown, options?: ClientOptions): Promise<Answer<T>> {
    return this.request('PUT', path, body, options);
  }

  patch<T = Unchecked>(path: string, body?: unknown, options?: ClientOptions): Promise<Answer<T>> {
    return this.request('PATCH', path, body, options);
  }

  delete<T = Unchecked>(path: string, body?: unknown, options?: ClientOptions): Promise<Answer<T>> {
    return this.request('DELETE', path, body, options);
  }

  async request<T = Unchecked>(
    method: string,
    path: string,
    body?: unknown,
    { headers, agent }: ClientOptions = {},
  ): Promise<Answer<T>> {
    const answer = await send<T>(new URL(path, this.base).href, {
      method,
      body,
      agent,
      headers: {
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') || undefined,
        'x-csrf-token': method === 'GET' ? undefined : (this.csrfToken ?? undefined),
        ...headers,
      },
    });
    for (const line of answer.headers['set-cookie'] ?? []) this.keepCookie(line);
    return answer;
  }

  private keepCookie(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(pair.indexOf('=') + 1);
    const expires = attributes.find((attribute) => /^expires=/i.test(attribute))?.slice('expires='.length);
    const isGone =
      attributes.some((attribute) => /^max-age=(0|-\d+)$/i.test(attribute)) ||
      (expires && Date.parse(expires) <= Date.now());
    if (isGone || value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

export type WebhookOptions = Pick<SendOptions, 'headers' | 'agent'>;

/** Posts as Eventyay does: compact JSON, keys sorted, everything but ASCII escaped, signed over those bytes. A Buffer goes as it is. */
export function webhook(url: string, secret: string, payload: object, options: WebhookOptions = {}): Promise<Answer> {
  const body = Buffer.isBuffer(payload) ? payload : eventyayBytes(payload);
  return send(url, {
    method: 'POST',
    agent: options.agent,
    body,
    headers: { 'content-type': 'application/json', 'x-eventyay-signature': sign(secret, body), ...options.headers },
  });
}

export function eventyayBytes(payload: unknown): Buffer {
  const sorted = (_key: string, value: unknown) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  const escaped = JSON.stringify(payload, sorted).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return Buffer.from(escaped, 'ascii');
}

export interface EventyayEvent extends Record<string, unknown> {
  message_id: unknown;
  timestamp: unknown;
  sender_id: unknown;
  message: unknown;
}

// As in Eventyay one counter serves the whole instance; beginning with the time, two test processes do not meet.
let lastId = Date.now() * 1000;

/** A text message as Eventyay sends it, sent just now by a sender of its own. */
export function event(overrides: Record<string, unknown> = {}): EventyayEvent {
  const id = ++lastId;
  return {
    message_id: id,
    channel: '550e8400-e29b-41d4-a716-446655440000',
    timestamp: new Date().toISOString().replace('Z', '000+00:00'),
    screen_name: `Guest ${id % 1000}`,
    sender_id: randomUUID(),
    centralauth_id: null,
    centralauth_username: null,
    message: `Message number ${id}`,
    message_type: 'text',
    profile_img: null,
    user_language: null,
    meta: {},
    ...overrides,
  };
}

/** A reaction as Eventyay sends it: with the id, the text and the time of the message reacted to. */
export function reaction(
  target: Pick<EventyayEvent, 'message_id' | 'message' | 'timestamp'>,
  symbol: string,
  overrides: Record<string, unknown> = {},
): EventyayEvent {
  const sender = randomUUID();
  return event({
    message_id: target.message_id,
    message: target.message,
    timestamp: target.timestamp,
    sender_id: sender,
    message_type: 'emoji',
    meta: { target_message_id: target.message_id, reaction: symbol, action: 'add', reactions: { [symbol]: [sender] } },
    ...overrides,
  });
}
