import { randomUUID } from 'node:crypto';
import { type DatabaseKind, describeEachDatabase } from '../support/databases';
import { type Client, event, reaction } from '../support/http';
import { onStage, TestChannel } from '../support/intake';
import { arrive, arriveAll, ask, decide, logOf, moderatorOf, onDisplay, shown, statuses } from '../support/queue';

describeEachDatabase('Reject-similar', (kind: DatabaseKind) => {
  const stage = onStage(kind);
  let channel: TestChannel;
  let mo: Client;

  beforeEach(async () => {
    channel = await TestChannel.create(stage.admin);
    mo = await moderatorOf(channel, stage.admin.base, 'Mo');
  });

  async function rejectSimilar(id: string): Promise<{ rejected: number; operation: string }> {
    const answer = await ask(mo, channel, 'POST', `/messages/${id}/reject-similar`);
    expect(answer.status).toBe(200);
    return answer.body;
  }

  const undo = (operation: string) => ask(mo, channel, 'POST', `/operations/${operation}/undo`);

  test.each([
    ['equal ones below 4', 'abc', ['ABC', ' a\u200Bbc '], ['abd', 'ab', 'abcd', 'äbc']],
    ['those one edit away from 4 to 7', 'abcd', ['abcx', 'abcde', 'ABCD!'], ['abxy', 'abcdef', 'bacd', 'bcd']],
    ['where the shorter one’s length decides', 'abcdefg', ['abcdefgh', 'abcdef'], ['abcdefghi', 'abcde']],
    [
      'those two edits away from 8',
      'abcdefgh',
      ['abcdefxy', 'abcdefg', 'abcdefgh!!', 'bacdefgh'],
      ['cdefgh', 'abcdexyz'],
    ],
    ['counted in code points', '👍🎉🎊', [' 👍🎉🎊'], ['👍🎉🎈', '👍🎉🎊🎊', '🎉🎊']],
    ['in any script', 'مرحبا بكم', ['مرحبا بكم!', 'مرحبا بك'], ['مرحبا', 'привет']],
    ['with % and _ as they are', '%_%_%_%_', ['%_%_%_%!'], ['abcdefgh', '%abc_def%']],
  ])('rejects similar texts: %s', async (_, text, similar, others) => {
    const arrived = await arriveAll(
      channel,
      [text, ...similar, ...others].map((message) => ({ message })),
    );
    expect((await rejectSimilar(arrived[0].id)).rejected).toBe(1 + similar.length);
    expect(await statuses(channel)).toEqual([
      ...['rejected', ...similar.map(() => 'rejected')],
      ...others.map(() => 'queued'),
    ]);
  });

  test('rejects queued ones of the card’s type only, and the card itself wherever it is', async () => {
    const message = 'Is this on?';
    const [card, queued, highlighted, approved, rejected, question] = await arriveAll(channel, [
      ...[{ message }, { message }, { message }, { message }, { message }],
      { message, message_type: 'qa' },
    ]);
    await decide(mo, channel, card.id, { decision: 'approve' });
    await decide(mo, channel, highlighted.id, { decision: 'highlight' });
    await decide(mo, channel, approved.id, { decision: 'approve' });
    await decide(mo, channel, rejected.id, { decision: 'reject' });
    const { rejected: count, operation } = await rejectSimilar(card.id);
    expect(count).toBe(2);
    expect(await statuses(channel)).toEqual(['rejected', 'rejected', 'highlighted', 'approved', 'rejected', 'queued']);
    expect(await onDisplay(channel)).toHaveLength(2);

    const rows = (await logOf(channel)).filter((row) => row.operation === operation);
    expect(
      rows.map(({ messageId, from, to, cause, automatic, moderator }) => [
        messageId,
        from,
        to,
        cause,
        automatic,
        moderator,
      ]),
    ).toEqual([
      [queued.id, 'queued', 'rejected', 'reject-similar', false, 'Mo'],
      [card.id, 'approved', 'rejected', 'reject-similar', false, 'Mo'],
    ]);
    expect(question.type).toBe('qa');
  });

  test('rejects equal reactions and no text that looks like one', async () => {
    const target = event();
    for (const symbol of ['👍', '👍', '👎']) await channel.post(reaction(target, symbol));
    await arrive(channel, { message: '👍' });
    const [thumb] = await shown(channel);
    expect((await rejectSimilar(thumb.id)).rejected).toBe(2);
    expect(await statuses(channel)).toEqual(['rejected', 'rejected', 'queued', 'queued']);
  });

  test('finds nothing left to do the second time', async () => {
    const { id } = await arrive(channel);
    const first = await rejectSimilar(id);
    const second = await rejectSimilar(id);
    expect([first.rejected, second.rejected]).toEqual([1, 0]);
    expect(second.operation).not.toBe(first.operation);
    expect((await undo(second.operation)).body).toEqual({ undone: 0, superseded: 0 });
    expect((await undo(first.operation)).body).toEqual({ undone: 1, superseded: 0 });
  });

  test('leaves other channels alone', async () => {
    const other = await TestChannel.create(stage.admin);
    await arrive(other, { message: 'Hello there' });
    const { id } = await arrive(channel, { message: 'Hello there' });
    expect((await rejectSimilar(id)).rejected).toBe(1);
    expect(await statuses(other)).toEqual(['queued']);
  });

  describe('Its undoing', () => {
    test('takes back what still stands as it left it, and nothing that somebody has decided on since', async () => {
      const arrived = await arriveAll(
        channel,
        Array.from({ length: 4 }, () => ({ message: 'Same old story' })),
      );
      const [card, again, reconsidered, twice] = arrived.map(({ id }) => id);
      await decide(mo, channel, card, { decision: 'highlight' });
      const { operation } = await rejectSimilar(card);
      const fromRejected = { decision: 'reconsider', revision: 0, status: 'rejected' };
      await decide(mo, channel, reconsidered, { ...fromRejected, to: 'approved' });
      // Rejected again, but in another revision: this reject is another one's.
      await decide(mo, channel, twice, { ...fromRejected, to: 'queued' });
      await decide(mo, channel, twice, { decision: 'reject' });

      const { status, body } = await undo(operation);
      expect([status, body]).toEqual([200, { undone: 2, superseded: 2 }]);
      const now = await shown(channel);
      expect(now.map((message) => [message.status, message.revision])).toEqual([
        ['highlighted', 1],
        ['queued', 1],
        ['approved', 1],
        ['rejected', 1],
      ]);
      expect(now.map(({ decidedBy }) => decidedBy)).toEqual(['Mo', null, 'Mo', 'Mo']);

      const undone = (await logOf(channel)).slice(0, 2);
      expect(undone.map(({ decision, from, cause }) => [decision, from, cause])).toEqual([
        ['reconsider', 'rejected', 'undo'],
        ['reconsider', 'rejected', 'undo'],
      ]);
      expect(new Set(undone.map((row) => row.operation)).size).toBe(1);
      expect(undone[0].operation).not.toBe(operation);
      expect(undone.map(({ messageId }) => messageId).sort()).toEqual([card, again]);
    });

    test('can be repeated, and undone itself', async () => {
      const { id } = await arrive(channel);
      const { operation } = await rejectSimilar(id);
      expect((await undo(operation)).body).toEqual({ undone: 1, superseded: 0 });
      expect((await undo(operation)).body).toEqual({ undone: 0, superseded: 1 });
      const [{ operation: undoing }] = await logOf(channel);
      expect((await undo(undoing)).body).toEqual({ undone: 1, superseded: 0 });
      expect((await shown(channel))[0]).toMatchObject({ status: 'rejected', revision: 2 });
    });

    test('is for operations of the channel only', async () => {
      const other = await TestChannel.create(stage.admin);
      const { id } = await arrive(other);
      const { operation } = await other.api('POST', `/messages/${id}/reject-similar`);
      for (const unknown of [operation, randomUUID(), operation.toUpperCase(), 'x', '%00']) {
        expect((await undo(unknown)).status).toBe(404);
      }
      expect(await statuses(other)).toEqual(['rejected']);
    });
  });
});
