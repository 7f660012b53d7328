import { type IncomingMessage, request } from 'node:http';
import { checkEvent } from './documented';
import type { Client, Unchecked } from './http';
import { eventually } from './intake';
import type { Shown } from './queue';

export interface Pushed {
  event: string;
  id: number;
  data: Unchecked;
}

type Reader = Pick<Client, 'base' | 'cookies'> & { authorization?: string };

/** A page that follows a channel: an open response of server-sent events, read as a browser reads it. */
export class EventReader {
  readonly events: Pushed[] = [];
  /** Usernames, as they were told last; not among the events, for they come and go at times of their own. */
  present: string[] | null = null;
  ended = false;
  private text = '';

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8').on('data', (part: string) => this.read(part));
    // 'end' when the server has ended it, 'error' when the connection broke.
    response.once('close', () => (this.ended = true)).on('error', () => undefined);
  }

  /** @returns once the first event is there. @throws what the server answers when it refuses */
  static async open(who: Reader, channelId: string, lastEventId?: number | string): Promise<EventReader> {
    const headers = {
      cookie: [...who.cookies].map((pair) => pair.join('=')).join('; '),
      ...(who.authorization === undefined ? {} : { authorization: who.authorization }),
      ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
    };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const url = `${who.base}/api/v1/channels/${channelId}/events`;
      request(url, { headers, agent: false }, resolve).once('error', reject).end();
    });
    if (response.statusCode !== 200) {
      response.resume();
      throw new Error(`answered ${response.statusCode}`);
    }
    const reader = new EventReader(response);
    await eventually(() => reader.events.length > 0 || reader.ended, 'a first event');
    return reader;
  }

  get headers() {
    return this.response.headers;
  }

  close(): void {
    this.response.destroy();
  }

  of(event: string): Pushed[] {
    return this.events.filter((pushed) => pushed.event === event);
  }

  /** Every message as it was told last, by the greater revision and rank, as pages merge them. */
  messages(): Map<string, Pick<Shown, 'status' | 'revision'>> {
    const ranks = ['queued', 'highlighted', 'approved', 'rejected'];
    const known = new Map<string, Shown>();
    for (const message of this.events.flatMap(({ data }) => (data.messages ?? []) as Shown[])) {
      const before = known.get(message.id);
      const isNewer =
        !before ||
        message.revision > before.revision ||
        (message.revision === before.revision && ranks.indexOf(message.status) > ranks.indexOf(before.status));
      if (isNewer) known.set(message.id, message);
    }
    return new Map([...known].map(([id, { status, revision }]) => [id, { status, revision }]));
  }

  /** Its number would be taken for one of the channel's when the page comes back. */
  private hearPresence(hasId: boolean, { users }: { users: { username: string }[] }): void {
    if (hasId) throw new Error('presence came with an id');
    this.present = users.map(({ username }) => username);
  }

  private read(part: string): void {
    this.text += part;
    const blocks = this.text.split('\n\n');
    this.text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => [line.split(': ', 1)[0], line.replace(/^[^:]*: ?/, '')]));
      const data = fields.get('data');
      if (data === undefined) continue;
      const pushed: Pushed = { event: fields.get('event') ?? '', id: Number(fields.get('id')), data: JSON.parse(data) };
      checkEvent(pushed.event, pushed.data);
      if (pushed.event === 'presence') this.hearPresence(fields.has('id'), pushed.data);
      else this.events.push(pushed);
    }
  }
}
