import type { Answer, Client } from '../support/http';
import { event, send, webhook } from '../support/http';
import type { TestServer } from '../support/server';

export interface Card {
  id: string;
  screenName: string;
  text: string;
  status: string;
  revision: number;
}

let made = 0;

/** A channel of its own, with what its chat, its moderators and its displays do, each through HTTP. */
export class Room {
  private constructor(
    readonly id: string,
    private readonly secret: string,
    readonly token: string,
    private readonly server: TestServer,
    /** A superadmin, signed in at that server. */
    readonly moderator: Client,
  ) {}

  static async open(server: TestServer, superadmin: Client, settings: object = {}): Promise<Room> {
    const id = `feed-${++made}`;
    const { status, body } = await superadmin.post('/api/v1/channels', { id, name: `Room ${made}` });
    if (status !== 201) throw new Error(`making a channel answered ${status}`);
    const room = new Room(id, body.webhookSecret, body.displayToken, server, superadmin);
    if (Object.keys(settings).length > 0) await room.change(settings);
    return room;
  }

  get api(): string {
    return `/api/v1/channels/${this.id}`;
  }

  change(settings: object): Promise<Answer> {
    return this.moderator.patch(this.api, settings);
  }

  /** Sends a message, and finds its card in the queue. */
  async say(text: string, rest: Record<string, unknown> = {}): Promise<Card> {
    const payload = event({ message: text, ...rest });
    const { body } = await this.post(payload);
    if (body.outcome !== 'queued') throw new Error(`the message was not queued but ${JSON.stringify(body)}`);
    const { messages } = (await this.moderator.get(`${this.api}/messages?limit=500`)).body;
    return messages.find((card: { sourceId: string }) => card.sourceId === String(payload.message_id));
  }

  post(payload: object): Promise<Answer> {
    return webhook(`${this.server.url}/webhook/channel/${this.id}`, this.secret, payload);
  }

  async decide(card: Card, decision: 'approve' | 'highlight' | 'reject'): Promise<Card> {
    const { body } = await this.moderator.post(`${this.api}/messages/${card.id}/decisions`, { decision });
    if (body.outcome !== 'applied') throw new Error(`${decision} answered ${JSON.stringify(body)}`);
    return body.message;
  }

  async reconsider(card: Card, to: string): Promise<Card> {
    const { status, revision } = card;
    const decision = { decision: 'reconsider', to, revision, status };
    return (await this.moderator.post(`${this.api}/messages/${card.id}/decisions`, decision)).body.message;
  }

  async publish(text: string, rest?: Record<string, unknown>): Promise<Card> {
    return this.decide(await this.say(text, rest), 'approve');
  }

  feed(
    path = `/rss/${this.id}`,
    headers: Record<string, string | undefined> = {},
    server = this.server,
  ): Promise<Answer> {
    return send(`${server.url}${path}`, { headers });
  }

  /** What a JSON feed of it shows, newest first. */
  async shown(view: '' | '/highlights' = '', server = this.server): Promise<string[]> {
    const { body } = await this.feed(`/jsonfeed/${this.id}${view}`, {}, server);
    return body.items.map((item: { content_text: string }) => item.content_text);
  }
}

/** Of an answer, as a cache would send them with its next request. */
export const conditionsOf = ({ headers }: Answer) => ({
  tag: { 'if-none-match': headers.etag },
  date: { 'if-modified-since': headers['last-modified'] },
});
