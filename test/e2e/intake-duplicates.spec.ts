import { describeEachDatabase } from '../support/databases';
import { event, reaction } from '../support/http';
import { isBalanced, onStage, TestChannel } from '../support/intake';
import { postTogether } from '../support/pipeline';
import { SenderProcesses } from '../support/sender-processes';

describeEachDatabase('A message that comes again', (kind) => {
  const stage = onStage(kind, 2);
  let senders: SenderProcesses;
  beforeAll(async () => {
    senders = await SenderProcesses.start(4);
  });
  afterAll(() => senders?.stop());

  test('is taken once, however many processes send it and receive it at once', async () => {
    const channel = await TestChannel.create(stage.admin);
    const text = event();
    const payloads = [text, event({ message_type: 'qa' }), reaction(text, '👍'), event({ message_id: null })];
    const copies = payloads.flatMap((payload) => Array.from({ length: 5 }, () => payload));
    const answers = await senders.post(
      // Two of the processes talk to each server.
      [0, 1, 0, 1].map((place) => copies.map((payload) => ({ channel, base: stage.servers[place].url, payload }))),
    );

    const outcomes = answers.flat().map(({ status, outcome }) => `${status} ${outcome}`);
    expect(outcomes.filter((outcome) => outcome !== '200 duplicate')).toEqual(payloads.map(() => '200 queued'));
    expect(outcomes).toHaveLength(80);
    expect(await channel.messages()).toHaveLength(payloads.length);
    const intake = await channel.intake();
    expect(intake).toMatchObject({ received: 80, queued: 4, duplicate: 76 });
    expect(isBalanced(intake)).toBe(true);
  });

  test('is known also within one batch', async () => {
    const channel = await TestChannel.create(stage.admin);
    const [first, second] = [event(), event()];
    const like = reaction(first, '👍');
    const answers = await postTogether(channel, [first, second, first, like, second, first, like]);
    expect(answers.map(({ body }) => body.outcome)).toEqual([
      ...['queued', 'queued', 'duplicate', 'queued', 'duplicate', 'duplicate', 'duplicate'],
    ]);
    const rows = await stage.database.query<{ change_seq: number }>(
      'SELECT change_seq FROM messages WHERE channel_id = ? ORDER BY id',
      [channel.id],
    );
    expect(rows).toHaveLength(3);
    expect(new Set(rows.map(({ change_seq }) => change_seq)).size).toBe(1);
  });

  test('is told by its id alone: 5 is "5" and nothing else', async () => {
    const channel = await TestChannel.create(stage.admin);
    const outcomes = async (ids: unknown[], more: Record<string, unknown> = {}) => {
      const answers = [];
      for (const message_id of ids) answers.push(await channel.outcome(event({ message_id, ...more })));
      return answers;
    };
    const distinct = [
      5,
      '05',
      '5.0',
      ' 5',
      '5 ',
      'a',
      'A',
      'á',
      'a\u0301',
      'ａ',
      'ss',
      'ß',
      '👍',
      '👎',
      '한',
      'é'.repeat(255),
      'é'.repeat(256),
      'é'.repeat(257),
    ];
    expect(await outcomes(distinct)).toEqual(distinct.map(() => 'queued'));
    expect(await outcomes(['5', ...distinct])).toEqual(['5', ...distinct].map(() => 'duplicate'));
    // Texts and questions share their ids; what else a message holds does not count.
    expect(await outcomes([5, 'a'], { message_type: 'qa', message: 'another text' })).toEqual([
      'duplicate',
      'duplicate',
    ]);
    // Such as cannot be ids are none, and the body counts instead.
    const noIds = [null, '', '\u200b', 2 ** 53, 1.5, true, {}, [5]];
    expect(await outcomes(noIds)).toEqual(noIds.map(() => 'queued'));
    const absent = event({ message_id: null });
    expect([await channel.outcome(absent), await channel.outcome(absent)]).toEqual(['queued', 'duplicate']);
    expect(await channel.outcome({ ...absent, channel: 'other' })).toBe('queued');
  });

  test('of a reaction is told by target, sender and symbol, apart from texts', async () => {
    const channel = await TestChannel.create(stage.admin);
    const target = event({ message_id: 7, timestamp: '2020-01-01T00:00:00Z' });
    const react = (symbol: string, fields: Record<string, unknown>) =>
      channel.outcome(reaction(target, symbol, fields));
    expect(await react('👍', { sender_id: '5' })).toBe('queued');
    // Adding again, with another id, name and time, and the sender as a number.
    expect(await react('👍', { sender_id: 5, screen_name: 'Other', timestamp: null, message_id: 8 })).toBe('duplicate');
    for (const [symbol, fields] of [
      ['👍', { sender_id: '6' }],
      ['👍🏿', { sender_id: '5' }],
      ['👎', { sender_id: '5' }],
      ['👍', { sender_id: null, centralauth_id: 5 }],
      ['👍', { sender_id: null, centralauth_id: null }],
    ] as const) {
      expect([symbol, fields, await react(symbol, fields)]).toEqual([symbol, fields, 'queued']);
    }
    expect(await react('👍', { sender_id: null, centralauth_id: '05' })).toBe('duplicate');

    // The target's own id is still free, for a text and for a reaction without a target.
    const withoutTarget = event({ message_id: 7, message_type: 'emoji', message: '👍', meta: { reaction: '🎉' } });
    expect(await channel.outcome(withoutTarget)).toBe('queued');
    expect(await channel.outcome({ ...withoutTarget, meta: { reaction: '👍' } })).toBe('duplicate');
    expect(await channel.outcome(event({ message_id: 7 }))).toBe('queued');
  });

  test('is remembered when it was dropped, or purged, and not when it was a removal', async () => {
    const channel = await TestChannel.create(stage.admin);
    const purged = event();
    const dropped = event({ sender_id: 'pest' });
    const like = reaction(purged, '👍');
    await channel.api('POST', '/blocked-senders', { senderId: 'pest' });
    expect([await channel.outcome(purged), await channel.outcome(dropped)]).toEqual(['queued', 'dropped']);
    const removal = { ...like, meta: { ...(like.meta as object), action: 'remove' } };
    expect([await channel.outcome(removal), await channel.outcome(removal)]).toEqual(['ignored', 'ignored']);
    expect(await channel.outcome(like)).toBe('queued');

    await stage.database.query('DELETE FROM messages WHERE channel_id = ?', [channel.id]);
    const [
      {
        entries: [entry],
      },
    ] = [await channel.api('GET', '/blocked-senders')];
    await channel.api('DELETE', `/blocked-senders/${entry.id}`);
    for (const again of [purged, dropped, like])
      expect(await channel.outcome(again, stage.servers[1].url)).toBe('duplicate');
    expect(await channel.outcome(removal)).toBe('ignored');
    expect(await channel.messages()).toEqual([]);
    expect(isBalanced(await channel.intake())).toBe(true);
  });

  test('in another channel is new there', async () => {
    const [here, there] = [await TestChannel.create(stage.admin), await TestChannel.create(stage.admin)];
    const payload = event();
    expect([await here.outcome(payload), await there.outcome(payload)]).toEqual(['queued', 'queued']);
    expect([await here.outcome(payload), await there.outcome(payload)]).toEqual(['duplicate', 'duplicate']);
  });
});
