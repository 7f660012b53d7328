import { randomUUID } from 'node:crypto';
import { type DatabaseKind, describeEachDatabase } from '../support/databases';
import { EventReader } from '../support/event-reader';
import { Client, event, reaction } from '../support/http';
import { eventually, onStage, TestChannel } from '../support/intake';
import { postTogether } from '../support/pipeline';
import { arrive, arriveAll, ask, decide, moderatorOf, shown } from '../support/queue';

describeEachDatabase('The events of a channel', (kind: DatabaseKind) => {
  const stage = onStage(kind);
  const open: EventReader[] = [];
  let channel: TestChannel;
  let mo: Client;

  beforeEach(async () => {
    channel = await TestChannel.create(stage.admin);
    mo = await moderatorOf(channel, stage.admin.base);
  });
  afterEach(() => open.splice(0).forEach((reader) => reader.close()));

  async function follow(who = mo, lastEventId?: number | string, id = channel.id): Promise<EventReader> {
    const reader = await EventReader.open(who, id, lastEventId);
    open.push(reader);
    return reader;
  }

  const seqNow = async () => (await channel.api('GET', '/messages?limit=1')).seq;

  test('begin with the stats, and tell nothing that the page has fetched', async () => {
    await arrive(channel);
    const reader = await follow();
    const seq = await seqNow();
    expect(reader.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': expect.stringContaining('no-cache'),
      'x-accel-buffering': 'no',
    });
    const stats = { queued: 1, highlighted: 0, approved: 0, rejected: 0 };
    expect(reader.events).toEqual([{ event: 'stats', id: seq, data: { seq, stats } }]);
  });

  test('tell of new messages, decisions and stats, each as the API shows it', async () => {
    const reader = await follow();
    const message = await arrive(channel, { message: 'Line\nbreaks: and 👋🏽' });
    await eventually(() => reader.of('message').length > 0, 'the new message');
    expect(reader.of('message')[0].data).toEqual({ seq: reader.of('message')[0].id, messages: [message] });

    const { body } = await decide(mo, channel, message.id, { decision: 'approve' });
    await eventually(() => reader.of('decision').length > 0, 'the decision');
    expect(reader.of('decision')[0].data.messages).toEqual([body.message]);
    const back = { decision: 'reconsider', revision: 0, status: 'approved', to: 'queued' };
    const undone = await decide(mo, channel, message.id, back);
    await eventually(() => reader.of('decision').length > 1, 'the reconsideration');
    expect(reader.of('decision')[1].data.messages).toEqual([undone.body.message]);
    await eventually(() => reader.of('stats').at(-1)!.data.stats.queued === 1, 'the stats');
    expect(reader.events.at(-1)!.id).toBe(await seqNow());
    expect(reader.of('message')).toHaveLength(1);
  });

  test('tell of automatic approvals and of bulk decisions', async () => {
    const target = event({ message: 'Hi' });
    await channel.post(target);
    await channel.post(reaction(target, '👍'));
    const reader = await follow();
    const thumb = (await channel.messages('&type=emoji'))[0];
    await decide(mo, channel, thumb.id, { decision: 'approve' });
    await channel.post(reaction(target, '👍'));
    await ask(mo, channel, 'POST', '/blocked-patterns', { text: 'Hi' });
    const all = new Map((await shown(channel)).map(({ id, status, revision }) => [id, { status, revision }]));
    await eventually(() => reader.messages().size === 3, 'all three');
    await eventually(() => reader.of('stats').at(-1)!.data.stats.rejected === 1, 'the pattern’s reject');
    expect(new Map([...reader.messages()].sort())).toEqual(new Map([...all].sort()));
  });

  test('go on where a page had got to', async () => {
    const first = await arrive(channel);
    const seq = await seqNow();
    const missed = await arrive(channel);
    await decide(mo, channel, first.id, { decision: 'highlight' });
    const reader = await follow(mo, seq);
    expect(reader.events.map(({ event: name, data }) => [name, data.messages?.[0].id])).toEqual([
      ['message', missed.id],
      ['decision', first.id],
      ['stats', undefined],
    ]);
    expect(new Set(reader.events.map(({ id }) => id))).toEqual(new Set([seq + 2]));
    for (const nonsense of ['', 'x', '-1', '1.5', '99999999999999999999']) {
      expect((await follow(mo, nonsense)).events.map((pushed) => pushed.event)).toEqual(['stats']);
    }
  });

  test('ask to fetch again when too much was missed, or more than there is', async () => {
    const seq = await seqNow();
    for (const missing of [seq + 1_000, 0]) {
      if (missing === 0)
        await postTogether(
          channel,
          Array.from({ length: 501 }, () => event()),
        );
      const reader = await follow(mo, missing);
      expect(reader.events.slice(0, 2).map((pushed) => pushed.event)).toEqual(['reset', 'stats']);
    }
    const reader = await follow();
    await postTogether(
      channel,
      Array.from({ length: 12 }, () => event({ message: 'x'.repeat(60_000) })),
    );
    await eventually(() => reader.of('reset').length > 0, 'a reset in place of half a megabyte');
    expect(reader.ended).toBe(false);
  });

  test('are those of the channel, for its moderators', async () => {
    const other = await TestChannel.create(stage.admin);
    const [here, there] = [await follow(), await follow(stage.admin, undefined, other.id)];
    await arrive(channel);
    await eventually(() => here.of('message').length > 0, 'the message');
    expect(there.of('message')).toEqual([]);
    await expect(follow(mo, undefined, other.id)).rejects.toThrow('403');
    await expect(follow(mo, undefined, randomUUID())).rejects.toThrow('404');
    await expect(follow(new Client(mo.base))).rejects.toThrow('401');
  });

  test('leave nothing out in a storm, whenever a page joins in', async () => {
    const messages = await arriveAll(
      channel,
      Array.from({ length: 6 }, () => ({})),
    );
    const readers = [await follow()];
    const storm = messages.map(async ({ id }) => {
      for (let revision = 0; revision < 8; revision++) {
        await decide(mo, channel, id, { decision: 'reject' });
        await decide(mo, channel, id, { decision: 'reconsider', revision, status: 'rejected', to: 'queued' });
      }
      await decide(mo, channel, id, { decision: 'approve' });
    });
    const joining = Array.from({ length: 10 }, async () => {
      const { seq, messages: page } = await channel.api(
        'GET',
        '/messages?status=queued&status=rejected&status=approved',
      );
      const reader = await follow(mo, seq);
      reader.events.unshift({ event: 'page', id: seq, data: { messages: page } });
      readers.push(reader);
    });
    await Promise.all([...storm, ...joining]);
    const settled = (reader: EventReader) =>
      [...reader.messages().values()].filter(({ status, revision }) => status === 'approved' && revision === 8).length;
    await eventually(() => readers.every((reader) => settled(reader) === messages.length), 'every page');
    expect(readers).toHaveLength(11);
  });

  test('end with the right to them', async () => {
    const { user } = (await mo.get('/api/v1/session')).body;
    const [removed, superadmins] = [await follow(), await follow(stage.admin)];
    const leaver = await moderatorOf(channel, mo.base);
    const [left, stays] = [await follow(leaver), await follow(await moderatorOf(channel, mo.base))];
    await channel.api('DELETE', `/members/${user.centralauthId}`);
    expect((await leaver.post('/logout')).status).toBeLessThan(400);
    await eventually(() => removed.ended && left.ended, 'the end');
    expect([superadmins.ended, stays.ended]).toEqual([false, false]);
    const { id } = await arrive(channel);
    await eventually(() => stays.messages().has(id), 'the message to who stayed');
    expect([removed, left].some((reader) => reader.messages().has(id))).toBe(false);

    await stage.admin.delete(`/api/v1/channels/${channel.id}`);
    await eventually(() => superadmins.ended && stays.ended, 'the end of a channel that is gone');
  });

  test('end with the server, which does not wait for who reads them', async () => {
    const readers = await Promise.all([follow(), follow(), follow(stage.admin)]);
    await stage.servers[0].stop();
    await eventually(() => readers.every(({ ended }) => ended), 'the end');
  });
});
