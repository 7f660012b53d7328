import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DatabaseKind, freshDatabase, type TestDatabase } from './databases';
import { type Answer, Client, send, type Unchecked, webhook, type WebhookOptions } from './http';
import { startServer, type TestServer } from './server';

/** What a suite runs against; there from the first test on. */
export interface Stage {
  database: TestDatabase;
  /** SQLite has one process: there every place is taken by the same server. */
  servers: TestServer[];
  /** A superadmin who is signed in at the first server. */
  admin: Client;
}

/** Gives the suite around it a fresh database with `count` servers on it. */
export function onStage(kind: DatabaseKind, count = 1): Stage {
  const stage = { servers: [] as TestServer[] } as Stage;

  beforeAll(async () => {
    stage.database = await freshDatabase(kind);
    const { database } = stage;
    const first = await startServer({ database });
    stage.servers.push(first);
    while (stage.servers.length < count)
      stage.servers.push(kind === 'sqlite' ? first : await startServer({ database }));
    stage.admin = await new Client(first.url).signIn('Admin');
  });

  afterAll(async () => {
    await Promise.all([...new Set(stage.servers)].map((server) => server.stop()));
    await stage.database?.drop();
  });

  return stage;
}

/** Asks again until it is so; what never becomes so fails the test. */
export async function eventually(condition: () => Promise<boolean> | boolean, what = 'it'): Promise<void> {
  for (const giveUp = Date.now() + 30_000; !(await condition()); await sleep(20)) {
    if (Date.now() > giveUp) throw new Error(`${what} never became true`);
  }
}

const EVERY_STATUS = 'status=queued&status=highlighted&status=approved&status=rejected';

/** A channel made for one test, and what one does with it. */
export class TestChannel {
  private constructor(
    readonly id: string,
    readonly secret: string,
    private readonly admin: Client,
  ) {}

  /** @param settings as PATCH takes them */
  static async create(admin: Client, settings?: Record<string, unknown>): Promise<TestChannel> {
    const id = randomUUID();
    const made = await admin.post('/api/v1/channels', { id, name: id });
    const channel = new TestChannel(id, made.body.webhookSecret, admin);
    if (settings) await channel.set(settings);
    return channel;
  }

  url(base = this.admin.base): string {
    return `${base}/webhook/channel/${this.id}`;
  }

  post(payload: object, { base, ...options }: WebhookOptions & { base?: string } = {}): Promise<Answer> {
    return webhook(this.url(base), this.secret, payload, options);
  }

  /** What the server makes of it; or, of one it refuses, the status. */
  async outcome(payload: object, base?: string): Promise<string | number> {
    const { status, body } = await this.post(payload, { base });
    return status === 200 ? body.outcome : status;
  }

  /** As a moderator. @throws unless it succeeds */
  async api(method: string, path: string, body?: unknown): Promise<Unchecked> {
    const answer = await this.admin.request(method, `/api/v1/channels/${this.id}${path}`, body);
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    return answer.body;
  }

  async set(settings: Record<string, unknown>): Promise<void> {
    await this.api('PATCH', '', settings);
  }

  /** The oldest first. */
  async messages(query = EVERY_STATUS): Promise<Unchecked[]> {
    return (await this.api('GET', `/messages?order=oldest&limit=500&${query}`)).messages;
  }

  async decide(messageId: string, decision: string): Promise<void> {
    await this.api('POST', `/messages/${messageId}/decisions`, { decision });
  }

  async intake(): Promise<Unchecked> {
    return this.api('GET', '/intake');
  }

  /** What displays show, the newest decision first. */
  async published(base = this.admin.base): Promise<{ id: string; title: string; content_text: string }[]> {
    return (await send(`${base}/jsonfeed/${this.id}`)).body.items;
  }
}

/** Whether all that was received is accounted for. */
export function isBalanced({ received, queued, approved, duplicate, dropped, ignored }: Unchecked): boolean {
  const droppedInAll = Object.values<number>(dropped).reduce((sum, n) => sum + n, 0);
  return received === queued + approved + duplicate + droppedInAll + ignored;
}
