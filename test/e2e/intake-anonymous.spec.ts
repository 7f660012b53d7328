import { randomUUID } from 'node:crypto';
import { describeEachDatabase } from '../support/databases';
import { event } from '../support/http';
import { onStage, TestChannel } from '../support/intake';
import { postTogether } from '../support/pipeline';
import { SenderProcesses } from '../support/sender-processes';

describeEachDatabase('A sender without a name', (kind) => {
  const stage = onStage(kind, 2);
  let senders: SenderProcesses;
  beforeAll(async () => {
    senders = await SenderProcesses.start(4);
  });
  afterAll(() => senders?.stop());

  test('gets a number that nobody else gets, and keeps it, under any concurrency', async () => {
    const channel = await TestChannel.create(stage.admin);
    const known = [
      ...Array.from({ length: 8 }, () => ({ sender_id: randomUUID() })),
      ...Array.from({ length: 4 }, (_, i) => ({ sender_id: null, centralauth_id: 1000 + i })),
      // Neither a sender's id nor an account's number is the other.
      ...[{ sender_id: '1000' }, { sender_id: '1001', centralauth_id: 1001 }],
    ];
    const nobody = { sender_id: null, centralauth_id: null };
    const lot = (place: number) =>
      [...known, ...known, nobody, nobody, nobody, nobody, nobody].map((sender) => ({
        channel,
        base: stage.servers[place].url,
        payload: event({ message_id: randomUUID(), screen_name: '', ...sender }),
      }));
    const answers = await senders.post([lot(0), lot(1), lot(0), lot(1)]);
    expect(answers.flat().every(({ outcome }) => outcome === 'queued')).toBe(true);

    const names = new Map<string, Set<string>>();
    const messages = await channel.messages();
    for (const { id, senderId, centralauthId, screenName } of messages) {
      const who = senderId ? `sender ${senderId}` : centralauthId ? `account ${centralauthId}` : `message ${id}`;
      names.set(who, (names.get(who) ?? new Set()).add(screenName));
    }
    expect(messages).toHaveLength(4 * (2 * known.length + 5));
    expect(names.size).toBe(known.length + 20);
    expect([...names.values()].filter((own) => own.size !== 1)).toEqual([]);
    const numbers = [...names.values()].map(([name]) => Number(/^Anonymous #([1-9]\d*)$/.exec(name)?.[1]));
    expect(new Set(numbers).size).toBe(numbers.length);
    // Nothing was skipped either: all were taken at the first attempt or undone as a whole.
    expect(Math.max(...numbers)).toBe(numbers.length);
  });

  test('keeps the number within a batch, and over changes of the label', async () => {
    const channel = await TestChannel.create(stage.admin);
    const nameless = (sender_id: string) => event({ sender_id, screen_name: ' \u200b\u3164\t' });
    await postTogether(channel, [nameless('a'), nameless('b'), nameless('a')]);
    const together = await stage.database.query<{ change_seq: number }>(
      'SELECT DISTINCT change_seq FROM messages WHERE channel_id = ?',
      [channel.id],
    );
    expect(together).toHaveLength(1);
    await channel.set({ anonymousLabel: 'Gast' });
    await channel.outcome(nameless('b'), stage.servers[1].url);
    await channel.outcome(nameless('c'), stage.servers[1].url);
    const { body } = await stage.admin.get(`/api/v1/channels/${channel.id}/messages?order=oldest`);
    expect(body.messages.map((message: { screenName: string }) => message.screenName)).toEqual([
      ...['Anonymous #1', 'Anonymous #2', 'Anonymous #1', 'Gast #2', 'Gast #3'],
    ]);
  });

  test('gets none where the message goes no further', async () => {
    const channel = await TestChannel.create(stage.admin);
    await channel.api('POST', '/blocked-senders', { senderId: 'pest' });
    const payload = event({ sender_id: 'guest', screen_name: null });
    await channel.outcome(event({ sender_id: 'pest', screen_name: '' }));
    await channel.outcome(payload);
    await channel.outcome(payload);
    await channel.outcome(event({ sender_id: 'other', screen_name: 5 }));
    const messages = await channel.messages();
    expect(messages.map(({ screenName }) => screenName)).toEqual(['Anonymous #1', 'Anonymous #2']);
  });

  test('is not taken for whoever calls themselves by that name', async () => {
    const channel = await TestChannel.create(stage.admin);
    await channel.outcome(event({ sender_id: null, screen_name: '' }));
    await channel.outcome(event({ sender_id: null, screen_name: 'Anonymous #1' }));
    const [unnamed, named] = await channel.messages();
    expect(unnamed.screenName).toBe(named.screenName);
    expect(await channel.api('POST', '/blocked-senders', { messageId: named.id })).toMatchObject({ affected: 1 });
    expect((await channel.messages('status=queued')).map(({ id }) => id)).toEqual([unnamed.id]);
    expect(await channel.outcome(event({ sender_id: null, screen_name: '' }))).toBe('queued');
  });
});
