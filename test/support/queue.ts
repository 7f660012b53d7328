import { randomUUID } from 'node:crypto';
import { type Answer, Client, event, type Unchecked } from './http';
import type { TestChannel } from './intake';

const EVERY_STATUS = '&status=queued&status=highlighted&status=approved&status=rejected';

/** A message as the API shows it. */
export interface Shown {
  id: string;
  status: 'queued' | 'highlighted' | 'approved' | 'rejected';
  revision: number;
  text: string;
  screenName: string;
  senderId: string | null;
  decidedAt: string | null;
  decidedBy: string | null;
  [field: string]: unknown;
}

/** An event that arrives and is kept. @returns what became of it */
export async function arrive(channel: TestChannel, fields: Record<string, unknown> = {}): Promise<Shown> {
  const outcome = await channel.outcome(event(fields));
  if (outcome !== 'queued' && outcome !== 'approved') throw new Error(`the event was ${outcome}`);
  const { messages } = await channel.api('GET', `/messages?limit=1${EVERY_STATUS}`);
  return messages[0];
}

/** One after another. */
export async function arriveAll(channel: TestChannel, several: Record<string, unknown>[]): Promise<Shown[]> {
  const arrived: Shown[] = [];
  for (const fields of several) arrived.push(await arrive(channel, fields));
  return arrived;
}

/** The messages of a channel as they are now, the oldest first. */
export async function shown(channel: TestChannel, query = ''): Promise<Shown[]> {
  return channel.messages(EVERY_STATUS + query);
}

export async function statuses(channel: TestChannel): Promise<string[]> {
  return (await shown(channel)).map(({ status }) => status);
}

/** The texts on display, the newest decision first. */
export async function onDisplay(channel: TestChannel, base?: string): Promise<string[]> {
  return (await channel.published(base)).map(({ content_text }) => content_text);
}

/** The log, newest first. */
export async function logOf(channel: TestChannel, query = ''): Promise<Unchecked[]> {
  return (await channel.api('GET', `/log?limit=500${query}`)).entries;
}

/** Someone who moderates the channel and nothing else, signed in at a server. */
export async function moderatorOf(channel: TestChannel, base: string, name = `Mo ${randomUUID()}`): Promise<Client> {
  const client = await new Client(base).signIn(name);
  const { user } = (await client.get('/api/v1/session')).body;
  await channel.api('PUT', `/members/${user.centralauthId}`, { username: user.username, role: 'moderator' });
  return client;
}

/** A request about the channel by whoever it is. */
export function ask(who: Client, channel: TestChannel, method: string, path: string, body?: unknown): Promise<Answer> {
  return who.request(method, `/api/v1/channels/${channel.id}${path}`, body);
}

export function decide(who: Client, channel: TestChannel, id: string, body: Record<string, unknown>): Promise<Answer> {
  return ask(who, channel, 'POST', `/messages/${id}/decisions`, body);
}

/** A 400 has to name every problem, in a list. */
export function expectBadInput({ status, body }: Answer): void {
  expect({ status, ...body }).toEqual({
    status: 400,
    statusCode: 400,
    error: 'Bad Request',
    message: expect.any(Array),
  });
  expect(body.message.map((problem: unknown) => typeof problem)).toContain('string');
}
