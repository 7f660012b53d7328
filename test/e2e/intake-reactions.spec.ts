import { randomUUID } from 'node:crypto';
import { describeEachDatabase } from '../support/databases';
import { event, reaction, type Unchecked } from '../support/http';
import { onStage, TestChannel } from '../support/intake';
import { postTogether } from '../support/pipeline';

const TARGET = event({
  message: 'Words of somebody who has been banned',
  timestamp: '2020-02-02T02:02:02.123456+00:00',
});
const react = (symbol: string, fields: Record<string, unknown> = {}) =>
  reaction({ ...TARGET, message_id: randomUUID() }, symbol, fields);

describeEachDatabase('A reaction', (kind) => {
  const stage = onStage(kind);

  /** A channel in which a moderator has just approved this symbol. */
  async function channelWithApproved(symbol: string, fields: Record<string, unknown> = {}): Promise<TestChannel> {
    const channel = await TestChannel.create(stage.admin);
    await channel.outcome(react(symbol, fields));
    const [{ id }] = await channel.messages();
    await channel.decide(id, 'approve');
    return channel;
  }

  const lastOf = async (channel: TestChannel): Promise<Unchecked> => (await channel.messages()).at(-1);

  test('is never swallowed with its target, never refused for its age, and never shows its text', async () => {
    const channel = await TestChannel.create(stage.admin);
    await channel.outcome({ ...TARGET, timestamp: null });
    expect(await channel.outcome(reaction(TARGET, '👍'))).toBe('queued');
    expect(await channel.outcome(reaction({ ...TARGET, timestamp: 'never' }, '🎉', { message_id: [] }))).toBe('queued');
    const symbolless = [
      reaction(TARGET, ''),
      reaction(TARGET, '\u200d\ufe0f '),
      reaction(TARGET, '👍', { meta: { target_message_id: 5, action: 'add', reaction: 7 } }),
      reaction(TARGET, '👍', { meta: null, timestamp: null }),
      reaction(TARGET, '👍', { meta: null, timestamp: null, message: 'nice 👍' }),
    ];
    for (const payload of symbolless) expect(await channel.outcome(payload)).toBe('ignored');
    expect(await channel.outcome(event({ message_type: 'emoji', message: ' ❤👍🏿', meta: undefined }))).toBe('queued');
    // Without a target it is an event like any other, and must be of now.
    expect(await channel.outcome(event({ message_type: 'emoji', message: '👍', timestamp: TARGET.timestamp }))).toBe(
      400,
    );

    const messages = await channel.messages('type=emoji');
    expect(messages.map(({ text, sourceId }) => [text, sourceId])).toEqual([
      ['👍', String(TARGET.message_id)],
      ['🎉', String(TARGET.message_id)],
      ['❤👍🏿', expect.any(String)],
    ]);
    const columns = await stage.database.query('SELECT * FROM messages WHERE channel_id = ? AND type = ?', [
      channel.id,
      'emoji',
    ]);
    expect(JSON.stringify(columns)).not.toContain('banned');
  });

  test('with a symbol approved in the last ten seconds is approved, and logged as automatic', async () => {
    const channel = await channelWithApproved('👍');
    expect(await channel.outcome(react('👍', { screen_name: 'Unseen' }))).toBe('approved');
    const card = await lastOf(channel);
    expect(card).toMatchObject({ status: 'approved', revision: 0, decidedBy: null, screenName: 'Unseen', text: '👍' });
    expect(card.decidedAt).toBe(card.arrivedAt);
    const { entries } = await channel.api('GET', '/log');
    expect(entries[0]).toMatchObject({
      ...{ messageId: card.id, decision: 'approve', from: 'queued', to: 'approved', automatic: true, cause: 'emoji' },
      ...{ operation: null, moderator: null, text: '👍', type: 'emoji', decidedAt: card.decidedAt },
    });
    expect(entries).toHaveLength(2);
    for (const other of ['👍🏿', '👎', '👍👍', '❤️', '❤']) expect(await channel.outcome(react(other))).toBe('queued');
    const elsewhere = await TestChannel.create(stage.admin);
    expect(await elsewhere.outcome(react('👍'))).toBe('queued');
  });

  test('waits once ten seconds have passed, the symbol has been rejected or the setting is off', async () => {
    const channel = await channelWithApproved('👍');
    const age = (ms: number) =>
      stage.database.query('UPDATE messages SET decided_at = ? WHERE channel_id = ?', [Date.now() - ms, channel.id]);
    await age(10_001);
    expect(await channel.outcome(react('👍'))).toBe('queued');
    const { id } = await lastOf(channel);
    await age(4_000);
    expect(await channel.outcome(react('👍'))).toBe('approved');
    await age(20_000);
    await channel.decide(id, 'highlight');
    expect(await channel.outcome(react('👍'))).toBe('approved');

    await channel.set({ emojiAutoApprove: false });
    expect(await channel.outcome(react('👍'))).toBe('queued');
    await channel.set({ emojiAutoApprove: true });
    expect(await channel.outcome(react('👍'))).toBe('approved');
    for (const message of await channel.messages()) await channel.decide(message.id, 'reject');
    expect(await channel.outcome(react('👍'))).toBe('queued');
  });

  test('under a name that no moderator has published goes out under the label, until one highlights it', async () => {
    const channel = await channelWithApproved('👍', { screen_name: 'Seen', sender_id: 'seen' });
    await channel.set({ anonymousLabel: 'Guest' });
    const cases: [Record<string, unknown>, string][] = [
      [{ screen_name: 'Seen', sender_id: 'seen' }, 'Seen'],
      [{ screen_name: 'Renamed', sender_id: 'seen' }, 'Guest'],
      [{ screen_name: 'SEEN', sender_id: 'seen' }, 'Guest'],
      [{ screen_name: 'Seen', sender_id: 'impostor' }, 'Guest'],
      [{ screen_name: 'Seen', sender_id: null }, 'Guest'],
      [{ screen_name: 'Seen', sender_id: null, centralauth_id: 5 }, 'Guest'],
      [{ screen_name: '', sender_id: 'seen' }, 'Guest'],
      [{ screen_name: 'Never seen', sender_id: 'x' }, 'Guest'],
    ];
    for (const [sender, title] of cases) {
      expect([sender, await channel.outcome(react('👍', sender))]).toEqual([sender, 'approved']);
      const { id, screenName } = await lastOf(channel);
      expect(screenName).toBe(sender.screen_name || 'Guest #1');
      const items = await channel.published();
      expect([sender, items.find((item) => item.id === id)?.title]).toEqual([sender, title]);
    }

    const card = await lastOf(channel);
    // Automatic approvals have published no name, so the same one again is as unseen as before.
    await channel.outcome(react('👍', { screen_name: 'Never seen', sender_id: 'x' }));
    const again = await lastOf(channel);
    await stage.admin.post(`/api/v1/channels/${channel.id}/messages/${card.id}/decisions`, {
      ...{ decision: 'reconsider', to: 'highlighted', revision: 0, status: 'approved' },
    });
    const titles = new Map((await channel.published()).map(({ id, title }) => [id, title]));
    expect([titles.get(card.id), titles.get(again.id)]).toEqual(['Never seen', 'Guest']);
    await channel.outcome(react('👍', { screen_name: 'Never seen', sender_id: 'x' }));
    expect((await channel.published())[0].title).toBe('Never seen');
  });

  test('of a sender whose text a moderator approved goes out under that name', async () => {
    const channel = await channelWithApproved('👍');
    const writer = { sender_id: null, centralauth_id: 77, screen_name: 'Writer' };
    await channel.outcome(event(writer));
    await channel.decide((await lastOf(channel)).id, 'highlight');
    await channel.outcome(react('👍', writer));
    expect((await channel.published())[0].title).toBe('Writer');
    for (const { id, type } of await channel.messages()) if (type === 'text') await channel.decide(id, 'reject');
    await channel.outcome(react('👍', writer));
    expect((await channel.published())[0].title).toBe('Anonymous');
  });

  test('of an allowed sender lets those behind it through, also in the same batch', async () => {
    const channel = await TestChannel.create(stage.admin);
    await channel.api('POST', '/allowed-senders', { senderId: 'friend' });
    const friend = { sender_id: 'friend', screen_name: 'Friend' };
    const answers = await postTogether(channel, [
      react('🎉', { sender_id: 'a' }),
      react('🎉', friend),
      react('🎉', { sender_id: 'b', screen_name: 'Nobody knows' }),
      react('🔥', { sender_id: 'c' }),
    ]);
    expect(answers.map(({ body }) => body.outcome)).toEqual(['queued', 'approved', 'approved', 'queued']);
    // To be allowed is not to be known by name: that takes a moderator who has published it.
    const titles = async () => (await channel.published()).map(({ title }) => title).sort();
    expect(await titles()).toEqual(['Anonymous', 'Anonymous']);
    const { entries } = await channel.api('GET', '/log');
    expect(entries.map(({ cause }: Unchecked) => cause).sort()).toEqual(['allowlist', 'emoji']);

    const [, { id: card }] = await channel.messages();
    await channel.decide(card, 'reject');
    await stage.admin.post(`/api/v1/channels/${channel.id}/messages/${card}/decisions`, {
      ...{ decision: 'reconsider', to: 'approved', revision: 0, status: 'rejected' },
    });
    expect(await channel.outcome(react('🎉', friend))).toBe('approved');
    expect(await titles()).toEqual(['Anonymous', 'Friend', 'Friend']);
  });
});
