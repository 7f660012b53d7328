import { type DatabaseKind, describeOnOneServer } from '../support/databases';
import { type Client, event, reaction } from '../support/http';
import { onStage, TestChannel } from '../support/intake';
import {
  arrive,
  arriveAll,
  ask,
  decide,
  expectBadInput,
  logOf,
  moderatorOf,
  onDisplay,
  statuses,
} from '../support/queue';

describeOnOneServer('Blocked patterns', (kind: DatabaseKind) => {
  const stage = onStage(kind);
  let channel: TestChannel;
  let mo: Client;

  beforeEach(async () => {
    channel = await TestChannel.create(stage.admin);
    mo = await moderatorOf(channel, stage.admin.base, 'Mo');
  });

  const block = (body: unknown) => ask(mo, channel, 'POST', '/blocked-patterns', body);
  const undo = (operation: string) => ask(mo, channel, 'POST', `/operations/${operation}/undo`);
  const patterns = async () => (await ask(mo, channel, 'GET', '/blocked-patterns')).body.patterns;
  const outcome = (message: string, message_type = 'text') => channel.outcome(event({ message, message_type }));

  test('reject texts and questions that are queued or published, and drop what comes', async () => {
    const message = 'Buy cheap watches';
    const [queued, published, question, rejected] = await arriveAll(channel, [
      ...[{ message }, { message: 'BUY cheap  watches!' }, { message, message_type: 'qa' }, { message }],
    ]);
    const other = await arrive(channel, { message: 'Buy cheap tickets' });
    for (const { id } of [published, other]) await decide(mo, channel, id, { decision: 'approve' });
    await decide(mo, channel, question.id, { decision: 'highlight' });
    await decide(mo, channel, rejected.id, { decision: 'reject' });
    expect(await onDisplay(channel)).toHaveLength(3);

    const { status, body } = await block({ messageId: queued.id });
    expect([status, body]).toEqual([
      201,
      {
        pattern: {
          id: expect.stringMatching(/^\d+$/),
          text: message,
          addedBy: 'Mo',
          addedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        },
        affected: 3,
        operation: expect.any(String),
      },
    ]);
    expect(await statuses(channel)).toEqual(['rejected', 'rejected', 'rejected', 'rejected', 'approved']);
    expect(await onDisplay(channel)).toEqual([other.text]);
    expect(await outcome('buy cheap watches?')).toBe('dropped');
    expect(await outcome('Buy cheap watches', 'qa')).toBe('dropped');
    expect(await outcome('Buy cheap clocks')).toBe('queued');
    const rows = (await logOf(channel)).filter(({ operation }) => operation === body.operation);
    expect(rows.map(({ messageId, from, cause, moderator }) => [messageId, from, cause, moderator])).toEqual([
      [question.id, 'highlighted', 'pattern', 'Mo'],
      [published.id, 'approved', 'pattern', 'Mo'],
      [queued.id, 'queued', 'pattern', 'Mo'],
    ]);
    expect(await patterns()).toEqual([body.pattern]);
  });

  test.each([
    ['below 4 only what is equal', 'lol', ['LOL', 'l\u200Bol'], ['lo', 'lol!', 'lal']],
    ['from 4 to 7 one edit', 'spam', ['spams', 'spa m', 'SPAM'], ['spa', 'sp4mm', 'psam']],
    ['from 8 two edits', 'free crypto', ['fr33 crypto', 'free crypto!!', 'ree crypt'], ['fr33 crypt0', 'free']],
    ['code points', '🚀🚀🚀🚀', ['🚀🚀🚀', '🚀🚀🚀🚀🚀', '🚀🚀🚀👍'].slice(1), ['🚀🚀🚀', '🚀🚀👍👍']],
  ])('count %s, on arrival as in the sweep', async (_, text, similar, others) => {
    const all = [text, ...similar, ...others];
    await arriveAll(
      channel,
      all.map((message) => ({ message })),
    );
    expect((await block({ text })).body.affected).toBe(1 + similar.length);
    const expected = all.map((message) => (others.includes(message) ? 'queued' : 'rejected'));
    expect(await statuses(channel)).toEqual(expected);
    const outcomes = [];
    for (const message of all) outcomes.push(await outcome(message));
    expect(outcomes).toEqual(expected.map((status) => (status === 'queued' ? 'queued' : 'dropped')));
  });

  test('do not look at reactions', async () => {
    const target = event();
    await channel.post(reaction(target, '👍'));
    expect((await block({ text: '👍' })).body.affected).toBe(0);
    expect(await channel.outcome(reaction(target, '👍'))).toBe('queued');
    expect(await outcome('👍')).toBe('dropped');
    const [thumb] = await channel.messages('&type=emoji');
    expectBadInput(await block({ messageId: thumb.id }));
  });

  test('repeated find the pattern, in whatever spelling, and sweep again', async () => {
    const { id } = await arrive(channel, { message: 'Buy cheap watches' });
    const first = await block({ text: 'Buy cheap watches' });
    await decide(mo, channel, id, { decision: 'reconsider', revision: 0, status: 'rejected', to: 'highlighted' });
    const again = await block({ text: ' ＢＵＹ cheap\n watches ' });
    expect([again.status, again.body.pattern, again.body.affected]).toEqual([200, first.body.pattern, 1]);
    expect((await block({ text: 'Buy cheap watches!' })).status).toBe(201);
    expect(await patterns()).toHaveLength(2);
    // Both patterns stand, and so does what they forbid.
    expect((await undo(again.body.operation)).body).toEqual({ undone: 0, superseded: 1 });
    expect(await patterns()).toHaveLength(2);
  });

  test('are undone as a whole', async () => {
    const message = 'Buy cheap watches';
    const [published, changed] = await arriveAll(channel, [{ message }, { message }]);
    await decide(mo, channel, published.id, { decision: 'approve' });
    const { body } = await block({ messageId: published.id });
    await decide(mo, channel, changed.id, {
      decision: 'reconsider',
      revision: 0,
      status: 'rejected',
      to: 'highlighted',
    });
    expect((await undo(body.operation)).body).toEqual({ undone: 1, superseded: 1 });
    expect(await statuses(channel)).toEqual(['approved', 'highlighted']);
    expect(await patterns()).toEqual([]);
    expect(await outcome(message)).toBe('queued');
  });

  test('that are removed let in what comes, and take back nothing', async () => {
    await arrive(channel, { message: 'Buy cheap watches' });
    const { body } = await block({ text: 'Buy cheap watches' });
    const path = `/blocked-patterns/${body.pattern.id}`;
    const other = await TestChannel.create(stage.admin);
    expect((await ask(stage.admin, other, 'DELETE', path)).status).toBe(404);
    expect((await ask(mo, channel, 'DELETE', path)).status).toBe(204);
    expect((await ask(mo, channel, 'DELETE', path)).status).toBe(404);
    expect(await outcome('Buy cheap watches')).toBe('queued');
    expect(await statuses(channel)).toEqual(['rejected', 'queued']);
  });

  test('are the channel’s own', async () => {
    const other = await TestChannel.create(stage.admin);
    const { id } = await arrive(other, { message: 'Buy cheap watches' });
    expect((await block({ text: 'Buy cheap watches' })).body.affected).toBe(0);
    expect(await statuses(other)).toEqual(['queued']);
    for (const messageId of [id, '4711', '9999999999']) expect((await block({ messageId })).status).toBe(404);
  });

  test('hold the longest text that a message can have', async () => {
    const message = 'ﷺ '.repeat(9_000);
    const arrived = await arrive(channel, { message });
    expect((await block({ messageId: arrived.id })).body.affected).toBe(1);
    expect(await outcome(message)).toBe('dropped');
    expect(await outcome(message.slice(0, 1_000))).toBe('queued');
  });

  test.each<[string, unknown]>([
    ['neither message nor text', {}],
    ['both', { messageId: '1', text: 'spam' }],
    ['a blank text', { text: ' \u200B\u3164' }],
    ['a text that is none', { text: 5 }],
    ['null', { text: null }],
    ['a text without end', { text: 'x'.repeat(5_001) }],
    ['no message id', { messageId: 'abc' }],
    ['a key that there is not', { text: 'spam', exact: true }],
  ])('with %s are 400', async (_, body) => {
    expectBadInput(await block(body));
    expect(await patterns()).toEqual([]);
  });
});
