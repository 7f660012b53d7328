import { type DatabaseKind, describeOnOneServer } from '../support/databases';
import { Client, event } from '../support/http';
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
  shown,
  statuses,
} from '../support/queue';

describeOnOneServer('Blocked and allowed senders', (kind: DatabaseKind) => {
  // On a server database the moderator and the webhook are at different processes, without Redis.
  const stage = onStage(kind, 2);
  let channel: TestChannel;
  let mo: Client;
  let elsewhere: string;

  beforeEach(async () => {
    elsewhere = stage.servers[1].url;
    channel = await TestChannel.create(stage.admin);
    mo = await moderatorOf(channel, stage.admin.base, 'Mo');
  });

  const block = (body: unknown) => ask(mo, channel, 'POST', '/blocked-senders', body);
  const allow = (body: unknown) => ask(mo, channel, 'POST', '/allowed-senders', body);
  const undo = (operation: string) => ask(mo, channel, 'POST', `/operations/${operation}/undo`);
  const entries = async (list: string) => (await ask(mo, channel, 'GET', `/${list}-senders`)).body.entries;
  const outcome = (fields: Record<string, unknown>) => channel.outcome(event(fields), elsewhere);

  describe('A block', () => {
    test('rejects what of the sender is queued or published, and drops what comes, in every process', async () => {
      const sender = { sender_id: 'S', screen_name: 'Sam' };
      const [queued, highlighted, approved, rejected] = await arriveAll(channel, [sender, sender, sender, sender]);
      const other = await arrive(channel, { sender_id: 'T', screen_name: 'Sam' });
      await decide(mo, channel, highlighted.id, { decision: 'highlight' });
      await decide(mo, channel, approved.id, { decision: 'approve' });
      await decide(mo, channel, rejected.id, { decision: 'reject' });
      await decide(mo, channel, other.id, { decision: 'approve' });
      expect(await onDisplay(channel, elsewhere)).toHaveLength(3);

      const { status, body } = await block({ messageId: queued.id });
      expect([status, body.affected]).toEqual([201, 3]);
      expect(body.entry).toEqual({
        id: expect.stringMatching(/^\d+$/),
        senderId: 'S',
        centralauthId: null,
        screenName: 'Sam',
        erased: false,
        addedBy: 'Mo',
        addedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\.\d{3}Z$/),
      });
      expect(await onDisplay(channel, elsewhere)).toEqual([other.text]);
      expect(await outcome(sender)).toBe('dropped');
      expect(await outcome({ sender_id: 'T' })).toBe('queued');
      expect((await statuses(channel)).slice(0, 5)).toEqual([
        'rejected',
        'rejected',
        'rejected',
        'rejected',
        'approved',
      ]);

      const rows = (await logOf(channel)).filter(({ operation }) => operation === body.operation);
      expect(rows.map(({ messageId, from, cause, automatic }) => [messageId, from, cause, automatic])).toEqual([
        [approved.id, 'approved', 'block', false],
        [highlighted.id, 'highlighted', 'block', false],
        [queued.id, 'queued', 'block', false],
      ]);
      expect(await entries('blocked')).toEqual([body.entry]);
    });

    test('repeated finds its entry, and sweeps what has come to stand again', async () => {
      const { id } = await arrive(channel, { sender_id: 'S' });
      const first = await block({ senderId: 'S' });
      await decide(mo, channel, id, { decision: 'reconsider', revision: 0, status: 'rejected', to: 'approved' });
      const again = await block({ messageId: id });
      expect([again.status, again.body.entry, again.body.affected]).toEqual([200, first.body.entry, 1]);
      expect(again.body.operation).not.toBe(first.body.operation);
      // The entry belongs to both: as long as one of them stands, so does what it forbids.
      expect((await undo(again.body.operation)).body).toEqual({ undone: 0, superseded: 1 });
      expect(await entries('blocked')).toHaveLength(1);
      expect(await statuses(channel)).toEqual(['rejected']);
      expect(await outcome({ sender_id: 'S' })).toBe('dropped');
      expect((await undo(first.body.operation)).body).toEqual({ undone: 0, superseded: 1 });
      expect(await outcome({ sender_id: 'S' })).toBe('queued');
    });

    test('repeated under another name sweeps only what its entry means', async () => {
      await block({ senderId: 'S', screenName: 'Sam' });
      const nameless = await arrive(channel, { sender_id: null, screen_name: 'Sue' });
      const again = await block({ senderId: 'S', screenName: 'Sue' });
      expect([again.status, again.body.entry.screenName, again.body.affected]).toEqual([200, 'Sam', 0]);
      expect((await shown(channel)).map(({ id, status }) => [id, status])).toEqual([[nameless.id, 'queued']]);
    });

    test('by name means whoever has it, however written; by id nobody else who has one', async () => {
      const named = { screen_name: 'Sam Spam' };
      const senders = [
        { ...named, sender_id: 'S' },
        { screen_name: ' SAM  ｓｐａｍ', sender_id: null },
      ];
      await arriveAll(channel, [...senders, { screen_name: 'Sam', sender_id: null }]);
      const byId = await block({ centralauthId: 7, screenName: 'Sam Spam' });
      expect([byId.body.entry.centralauthId, byId.body.affected]).toEqual(['7', 1]);
      expect(await outcome({ ...named, sender_id: 'other' })).toBe('queued');
      expect(await outcome({ ...named, sender_id: null })).toBe('dropped');
      const byName = await block({ screenName: 'sam spam' });
      expect([byName.status, byName.body.affected]).toEqual([201, 2]);
      expect(await outcome({ ...named, sender_id: 'other' })).toBe('dropped');
      expect((await block({ screenName: ' Sam\u200B Spam' })).status).toBe(200);
    });

    test('of a message whose sender has neither id nor name rejects that message alone', async () => {
      const nobody = { sender_id: null, screen_name: '' };
      const [first, second] = await arriveAll(channel, [nobody, nobody]);
      const { status, body } = await block({ messageId: first.id });
      expect([status, body]).toEqual([201, { entry: null, affected: 1, operation: expect.any(String) }]);
      expect(await statuses(channel)).toEqual(['rejected', 'queued']);
      expect(await entries('blocked')).toEqual([]);
      expect(await outcome(nobody)).toBe('queued');
      expect((await undo(body.operation)).body).toEqual({ undone: 1, superseded: 0 });
      expect((await shown(channel))[0]).toMatchObject({ id: first.id, status: 'queued' });
      expect(second.screenName).not.toBe(first.screenName);
    });

    test('is undone as a whole: entry and what it rejected, but for what stands otherwise by now', async () => {
      const [stays, changed] = await arriveAll(channel, [{ sender_id: 'S' }, { sender_id: 'S' }]);
      await decide(mo, channel, stays.id, { decision: 'approve' });
      const { body } = await block({ senderId: 'S' });
      await decide(mo, channel, changed.id, {
        decision: 'reconsider',
        revision: 0,
        status: 'rejected',
        to: 'highlighted',
      });
      expect((await undo(body.operation)).body).toEqual({ undone: 1, superseded: 1 });
      expect(await statuses(channel)).toEqual(['approved', 'highlighted']);
      expect(await entries('blocked')).toEqual([]);
      expect(await outcome({ sender_id: 'S' })).toBe('queued');
      expect(await onDisplay(channel, elsewhere)).toHaveLength(2);
    });

    test('that is removed lets in what comes, and takes back nothing', async () => {
      await arrive(channel, { sender_id: 'S' });
      const { body } = await block({ senderId: 'S' });
      const path = `/blocked-senders/${body.entry.id}`;
      const other = await TestChannel.create(stage.admin);
      expect((await ask(stage.admin, other, 'DELETE', path)).status).toBe(404);
      expect((await ask(mo, channel, 'DELETE', path)).status).toBe(204);
      expect((await ask(mo, channel, 'DELETE', path)).status).toBe(404);
      expect(await outcome({ sender_id: 'S' })).toBe('queued');
      expect(await statuses(channel)).toEqual(['rejected', 'queued']);
    });
  });

  describe('An allow', () => {
    test('approves what of the sender is queued, and nothing else, and what comes', async () => {
      const sender = { sender_id: 'S', centralauth_id: 7 };
      const [queued, rejected, highlighted] = await arriveAll(channel, [sender, sender, sender]);
      const similar = await arriveAll(channel, [{ sender_id: 'S', centralauth_id: 8 }, { sender_id: 'S' }]);
      await decide(mo, channel, rejected.id, { decision: 'reject' });
      await decide(mo, channel, highlighted.id, { decision: 'highlight' });
      const { status, body } = await allow({ messageId: queued.id });
      expect([status, body.affected, body.entry]).toEqual([
        201,
        2,
        expect.objectContaining({ senderId: 'S', centralauthId: '7', addedBy: 'Mo' }),
      ]);
      expect(await statuses(channel)).toEqual(['approved', 'rejected', 'highlighted', 'queued', 'approved']);
      expect(await outcome(sender)).toBe('approved');
      expect(await outcome({ sender_id: 'S', centralauth_id: 8 })).toBe('queued');
      expect(await onDisplay(channel, elsewhere)).toContain(similar[1].text);
      expect(
        (await logOf(channel)).slice(0, 3).map(({ automatic, cause, moderator }) => [automatic, cause, moderator]),
      ).toEqual([
        [true, 'allowlist', null],
        [false, 'allow', 'Mo'],
        [false, 'allow', 'Mo'],
      ]);
      const again = await allow({ senderId: 'S', centralauthId: '007' });
      expect([again.status, again.body.entry, again.body.affected]).toEqual([200, body.entry, 0]);

      expect((await undo(body.operation)).body).toEqual({ undone: 2, superseded: 0 });
      expect(await outcome(sender)).toBe('queued');
      expect((await statuses(channel))[0]).toBe('queued');
      expect(await entries('allowed')).toEqual([]);
    });

    test('needs an id, and a sender who is not blocked; a block that comes later wins', async () => {
      expectBadInput(await allow({ screenName: 'Sam' }));
      expectBadInput(await allow({ messageId: (await arrive(channel, { sender_id: null, screen_name: 'Sam' })).id }));
      await block({ senderId: 'S' });
      await block({ screenName: 'Bob' });
      const bob = await arrive(channel, { sender_id: 'B', screen_name: 'Rob' });
      for (const target of [
        { senderId: 'S' },
        { senderId: 'S', centralauthId: '9' },
        { senderId: 'C', screenName: 'Bob' },
      ]) {
        const { status, body } = await allow(target);
        expect([status, body.error]).toEqual([409, 'Conflict']);
      }
      expect((await allow({ messageId: bob.id })).status).toBe(201);
      await block({ senderId: 'B' });
      expect(await outcome({ sender_id: 'B' })).toBe('dropped');
      expect((await allow({ senderId: 'B' })).status).toBe(409);
      expect(await entries('allowed')).toHaveLength(1);
      expect((await ask(mo, channel, 'DELETE', `/allowed-senders/${(await entries('allowed'))[0].id}`)).status).toBe(
        204,
      );
      expect(await entries('allowed')).toEqual([]);
    });
  });

  test.each<[string, unknown]>([
    ['nobody', {}],
    ['an empty id', { senderId: '' }],
    ['a blank name', { screenName: ' \u200B' }],
    ['nulls', { senderId: null, centralauthId: null, screenName: null }],
    ['null for a message', { messageId: null }],
    ['no message id', { messageId: 'x' }],
    ['a message and an id', { messageId: '1', senderId: 'S' }],
    ['account 0', { centralauthId: 0 }],
    ['an account that is no number', { centralauthId: 'Sam' }],
    ['an account beyond 2^53', { centralauthId: '9007199254740993' }],
    ['an id that is no text', { senderId: { $ne: 1 } }],
    ['a name that is no text', { screenName: ['Sam'] }],
    ['a name without end', { screenName: 'x'.repeat(4_001) }],
    ['a key that there is not', { senderId: 'S', reason: 'spam' }],
  ])('naming %s is 400, and lists nobody', async (_, body) => {
    expectBadInput(await block(body));
    expectBadInput(await allow(body));
    expect([...(await entries('blocked')), ...(await entries('allowed'))]).toEqual([]);
  });

  test('naming another channel’s message is 404', async () => {
    const { id } = await arrive(await TestChannel.create(stage.admin));
    for (const messageId of [id, Number(id), '9999999999']) {
      expect((await block({ messageId })).status).toBe(404);
      expect((await allow({ messageId })).status).toBe(404);
    }
  });
});
