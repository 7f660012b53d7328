import { describeEachDatabase } from '../support/databases';
import { type Client, event } from '../support/http';
import { onStage, TestChannel } from '../support/intake';
import { arrive, ask, decide, moderatorOf, onDisplay } from '../support/queue';

describeEachDatabase('What was forbidden stays forbidden', (kind) => {
  const stage = onStage(kind, 1);
  let channel: TestChannel;
  let mo: Client;

  beforeEach(async () => {
    channel = await TestChannel.create(stage.admin);
    mo = await moderatorOf(channel, stage.admin.base, 'Mo');
  });

  const post = async (path: string, body?: unknown) => (await ask(mo, channel, 'POST', path, body)).body;
  const block = (body: unknown) => post('/blocked-senders', body);
  const pattern = (text: string) => post('/blocked-patterns', { text });
  const undo = (operation: string) => post(`/operations/${operation}/undo`);

  test('undoing a pattern does not bring back who was banned meanwhile, nor the other way round', async () => {
    const text = 'an offer that nobody wants';
    const message = await arrive(channel, { sender_id: 'S', message: text });
    await decide(mo, channel, message.id, { decision: 'approve' });
    const byPattern = await pattern(text);
    const byBlock = await block({ senderId: 'S' });
    expect([byPattern.affected, byBlock.affected]).toEqual([1, 0]);
    expect(await undo(byPattern.operation)).toEqual({ undone: 0, superseded: 1 });
    expect(await onDisplay(channel)).toEqual([]);

    const other = await arrive(channel, { sender_id: 'T', message: 'something else altogether' });
    await decide(mo, channel, other.id, { decision: 'approve' });
    const banned = await block({ senderId: 'T' });
    await pattern('something else altogether');
    expect(await undo(banned.operation)).toEqual({ undone: 0, superseded: 1 });
    expect(await onDisplay(channel)).toEqual([]);
  });

  test.each([
    ['a ban', '/blocked-senders', { senderId: 'S' }],
    ['a pattern', '/blocked-patterns', { text: 'an offer that nobody wants' }],
  ])('%s that was given more than once goes only with the last', async (_, path, body) => {
    const flo = await moderatorOf(channel, stage.admin.base, 'Flo');
    const offer = { sender_id: 'S', message: 'an offer that nobody wants' };
    const message = await arrive(channel, offer);
    await decide(mo, channel, message.id, { decision: 'approve' });
    const operations: string[] = [];
    for (const who of [mo, flo, flo]) operations.push((await ask(who, channel, 'POST', path, body)).body.operation);
    const [first, second, repeated] = operations;
    // In whatever order, and however often.
    for (const operation of [first, first]) expect((await undo(operation)).undone).toBe(0);
    expect(await onDisplay(channel)).toEqual([]);
    expect(await channel.outcome(event(offer))).toBe('dropped');
    expect((await undo(repeated)).undone).toBe(0);
    expect(await channel.outcome(event(offer))).toBe('dropped');
    expect((await undo(second)).undone).toBe(0);
    expect((await channel.api('GET', path))[path === '/blocked-senders' ? 'entries' : 'patterns']).toEqual([]);
    expect(await channel.outcome(event(offer))).toBe('queued');
  });

  test('an allow that another moderator has given too ends with the first doubt', async () => {
    const flo = await moderatorOf(channel, stage.admin.base, 'Flo');
    const { operation } = await post('/allowed-senders', { senderId: 'S' });
    await ask(flo, channel, 'POST', '/allowed-senders', { senderId: 'S' });
    await undo(operation);
    expect(await channel.outcome(event({ sender_id: 'S' }))).toBe('queued');
  });

  test('an allow leaves alone what a block means by another id', async () => {
    const message = await arrive(channel, { sender_id: 'Q', centralauth_id: 77 });
    await block({ senderId: 'Q' });
    await decide(mo, channel, message.id, { decision: 'reconsider', to: 'queued', revision: 0, status: 'rejected' });
    const allowed = await post('/allowed-senders', { centralauthId: '77' });
    expect(allowed.affected).toBe(0);
    expect(await onDisplay(channel)).toEqual([]);
  });

  test('a name that no moderator has seen stays unseen through a ban and its undoing', async () => {
    const reaction = (sender_id: string, screen_name: string, id: number) =>
      arrive(channel, {
        sender_id,
        screen_name,
        message_id: id,
        message_type: 'emoji',
        meta: { target_message_id: id, reaction: '👍', action: 'add' },
      });
    const first = await reaction('seed', 'Seed', 1);
    await decide(mo, channel, first.id, { decision: 'approve' });
    await reaction('R', 'A NAME TO HIDE', 2);
    const { operation } = await block({ senderId: 'R' });
    expect(await undo(operation)).toEqual({ undone: 1, superseded: 0 });
    await reaction('R', 'A NAME TO HIDE', 3);
    const feed = await (await fetch(`${stage.servers[0].url}/rss/${channel.id}`)).text();
    expect(feed.match(/<item>/g)).toHaveLength(3);
    expect(feed).not.toContain('A NAME TO HIDE');
  });
});
