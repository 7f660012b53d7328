import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describeOnOneServer } from '../support/databases';
import { type Answer, Client, event, eventyayBytes, send } from '../support/http';
import { sign } from '../support/signature';
import { onStage, TestChannel } from '../support/intake';

/** The path exactly as it stands here; URL would tidy it up. */
function rawRequest(base: string, method: string, path: string, body = Buffer.alloc(0)): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const headers = { 'content-length': body.length, 'x-eventyay-signature': sign('secret', body) };
    const outgoing = request({ hostname, port, method, path, headers, agent: false }, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.once('end', () => {
        const text = Buffer.concat(parts).toString();
        resolve({ status: incoming.statusCode!, headers: incoming.headers, text, body: JSON.parse(text) });
      });
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

const UNKNOWN_IDS = [
  ...[
    'nowhere',
    'SIMULATION',
    'Simulation',
    'simulation%20',
    '%20simulation',
    'simulation%00',
    '%00',
    '%EF%BB%BFsimulation',
  ],
  ...[
    '*',
    '%2A',
    '.',
    '%2E%2E',
    '..%2Fsimulation',
    'simulation%2F',
    '%5C',
    '-',
    '_',
    's%27+OR+1=1+--',
    '%22',
    '%25',
    '%3F',
  ],
  ...[
    '__proto__',
    'constructor',
    'null',
    '0',
    '%F0%9F%91%8D',
    '%ED%95%9C',
    '%E2%80%8B',
    '%0A',
    'a'.repeat(64),
    'a'.repeat(8_000),
  ],
];
/** What stands for no bytes of UTF-8 cannot even be an id. */
const MALFORMED_IDS = ['%', '%Z', '%ZZ', '%E0%A4%A', '%FF', '%C0%80', '%ED%A0%80', 'simulation%'];

describeOnOneServer('The webhook', (kind) => {
  const stage = onStage(kind);

  test('answers a challenge with itself, and nothing else', async () => {
    const channel = await TestChannel.create(stage.admin);
    for (const challenge of [
      'x',
      'x'.repeat(512),
      '"\\\u0000\n<>&+ %',
      'é한👍',
      '[object Object]',
      '__proto__',
      'null',
      '0',
    ]) {
      const answer = await send(`${channel.url()}?${new URLSearchParams({ challenge }).toString().toString()}`);
      expect(answer).toMatchObject({ status: 200, text: JSON.stringify({ challenge }) });
      expect(answer.headers['content-type']).toMatch(/^application\/json/);
    }
    for (const query of [
      '',
      '?',
      '?challenge',
      '?challenge=',
      `?challenge=${'x'.repeat(513)}`,
      '?challenge=a&challenge=b',
      '?Challenge=a',
    ]) {
      const answer = await send(channel.url() + query);
      expect([query, answer.status, answer.body]).toEqual([
        query,
        400,
        { statusCode: 400, error: 'Bad Request', message: expect.any(String) },
      ]);
    }
  });

  test('is nowhere for an id that no channel has, however odd', async () => {
    for (const id of UNKNOWN_IDS) {
      for (const [method, path] of [
        ['GET', `${id}?challenge=x`],
        ['POST', id],
      ] as const) {
        const answer = await rawRequest(stage.admin.base, method, `/webhook/channel/${path}`);
        expect([method, id, answer.status, answer.body.statusCode]).toEqual([method, id, 404, 404]);
      }
    }
    const tooLarge = await rawRequest(stage.admin.base, 'POST', '/webhook/channel/%00', Buffer.alloc(70_000));
    expect(tooLarge.status).toBe(413);
    for (const id of MALFORMED_IDS) {
      const answer = await rawRequest(stage.admin.base, 'POST', `/webhook/channel/${id}`, Buffer.from('{}'));
      expect([id, answer.status, answer.body.statusCode]).toEqual([id, 400, 400]);
      expect(answer.body.message).toBe('The address is malformed.');
    }
    expect(stage.servers[0].output()).not.toMatch(/"level":(50|60)|error/i);
  });

  test('takes the signature of the current secret and of no other', async () => {
    const channel = await TestChannel.create(stage.admin);
    const other = await TestChannel.create(stage.admin);
    const body = eventyayBytes(event());
    const right = sign(channel.secret, body);
    const digits = right.slice('sha256='.length);
    const forged = [
      ...[
        undefined,
        '',
        'sha256=',
        digits,
        `sha256=${digits.toUpperCase()}`,
        `SHA256=${digits}`,
        `sha512=${digits}`,
        `sha1=${digits}`,
      ],
      ...[
        `sha256=${digits.slice(1)}`,
        `sha256=${digits}0`,
        `sha256=${digits.slice(1)}g`,
        `sha256=${digits} x`,
        `sha256= ${digits}`,
      ],
      ...[
        `${right}, ${right}`,
        `sha256=${'0'.repeat(64)}`,
        sign('', body),
        sign(other.secret, body),
        sign(channel.secret, Buffer.alloc(0)),
      ],
      sign(channel.secret, Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1))),
    ];
    for (const signature of forged) {
      const answer = await send(channel.url(), {
        method: 'POST',
        body,
        headers: { 'x-eventyay-signature': signature },
      });
      expect([signature, answer.status]).toEqual([signature, 403]);
      expect(answer.text).not.toContain(channel.secret);
    }
    expect(await channel.outcome(body)).toBe('queued');
  });

  test('takes a previous secret for a day, and not once it is forgotten', async () => {
    const channel = await TestChannel.create(stage.admin);
    const rotate = async () => (await channel.api('POST', '/webhook-secret')).webhookSecret as string;
    const statusWith = async (secret: string) => {
      const body = eventyayBytes(event());
      return (
        await send(channel.url(), { method: 'POST', body, headers: { 'x-eventyay-signature': sign(secret, body) } })
      ).status;
    };
    const [first, second] = [channel.secret, await rotate()];
    expect([await statusWith(first), await statusWith(second)]).toEqual([200, 200]);
    const third = await rotate();
    // Replaced twice: nothing says which of them the sender has.
    expect([await statusWith(first), await statusWith(second), await statusWith(third)]).toEqual([200, 200, 200]);

    // A day after the first; the change of rules is what makes the server look.
    const expire = async (...expired: string[]) => {
      const secrets = [second, first].map((secret) => ({
        secret,
        expiresAt: Date.now() + (expired.includes(secret) ? -1 : 60_000),
      }));
      await stage.database.query('UPDATE channels SET previous_secrets = ? WHERE id = ?', [
        JSON.stringify(secrets),
        channel.id,
      ]);
      await lookAgain();
    };
    const lookAgain = () =>
      stage.database.query('UPDATE channel_state SET rules_version = rules_version + 1 WHERE channel_id = ?', [
        channel.id,
      ]);
    await expire(first);
    expect([await statusWith(first), await statusWith(second), await statusWith(third)]).toEqual([403, 200, 200]);
    await expire(first, second);
    expect([await statusWith(first), await statusWith(second), await statusWith(third)]).toEqual([403, 403, 200]);

    const fourth = await rotate();
    expect(await statusWith(third)).toBe(200);
    await channel.api('DELETE', '/webhook-secret/previous');
    expect([await statusWith(third), await statusWith(fourth)]).toEqual([403, 200]);
    expect((await channel.messages()).length).toBe((await channel.intake()).received);
  });

  test('verifies and reads the bytes as they came, of whatever type they are said to be', async () => {
    const channel = await TestChannel.create(stage.admin);
    const post = async (body: Buffer, signed: Buffer, headers: Record<string, string | undefined>) =>
      (
        await send(channel.url(), {
          method: 'POST',
          body,
          headers: { 'x-eventyay-signature': sign(channel.secret, signed), ...headers },
        })
      ).status;
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json; charset=utf-16',
      'image/png',
      ';',
      '',
    ];
    for (const type of [...types, undefined]) {
      const body = eventyayBytes(event());
      expect([type, await post(body, body, { 'content-type': type })]).toEqual([type, 200]);
    }
    const plain = eventyayBytes(event());
    const zipped = gzipSync(plain);
    const json = { 'content-type': 'application/json' };
    expect(await post(zipped, zipped, { ...json, 'content-encoding': 'gzip' })).toBe(400);
    expect(await post(zipped, plain, { ...json, 'content-encoding': 'gzip' })).toBe(403);
    expect(await post(plain, plain, { ...json, 'content-encoding': 'gzip' })).toBe(200);
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(await post(bomb, bomb, { ...json, 'content-encoding': 'gzip' })).toBe(400);
    expect(await post(Buffer.alloc(0), Buffer.alloc(0), json)).toBe(400);
  });

  test('neither makes nor reads a session', async () => {
    const channel = await TestChannel.create(stage.admin);
    const sessions = () => stage.database.query('SELECT * FROM sessions ORDER BY digest');
    const before = await sessions();
    const browser = new Client(stage.admin.base);
    for (const [name, value] of stage.admin.cookies) browser.cookies.set(name, value);
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const forged = cookie.replace(/=.*/, `=s%3A${randomBytes(24).toString('hex')}.x`);
    for (const headers of [{}, { cookie }, { cookie: forged }]) {
      for (const answer of [
        await channel.post(event(), { headers }),
        await channel.post([], { headers }),
        await send(channel.url(), { method: 'POST', headers, body: 'x' }),
        await send(`${channel.url()}?challenge=x`, { headers }),
      ]) {
        expect(answer.headers['set-cookie']).toBeUndefined();
        expect(answer.headers['x-content-type-options']).toBe('nosniff');
      }
    }
    expect(await sessions()).toEqual(before);
  });
});
