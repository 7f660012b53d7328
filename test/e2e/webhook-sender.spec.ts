import { spawn } from 'node:child_process';
import path from 'node:path';
import { describeOnOneServer } from '../support/databases';
import { event, eventyayBytes, reaction, type Unchecked } from '../support/http';
import { onStage, TestChannel } from '../support/intake';

const SENDER = path.resolve(__dirname, '../support/eventyay_sender.py');

interface Sent {
  status: number;
  answer: Unchecked;
  body: string | null;
}

/** Posts with Python, one after the other, and tells what it sent and what it was answered. */
async function postByPython(channel: TestChannel, lines: object[]): Promise<Sent[]> {
  const python = spawn('python3', [SENDER, channel.url(), channel.secret], { stdio: ['pipe', 'pipe', 'inherit'] });
  python.stdin.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  let output = '';
  for await (const part of python.stdout.setEncoding('utf8')) output += part as string;
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Sent);
}

const TEXTS = [
  'Great talk so far!',
  'これはとても面白いです',
  'هل الشرائح متاحة؟',
  'I disagree with point 3 — see [[Wikipedia:NPOV]] & <ref>',
  '👩🏽‍💻 from Lagos',
  'a "quote", a \\ and a / and \u007f\u0085\u2028\ufeff',
];

describeOnOneServer("Eventyay's own way of sending", (kind) => {
  const stage = onStage(kind);

  test('is understood, byte for byte', async () => {
    const channel = await TestChannel.create(stage.admin);
    const events = TEXTS.map((message, i) =>
      event({ message, screen_name: i === 0 ? '' : `Bób ${i}`, centralauth_id: i || null }),
    );
    const reactions = ['👍', '❤️', '🏳️‍🌈'].map((symbol) => reaction(events[1], symbol));
    const removal = reaction(events[1], '👍', { meta: { ...(reactions[0].meta as object), action: 'remove' } });
    const all = [...events, ...reactions, removal];
    const sent = await postByPython(channel, [...all, events[0], reactions[0]]);

    // Python's bytes are those which every other suite posts.
    expect(sent.slice(0, all.length).map(({ body }) => body)).toEqual(all.map((one) => eventyayBytes(one).toString()));
    expect(sent.map(({ status }) => status)).toEqual(sent.map(() => 200));
    expect(sent.map(({ answer }) => answer.outcome)).toEqual([
      ...events.map(() => 'queued'),
      ...reactions.map(() => 'queued'),
      'ignored',
      'duplicate',
      'duplicate',
    ]);
    const messages = await channel.messages();
    expect(messages.map(({ text }) => text)).toEqual([
      ...TEXTS.slice(0, -1),
      'a "quote", a \\ and a / and  \ufeff',
      '👍',
      '❤️',
      '🏳️‍🌈',
    ]);
    expect(messages[0].screenName).toBe('Anonymous #1');
    expect(messages[1]).toMatchObject({ screenName: 'Bób 1', centralauthId: '1', senderId: events[1].sender_id });
  });

  test('can read why it was refused, also when it sent far too much', async () => {
    const channel = await TestChannel.create(stage.admin);
    const sent = await postByPython(channel, [
      { filler: 10_000_000 },
      { filler: 70_000 },
      { filler: 10 },
      event({ timestamp: 'yesterday' }),
      event(),
    ]);
    expect(sent.map(({ status }) => status)).toEqual([413, 413, 400, 400, 200]);
    for (const { status, answer } of sent.slice(0, -1)) {
      expect(answer).toEqual({ statusCode: status, error: expect.any(String), message: expect.any(String) });
    }
    expect(await channel.messages()).toHaveLength(1);
  });

  test('loses nothing when one secret replaces another', async () => {
    const channel = await TestChannel.create(stage.admin);
    const before = postByPython(
      channel,
      Array.from({ length: 20 }, () => event()),
    );
    await channel.api('POST', '/webhook-secret');
    expect((await before).map(({ answer }) => answer.outcome)).toEqual(Array(20).fill('queued'));
  });
});
