import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { describeOnOneServer } from '../support/databases';
import { event, eventyayBytes, send } from '../support/http';
import { sign } from '../support/signature';
import { eventually, isBalanced, onStage, TestChannel } from '../support/intake';

const MAX_BODY = 65_536;

/** Every fault that a request can have, in the order in which the contract checks them; the first of each is none. */
const FAULTS = {
  size: ['', 'too large'],
  channel: ['', 'unknown', 'inactive', 'archived'],
  signature: ['', 'missing', 'malformed', 'wrong'],
  body: ['', 'not JSON', 'an array', 'without message'],
  timestamp: ['', 'old', 'malformed'],
};
type Faults = Record<keyof typeof FAULTS, string>;

const everyCombination = (Object.keys(FAULTS) as (keyof Faults)[]).reduce<Faults[]>(
  (combinations, name) => combinations.flatMap((made) => FAULTS[name].map((fault) => ({ ...made, [name]: fault }))),
  [{} as Faults],
);

function expectedStatus({ size, channel, signature, body, timestamp }: Faults): number {
  if (size) return 413;
  if (channel) return 404;
  if (signature) return 403;
  return body || timestamp ? 400 : 200;
}

function bytesWith({ size, body, timestamp }: Faults): Buffer {
  const payload = event();
  if (timestamp === 'old') payload.timestamp = new Date(Date.now() - 301_000).toISOString();
  if (timestamp === 'malformed') payload.timestamp = '1';
  if (body === 'without message') delete (payload as Record<string, unknown>).message;
  if (size) payload.padding = 'x'.repeat(MAX_BODY);
  const bytes = eventyayBytes(body === 'an array' ? [payload] : payload);
  return body === 'not JSON' ? bytes.subarray(1) : bytes;
}

function signatureFor(fault: string, secret: string, body: Buffer): string | undefined {
  if (fault === 'missing') return undefined;
  if (fault === 'malformed') return sign(secret, body).slice(0, -1);
  return sign(fault === 'wrong' ? `${secret}x` : secret, body);
}

describeOnOneServer('A webhook request that is refused', (kind) => {
  const stage = onStage(kind);

  test('is refused for the first of its faults, whatever others it has', async () => {
    const { admin, database } = stage;
    const open = await TestChannel.create(admin);
    const inactive = await TestChannel.create(admin, { active: false });
    const archived = await TestChannel.create(stage.admin);
    await archived.api('POST', '/archive');
    const ids: Record<string, string> = {
      '': open.id,
      unknown: `${open.id}x`,
      inactive: inactive.id,
      archived: archived.id,
    };
    const secrets: Record<string, string> = { inactive: inactive.secret, archived: archived.secret };
    const agent = new Agent({ keepAlive: true });
    const sessionsBefore = await database.query('SELECT * FROM sessions');

    const wrong: unknown[] = [];
    const refused: Record<string, number> = {};
    for (const faults of everyCombination) {
      const secret = secrets[faults.channel] ?? open.secret;
      const body = bytesWith(faults);
      const answer = await send(`${stage.admin.base}/webhook/channel/${ids[faults.channel]}`, {
        method: 'POST',
        body,
        agent,
        headers: { 'x-eventyay-signature': signatureFor(faults.signature, secret, body) },
      });
      const expected = expectedStatus(faults);
      const { statusCode, error, message } = answer.body;
      const isFine =
        answer.status === expected &&
        answer.headers['set-cookie'] === undefined &&
        (expected === 200
          ? answer.text === '{"ok":true,"outcome":"queued"}'
          : statusCode === expected && typeof error === 'string' && typeof message === 'string');
      // Of two 400s the body's comes first.
      const isFirst = expected !== 400 || /timestamp/.test(message) === (faults.body === '');
      if (!isFine || !isFirst) wrong.push({ faults, expected, status: answer.status, text: answer.text });
      if (expected !== 200 && faults.channel === '') refused[expected] = (refused[expected] ?? 0) + 1;
    }
    agent.destroy();

    expect(wrong).toEqual([]);
    expect(everyCombination).toHaveLength(384);
    const intake = await open.intake();
    expect(intake).toMatchObject({ received: 1, queued: 1 });
    expect(isBalanced(intake)).toBe(true);
    expect((await inactive.intake()).received + (await archived.intake()).received).toBe(0);
    await eventually(async () => JSON.stringify((await open.intake()).refused) === JSON.stringify(refused), 'refused');
    expect(await database.query('SELECT * FROM sessions')).toEqual(sessionsBefore);
  });

  test('leaves its connection in order for the next one', async () => {
    const channel = await TestChannel.create(stage.admin);
    let connections = 0;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const connect = agent.createConnection.bind(agent);
    agent.createConnection = (...args) => {
      connections += 1;
      return connect(...args);
    };
    const statuses: number[] = [];
    const post = async (body: Buffer, signature: string | undefined, id = channel.id) => {
      const headers = { 'x-eventyay-signature': signature };
      const answer = await send(`${stage.admin.base}/webhook/channel/${id}`, { method: 'POST', body, agent, headers });
      statuses.push(answer.status);
    };
    const good = eventyayBytes(event());
    for (let turn = 0; turn < 2; turn += 1) {
      await post(Buffer.alloc(1_000_000), undefined);
      await post(good, undefined, 'nowhere');
      await post(good, undefined);
      await post(Buffer.from('{'), sign(channel.secret, Buffer.from('{')));
      await post(good, sign(channel.secret, good));
    }
    agent.destroy();
    expect(statuses).toEqual([413, 404, 403, 400, 200, 413, 404, 403, 400, 200]);
    expect(connections).toBe(1);
  });

  test('is refused from the 65,537th byte on, with or without a length announced', async () => {
    const channel = await TestChannel.create(stage.admin);
    const ofSize = (size: number) => {
      const payload = event({ padding: '' });
      const rest = size - eventyayBytes(payload).length;
      return eventyayBytes({ ...payload, padding: 'x'.repeat(rest) });
    };
    // Without a length announced the bytes come in chunks.
    const statusOf = (size: number, announced: boolean) =>
      new Promise<number | undefined>((resolve, reject) => {
        const body = ofSize(size);
        const headers = {
          'x-eventyay-signature': sign(channel.secret, body),
          ...(announced ? { 'content-length': size } : {}),
        };
        const outgoing = request(channel.url(), { method: 'POST', headers, agent: false }, (incoming) => {
          incoming.resume().once('end', () => resolve(incoming.statusCode));
        });
        outgoing.once('error', reject);
        outgoing.write(body.subarray(0, 100));
        outgoing.end(body.subarray(100));
      });
    for (const announced of [true, false]) {
      expect([await statusOf(MAX_BODY, announced), await statusOf(MAX_BODY + 1, announced)]).toEqual([200, 413]);
    }
  });

  test('does no harm when it ends in the middle, or goes on for ever', async () => {
    const channel = await TestChannel.create(stage.admin);
    const { hostname, port, pathname } = new URL(channel.url());
    const head = `POST ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n`;
    for (const beginning of [head.slice(0, 20), head, `${head}{"message":`]) {
      const socket = connect(Number(port), hostname);
      await new Promise((resolve) => socket.write(beginning, resolve));
      socket.resetAndDestroy();
    }
    await expect(
      send(channel.url(), { method: 'POST', body: Buffer.alloc(40_000_000) }).then(
        ({ status }) => status,
        () => 413,
      ),
    ).resolves.toBe(413);
    expect(await channel.outcome(event())).toBe('queued');
    expect(stage.servers[0].output()).not.toMatch(/"level":(50|60)|error/i);
  });
});
