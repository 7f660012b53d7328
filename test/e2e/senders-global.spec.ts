import { setTimeout as sleep } from 'node:timers/promises';
import { connected } from '../support/data-source';
import { type DatabaseKind, describeOnOneServer } from '../support/databases';
import { event } from '../support/http';
import { onStage, TestChannel } from '../support/intake';
import { arrive, ask, decide, expectBadInput, logOf, moderatorOf, onDisplay, statuses } from '../support/queue';

const LIST = '/api/v1/global-blocked-senders';

describeOnOneServer('Senders blocked everywhere', (kind: DatabaseKind) => {
  const stage = onStage(kind);
  let here: TestChannel;
  let there: TestChannel;

  beforeEach(async () => {
    here = await TestChannel.create(stage.admin);
    there = await TestChannel.create(stage.admin);
    for (const { id } of (await stage.admin.get(LIST)).body.entries) await stage.admin.delete(`${LIST}/${id}`);
  });

  const listed = async () => (await stage.admin.get(LIST)).body.entries;

  test('are rejected and dropped in every channel, those that are made later too', async () => {
    const published = await arrive(here, { sender_id: 'S' });
    await decide(stage.admin, here, published.id, { decision: 'approve' });
    const { id: messageId } = await arrive(there, { sender_id: 'S', screen_name: 'Sam' });
    await arrive(there, { sender_id: 'T' });

    const { status, body } = await stage.admin.post(LIST, { messageId });
    expect([status, body]).toEqual([
      201,
      {
        entry: expect.objectContaining({ senderId: 'S', screenName: 'Sam', addedBy: 'Admin' }),
        affected: 2,
        operation: expect.any(String),
      },
    ]);
    expect(await statuses(here)).toEqual(['rejected']);
    expect(await statuses(there)).toEqual(['rejected', 'queued']);
    expect(await onDisplay(here)).toEqual([]);
    const later = await TestChannel.create(stage.admin);
    for (const channel of [here, there, later])
      expect(await channel.outcome(event({ sender_id: 'S' }))).toBe('dropped');
    expect((await there.intake()).dropped).toEqual({ 'global-blocklist': 1, blocklist: 0, pattern: 0 });
    for (const channel of [here, there]) {
      expect((await logOf(channel))[0]).toMatchObject({
        cause: 'block',
        operation: body.operation,
        moderator: 'Admin',
      });
    }

    const again = await stage.admin.post(LIST, { senderId: 'S' });
    expect([again.status, again.body.entry, again.body.affected]).toEqual([200, body.entry, 0]);
    expect(await listed()).toEqual([body.entry]);
  });

  test('cannot be allowed in a channel', async () => {
    await stage.admin.post(LIST, { centralauthId: '5' });
    expect((await ask(stage.admin, here, 'POST', '/allowed-senders', { centralauthId: '5' })).status).toBe(409);
  });

  test('come back when they are taken off the list, what was rejected stays', async () => {
    await arrive(here, { sender_id: 'S' });
    const { body } = await stage.admin.post(LIST, { senderId: 'S' });
    expect((await stage.admin.delete(`${LIST}/${body.entry.id}`)).status).toBe(204);
    expect((await stage.admin.delete(`${LIST}/${body.entry.id}`)).status).toBe(404);
    expect(await listed()).toEqual([]);
    expect(await here.outcome(event({ sender_id: 'S' }))).toBe('queued');
    expect(await statuses(here)).toEqual(['rejected', 'queued']);
  });

  test('come from a channel’s list, put there by its admin', async () => {
    const { body } = await ask(stage.admin, here, 'POST', '/blocked-senders', { senderId: 'S', screenName: 'Sam' });
    await arrive(there, { sender_id: 'S' });
    const path = `/blocked-senders/${body.entry.id}/export`;
    const boss = await moderatorOf(here, stage.admin.base, 'Boss');
    expect((await ask(boss, here, 'POST', path)).status).toBe(403);
    const { user } = (await boss.get('/api/v1/session')).body;
    await here.api('PUT', `/members/${user.centralauthId}`, { username: 'Boss', role: 'admin' });
    expect((await ask(boss, there, 'POST', path)).status).toBe(403);
    expect((await ask(stage.admin, there, 'POST', path)).status).toBe(404);

    const exported = await ask(boss, here, 'POST', path);
    expect([exported.status, exported.body]).toMatchObject([
      201,
      { senderId: 'S', screenName: 'Sam', addedBy: 'Boss' },
    ]);
    expect(exported.body.entry).toEqual((await listed())[0]);
    expect(await statuses(there)).toEqual(['rejected']);
    expect((await ask(boss, here, 'POST', path)).status).toBe(200);
    expect(await listed()).toHaveLength(1);
    // Its own entry is the channel's still.
    expect((await ask(boss, here, 'GET', '/blocked-senders')).body.entries).toEqual([body.entry]);
  });

  test('are listed by superadmins alone, and only when somebody is named', async () => {
    const boss = await moderatorOf(here, stage.admin.base, 'Boss');
    for (const [method, path] of [
      ['GET', ''],
      ['POST', ''],
      ['DELETE', '/1'],
    ]) {
      expect((await boss.request(method, LIST + path, method === 'POST' ? { senderId: 'S' } : undefined)).status).toBe(
        403,
      );
    }
    for (const body of [{}, { screenName: '' }, { senderId: 'S', extra: 1 }, { messageId: 'x' }]) {
      expectBadInput(await stage.admin.post(LIST, body));
    }
    expect((await stage.admin.post(LIST, { messageId: '2000000000' })).status).toBe(404);
    for (const id of ['0', 'x', '2147483648', '1.5'])
      expect((await stage.admin.delete(`${LIST}/${id}`)).status).toBe(404);
    expect(await listed()).toEqual([]);
  });

  test('of a message of nobody: that message is rejected, nobody listed', async () => {
    const { id } = await arrive(here, { sender_id: null, screen_name: '' });
    await arrive(there, { sender_id: null, screen_name: '' });
    const { status, body } = await stage.admin.post(LIST, { messageId: id });
    expect([status, body.entry, body.affected]).toEqual([201, null, 1]);
    expect([await statuses(here), await statuses(there), await listed()]).toEqual([['rejected'], ['queued'], []]);
  });

  test('are blocked in all channels at once while messages come in all of them', async () => {
    const channels = [here, there, await TestChannel.create(stage.admin)];
    let blocked = false;
    const stream = channels.map(async (channel) => {
      for (let n = 0; n < 12 || !blocked; n++) await channel.outcome(event({ sender_id: 'S' }));
    });
    await Promise.all(channels.map((channel) => channel.outcome(event({ sender_id: 'S' }))));
    const { body } = await stage.admin.post(LIST, { senderId: 'S' });
    blocked = true;
    await Promise.all(stream);
    const all = (await Promise.all(channels.map((channel) => statuses(channel)))).flat();
    expect(new Set(all)).toEqual(new Set(['rejected']));
    expect(body.affected).toBe(all.length);
    const dropped = await Promise.all(
      channels.map(async (channel) => (await channel.intake()).dropped['global-blocklist']),
    );
    expect(Math.min(...dropped)).toBeGreaterThan(0);
  });

  test('are known to a channel that is made meanwhile: making one waits for whatever changes the list', async () => {
    // SQLite has one writer: there nothing can come between.
    if (kind === 'sqlite') return;
    const source = await connected(stage.database);
    const listing = source.createQueryRunner();
    try {
      await listing.startTransaction();
      await listing.query(`SELECT channel_id FROM channel_state WHERE channel_id = '*' FOR UPDATE`);
      let made = false;
      const making = TestChannel.create(stage.admin).then(() => (made = true));
      await sleep(300);
      expect(made).toBe(false);
      await listing.commitTransaction();
      expect(await making).toBe(true);
    } finally {
      await listing.release();
      await source.destroy();
    }
  });
});
