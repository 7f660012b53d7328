import { describeEachDatabase } from '../support/databases';
import { event, eventyayBytes, reaction, send } from '../support/http';
import { sign } from '../support/signature';
import { onStage, TestChannel } from '../support/intake';

/** Two processes without Redis: nothing tells one what the other has answered but the database. */
describeEachDatabase('What one process has answered', (kind) => {
  const stage = onStage(kind, 2);
  const elsewhere = () => stage.servers[1].url;

  /** A channel whose rules the other process has just used. */
  async function knownElsewhere(settings?: Record<string, unknown>): Promise<TestChannel> {
    const channel = await TestChannel.create(stage.admin, settings);
    expect(await channel.outcome(event(), elsewhere())).toBe('queued');
    return channel;
  }

  test('a block, its removal and its undoing, hold for the very next message at another', async () => {
    const channel = await knownElsewhere();
    const from = (fields: Record<string, unknown>) => channel.outcome(event(fields), elsewhere());
    for (const [target, sender] of [
      [{ senderId: '5' }, { sender_id: 5 }],
      [{ centralauthId: '6' }, { centralauth_id: 6 }],
      [{ screenName: 'ＰＥＳＴ' }, { sender_id: null, screen_name: ' pest ' }],
    ]) {
      expect(await from(sender)).toBe('queued');
      const { entry } = await channel.api('POST', '/blocked-senders', target);
      expect(await from(sender)).toBe('dropped');
      await channel.api('DELETE', `/blocked-senders/${entry.id}`);
      expect(await from(sender)).toBe('queued');
      const { operation } = await channel.api('POST', '/blocked-senders', target);
      expect(await from(sender)).toBe('dropped');
      await channel.api('POST', `/operations/${operation}/undo`);
      expect(await from(sender)).toBe('queued');
    }
  });

  test('a pattern, its removal and its undoing', async () => {
    const channel = await knownElsewhere();
    const say = (message: string) => channel.outcome(event({ message }), elsewhere());
    expect(await say('Buy my watches')).toBe('queued');
    const { pattern } = await channel.api('POST', '/blocked-patterns', { text: 'buy MY watches!' });
    expect(await say('Buy my watches.')).toBe('dropped');
    await channel.api('DELETE', `/blocked-patterns/${pattern.id}`);
    expect(await say('Buy my watches?')).toBe('queued');
    const [{ id: messageId }] = await channel.messages('q=watches');
    const { operation } = await channel.api('POST', '/blocked-patterns', { messageId });
    expect(await say('buy my watches;')).toBe('dropped');
    await channel.api('POST', `/operations/${operation}/undo`);
    expect(await say('Buy my watches :)')).toBe('queued');
  });

  test('an allowance, and that it ends', async () => {
    const channel = await knownElsewhere();
    const say = () => channel.outcome(event({ sender_id: 'friend' }), elsewhere());
    expect(await say()).toBe('queued');
    const { entry } = await channel.api('POST', '/allowed-senders', { senderId: 'friend' });
    expect(await say()).toBe('approved');
    await channel.api('DELETE', `/allowed-senders/${entry.id}`);
    expect(await say()).toBe('queued');
    const { operation } = await channel.api('POST', '/allowed-senders', { senderId: 'friend' });
    expect(await say()).toBe('approved');
    await channel.api('POST', `/operations/${operation}/undo`);
    expect(await say()).toBe('queued');
  });

  test('a block in every channel, in those that are there and in those that come', async () => {
    const channels = [await knownElsewhere(), await knownElsewhere()];
    const outcomes = async (all = channels) => {
      const answers = [];
      for (const channel of all) answers.push(await channel.outcome(event({ sender_id: 'world pest' }), elsewhere()));
      return answers;
    };
    expect(await outcomes()).toEqual(['queued', 'queued']);
    const { body } = await stage.admin.post('/api/v1/global-blocked-senders', { senderId: 'world pest' });
    expect(await outcomes([...channels, await knownElsewhere()])).toEqual(['dropped', 'dropped', 'dropped']);
    await stage.admin.delete(`/api/v1/global-blocked-senders/${body.entry.id}`);
    expect(await outcomes()).toEqual(['queued', 'queued']);
    const { entry } = await channels[0].api('POST', '/blocked-senders', { senderId: 'world pest' });
    const exported = await channels[0].api('POST', `/blocked-senders/${entry.id}/export`);
    expect(await outcomes()).toEqual(['dropped', 'dropped']);
    await stage.admin.delete(`/api/v1/global-blocked-senders/${exported.entry.id}`);
  });

  test('that a channel takes nothing any more, or does again, whatever the body holds', async () => {
    const channel = await knownElsewhere();
    const statuses = async () => [
      (await channel.post(event(), { base: elsewhere() })).status,
      (await channel.post([], { base: elsewhere() })).status,
    ];
    await channel.api('POST', '/archive');
    expect(await statuses()).toEqual([404, 404]);
    await channel.api('POST', '/reopen');
    expect(await statuses()).toEqual([200, 400]);
    await channel.set({ active: false });
    expect(await statuses()).toEqual([404, 404]);
    await channel.set({ active: true });
    expect(await statuses()).toEqual([200, 400]);
    // And where the body is what the other process hears of first.
    await channel.api('POST', '/archive');
    expect((await channel.post([], { base: elsewhere() })).status).toBe(404);
    await channel.api('POST', '/reopen');
    await channel.outcome(event(), elsewhere());

    await channel.api('DELETE', '');
    expect(await statuses()).toEqual([404, 404]);
    const rows = await stage.database.query('SELECT id FROM messages WHERE channel_id = ?', [channel.id]);
    expect(rows).toEqual([]);
  });

  test('which secrets count, whatever the body holds', async () => {
    const channel = await knownElsewhere();
    const statuses = async (secret: string) => {
      const answers = [];
      for (const body of [eventyayBytes(event()), Buffer.from('[]')]) {
        const headers = { 'x-eventyay-signature': sign(secret, body) };
        answers.push((await send(channel.url(elsewhere()), { method: 'POST', body, headers })).status);
      }
      return answers;
    };
    const { webhookSecret } = await channel.api('POST', '/webhook-secret');
    expect([await statuses(webhookSecret), await statuses(channel.secret)]).toEqual([
      [200, 400],
      [200, 400],
    ]);
    await channel.api('DELETE', '/webhook-secret/previous');
    expect([await statuses(channel.secret), await statuses(webhookSecret)]).toEqual([
      [403, 403],
      [200, 400],
    ]);
    // And where the body is what the other process hears of first.
    await channel.api('POST', '/webhook-secret');
    expect(await statuses(webhookSecret)).toEqual([200, 400]);
    await channel.api('DELETE', '/webhook-secret/previous');
    const body = Buffer.from('[]');
    const headers = { 'x-eventyay-signature': sign(webhookSecret, body) };
    expect((await send(channel.url(elsewhere()), { method: 'POST', body, headers })).status).toBe(403);
  });

  test('settings, and the decisions that they look at', async () => {
    const channel = await knownElsewhere();
    const like = () => channel.outcome(reaction(event(), '👍', { screen_name: '' }), elsewhere());
    expect(await like()).toBe('queued');
    const { id } = (await channel.messages('type=emoji'))[0];
    await channel.decide(id, 'approve');
    expect(await like()).toBe('approved');
    await channel.set({ emojiAutoApprove: false });
    expect(await like()).toBe('queued');
    await channel.set({
      emojiAutoApprove: true,
      anonymousLabel: 'Gast',
      languageDetection: true,
      defaultLanguage: 'nl',
    });
    expect(await like()).toBe('approved');
    await channel.outcome(
      event({ message: 'Wo finde ich die Folien von dem Vortrag heute?', screen_name: '' }),
      elsewhere(),
    );
    await channel.outcome(event({ message: 'lol' }), elsewhere());
    const [emoji, german, short] = (await channel.messages()).slice(-3);
    expect([emoji.screenName, german.screenName]).toEqual(['Gast #4', 'Gast #5']);
    expect([german.language, short.language]).toEqual(['de', 'nl']);
    for (const message of await channel.messages('status=approved')) await channel.decide(message.id, 'reject');
    expect(await like()).toBe('queued');
  });
});
