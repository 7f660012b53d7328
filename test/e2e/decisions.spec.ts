import { type DatabaseKind, describeEachDatabase } from '../support/databases';
import type { Client } from '../support/http';
import { onStage, TestChannel } from '../support/intake';
import {
  arrive,
  ask,
  decide,
  expectBadInput,
  logOf,
  moderatorOf,
  onDisplay,
  type Shown,
  shown,
} from '../support/queue';

describeEachDatabase('Decisions on a card', (kind: DatabaseKind) => {
  const stage = onStage(kind);
  let channel: TestChannel;
  let mo: Client;

  beforeAll(async () => {
    channel = await TestChannel.create(stage.admin);
    mo = await moderatorOf(channel, stage.admin.base, 'Mo');
  });

  const outcomeOf = async (id: string, body: Record<string, unknown>) => {
    const answer = await decide(mo, channel, id, body);
    expect(answer.status).toBe(200);
    const { outcome, message } = answer.body as { outcome: string; message: Shown };
    return [outcome, message.status, message.revision];
  };

  test('only move it up, and say so when they do not', async () => {
    const { id } = await arrive(channel);
    expect(await outcomeOf(id, { decision: 'highlight' })).toEqual(['applied', 'highlighted', 0]);
    expect(await outcomeOf(id, { decision: 'highlight' })).toEqual(['superseded', 'highlighted', 0]);
    expect(await outcomeOf(id, { decision: 'approve', revision: 0 })).toEqual(['applied', 'approved', 0]);
    expect(await outcomeOf(id, { decision: 'highlight' })).toEqual(['superseded', 'approved', 0]);
    expect(await outcomeOf(id, { decision: 'reject' })).toEqual(['applied', 'rejected', 0]);
    expect(await outcomeOf(id, { decision: 'approve' })).toEqual(['superseded', 'rejected', 0]);
    expect(await outcomeOf(id, { decision: 'reject' })).toEqual(['superseded', 'rejected', 0]);
    expect((await logOf(channel)).slice(0, 3).map(({ decision, from, to }) => [decision, from, to])).toEqual([
      ['reject', 'approved', 'rejected'],
      ['approve', 'highlighted', 'approved'],
      ['highlight', 'queued', 'highlighted'],
    ]);
  });

  test('are taken back only by whoever names what they saw', async () => {
    const { id } = await arrive(channel);
    const reconsider = { decision: 'reconsider', revision: 0, status: 'rejected', to: 'approved' };
    expect(await outcomeOf(id, reconsider)).toEqual(['superseded', 'queued', 0]);
    await decide(mo, channel, id, { decision: 'reject' });
    expect(await outcomeOf(id, { ...reconsider, revision: 1 })).toEqual(['superseded', 'rejected', 0]);
    expect(await outcomeOf(id, { ...reconsider, status: 'approved', to: 'queued' })).toEqual([
      'superseded',
      'rejected',
      0,
    ]);
    expect(await outcomeOf(id, reconsider)).toEqual(['applied', 'approved', 1]);
    expect(await outcomeOf(id, reconsider)).toEqual(['superseded', 'approved', 1]);
    expect(await outcomeOf(id, { decision: 'reconsider', revision: 1, status: 'approved', to: 'queued' })).toEqual([
      'applied',
      'queued',
      2,
    ]);
  });

  test('that name a revision count in no other, but a reject counts in any', async () => {
    const { id } = await arrive(channel);
    await decide(mo, channel, id, { decision: 'reject' });
    await decide(mo, channel, id, { decision: 'reconsider', revision: 0, status: 'rejected', to: 'queued' });
    expect(await outcomeOf(id, { decision: 'approve', revision: 0 })).toEqual(['superseded', 'queued', 1]);
    expect(await outcomeOf(id, { decision: 'highlight', revision: 2 })).toEqual(['superseded', 'queued', 1]);
    expect(await outcomeOf(id, { decision: 'highlight', revision: 1 })).toEqual(['applied', 'highlighted', 1]);
    expect(await outcomeOf(id, { decision: 'reject', revision: 0 })).toEqual(['applied', 'rejected', 1]);
  });

  test('leave their author and time on the message and in the log, and an undone one leaves none', async () => {
    const { id, arrivedAt, text, screenName } = await arrive(channel);
    const before = Date.now();
    const { body } = await decide(mo, channel, id, { decision: 'approve' });
    expect(body.message).toMatchObject({ decidedBy: 'Mo', count: 1, arrivedAt });
    expect(Date.parse(body.message.decidedAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(body.message.decidedAt)).toBeLessThanOrEqual(Date.now());
    const [entry] = await logOf(channel);
    expect(entry).toEqual({
      id: expect.stringMatching(/^\d+$/),
      messageId: id,
      decision: 'approve',
      from: 'queued',
      to: 'approved',
      automatic: false,
      cause: null,
      operation: null,
      moderator: 'Mo',
      screenName,
      text,
      type: 'text',
      arrivedAt,
      decidedAt: body.message.decidedAt,
    });

    const undo = { decision: 'reconsider', revision: 0, status: 'approved', to: 'queued' };
    const undone = await decide(mo, channel, id, undo);
    expect(undone.body.message).toMatchObject({ status: 'queued', decidedBy: null, decidedAt: null });
    expect((await logOf(channel))[0]).toMatchObject({
      decision: 'reconsider',
      from: 'approved',
      to: 'queued',
      moderator: 'Mo',
    });
  });

  test('publish and retract', async () => {
    const { id, text } = await arrive(channel);
    const isShown = async () => (await onDisplay(channel)).includes(text);
    expect(await isShown()).toBe(false);
    for (const [body, expected] of [
      [{ decision: 'highlight' }, true],
      [{ decision: 'approve' }, true],
      [{ decision: 'reject' }, false],
      [{ decision: 'reconsider', revision: 0, status: 'rejected', to: 'highlighted' }, true],
      [{ decision: 'reconsider', revision: 1, status: 'highlighted', to: 'queued' }, false],
    ] as const) {
      expect((await decide(mo, channel, id, body)).body.outcome).toBe('applied');
      expect(await isShown()).toBe(expected);
    }
  });

  test.each<[string, unknown]>([
    ['nothing', {}],
    ['no decision that there is', { decision: 'queue' }],
    ['a list for a decision', { decision: ['reject'] }],
    ['a revision below 0', { decision: 'approve', revision: -1 }],
    ['a revision that is no integer', { decision: 'approve', revision: 0.5 }],
    ['a revision as text', { decision: 'approve', revision: '0' }],
    ['a revision that no column holds', { decision: 'approve', revision: 2 ** 31 }],
    ['null for a revision', { decision: 'approve', revision: null }],
    ['reconsider alone', { decision: 'reconsider' }],
    ['reconsider without the revision', { decision: 'reconsider', status: 'rejected', to: 'queued' }],
    ['reconsider without the status', { decision: 'reconsider', revision: 0, to: 'queued' }],
    ['reconsider without where to', { decision: 'reconsider', revision: 0, status: 'rejected' }],
    ['reconsider to no status', { decision: 'reconsider', revision: 0, status: 'rejected', to: 'gone' }],
    ['reconsider to the same status', { decision: 'reconsider', revision: 0, status: 'queued', to: 'queued' }],
    ['where to without reconsider', { decision: 'approve', to: 'approved' }],
    ['a key that there is not', { decision: 'approve', reason: 'nice' }],
    ['no object', [{ decision: 'approve' }]],
    ['no JSON', '{"decision":'],
  ])('with %s are 400, every problem told, and decide nothing', async (_, body) => {
    const [{ id }] = await shown(channel, '&status=queued');
    const rows = (await logOf(channel)).length;
    const headers = { 'content-type': 'application/json' };
    const answer = await mo.post(`/api/v1/channels/${channel.id}/messages/${id}/decisions`, body, { headers });
    expectBadInput(answer);
    expect((await logOf(channel)).length).toBe(rows);
  });

  test('are about the channel’s own messages only', async () => {
    const other = await TestChannel.create(stage.admin);
    const { id } = await arrive(other);
    const ids = [id, '0', '-1', '01', '1.0', '4711', '2147483648', '99999999999999999999', 'x', '1e1', '%00'];
    for (const elsewhere of ids) {
      for (const path of ['decisions', 'reject-similar']) {
        const { status } = await ask(mo, channel, 'POST', `/messages/${elsewhere}/${path}`, { decision: 'reject' });
        expect([elsewhere, status]).toEqual([elsewhere, 404]);
      }
    }
    expect((await shown(other))[0].status).toBe('queued');
    expect((await ask(mo, other, 'POST', `/messages/${id}/decisions`, { decision: 'reject' })).status).toBe(403);
  });
});
