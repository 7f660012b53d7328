import { describeOnOneServer } from '../support/databases';
import { Client, event, reaction, send, type Unchecked, webhook } from '../support/http';
import { sign } from '../support/signature';
import { eventually, isBalanced, onStage, TestChannel } from '../support/intake';

const COUNTS = ['queued', 'approved', 'duplicate', 'dropped', 'ignored', 'refused'] as const;

/** What all minutes count together. */
const inMinutes = ({ perMinute }: Unchecked) =>
  Object.fromEntries(
    COUNTS.map((name) => [name, perMinute.reduce((sum: number, one: Unchecked) => sum + one[name], 0)]),
  );

const sum = (counts: object) => Object.values<number>({ ...counts }).reduce((all, count) => all + count, 0);

/** Through two processes where the database allows it. */
describeOnOneServer('Intake counts', (kind) => {
  const stage = onStage(kind, 2);
  const bases = () => stage.servers.map(({ url }) => url);

  test('begin with nothing', async () => {
    const channel = await TestChannel.create(stage.admin);
    const { perMinute, ...intake } = await channel.intake();
    expect(intake).toEqual({
      received: 0,
      queued: 0,
      approved: 0,
      duplicate: 0,
      dropped: { 'global-blocklist': 0, blocklist: 0, pattern: 0 },
      ignored: 0,
      refused: {},
      refusals: [],
      lastReceivedAt: null,
      silentSince: null,
    });
    expect(perMinute).toHaveLength(60);
    expect(sum(inMinutes({ perMinute }))).toBe(0);
    const begun = perMinute.map(({ minute }: { minute: string }) => Date.parse(minute));
    expect(begun).toEqual(begun.map((_: number, i: number) => begun[0] + i * 60_000));
    expect(begun[0] % 60_000).toBe(0);
    expect(Date.now() - begun[59]).toBeLessThan(120_000);
  });

  test('tell what became of everything that came, and what was refused for which reason', async () => {
    const channel = await TestChannel.create(stage.admin);
    const { secret } = channel;
    const url = channel.url();
    const sent = event();
    for (const payload of [sent, sent, event({ sender_id: 'spammer' })]) await channel.post(payload);
    await channel.post(
      reaction(sent, '👍', { meta: { target_message_id: sent.message_id, reaction: '👍', action: 'remove' } }),
    );
    await channel.api('POST', '/blocked-senders', { senderId: 'spammer' });
    await channel.api('POST', '/blocked-patterns', { text: 'buy my watches' });
    await channel.api('POST', '/allowed-senders', { senderId: 'friend' });
    await stage.admin.post('/api/v1/global-blocked-senders', { senderId: 'pest' });
    for (const fields of [
      { sender_id: 'spammer' },
      { message: 'Buy my watches!' },
      { sender_id: 'friend' },
      { sender_id: 'pest' },
    ]) {
      await channel.post(event(fields));
    }

    const raw = (body: Buffer) => webhook(url, secret, body);
    await webhook(url, 'wrong', event());
    await webhook(url, 'wrong', event());
    await channel.post(event(), { headers: { 'x-eventyay-signature': undefined } });
    await channel.post(event(), { headers: { 'x-eventyay-signature': 'sha256=1' } });
    await raw(Buffer.from('{'));
    await raw(Buffer.alloc(65_537, ' '));
    await channel.post(event({ message: ' ' }));
    await channel.post(event({ timestamp: 'yesterday' }));
    await channel.post(event({ timestamp: new Date(Date.now() - 400_000).toISOString() }));
    await channel.set({ active: false });
    await channel.post(event());
    await channel.api('POST', '/archive');
    await channel.post(event());
    await channel.api('POST', '/reopen');
    await channel.set({ active: true });
    await channel.api('POST', '/webhook-secret');
    await channel.api('DELETE', '/webhook-secret/previous');
    await channel.post(event());

    await eventually(async () => sum((await channel.intake()).refused) === 12, 'everything counted');
    const { perMinute, refusals, ...intake } = await channel.intake();
    expect(intake).toEqual({
      received: 8,
      queued: 2,
      approved: 1,
      duplicate: 1,
      dropped: { 'global-blocklist': 1, blocklist: 1, pattern: 1 },
      ignored: 1,
      refused: { 400: 4, 403: 5, 404: 2, 413: 1 },
      lastReceivedAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      silentSince: null,
    });
    expect(inMinutes({ perMinute })).toEqual({
      queued: 2,
      approved: 1,
      duplicate: 1,
      dropped: 3,
      ignored: 1,
      refused: 12,
    });
    const byReason = refusals.map(({ reason, status, count }: Unchecked) => `${status} ${reason} ${count}`);
    expect(byReason.toSorted()).toEqual([
      '400 clock 1',
      '400 field 2',
      '400 not-json 1',
      '403 malformed-signature 1',
      '403 no-signature 1',
      '403 old-secret 1',
      '403 wrong-secret 2',
      '404 archived 1',
      '404 inactive 1',
      '413 too-large 1',
    ]);
    const times = refusals.map(({ lastAt }: Unchecked) => lastAt);
    expect(times).toEqual(times.toSorted().reverse());
    expect(refusals[0].reason).toBe('old-secret');
  });

  test('are exact by the minute too, whichever process takes a message or refuses it', async () => {
    const channel = await TestChannel.create(stage.admin);
    await channel.api('POST', '/blocked-senders', { senderId: 'spammer' });
    await channel.api('POST', '/allowed-senders', { senderId: 'friend' });
    const repeated = event();
    const lanes = Array.from({ length: 16 }, async (_, lane) => {
      const base = bases()[lane % 2];
      for (let turn = 0; turn < 10; turn += 1) {
        await channel.post(event({ sender_id: ['spammer', 'friend', 'guest'][(lane + turn) % 3] }), { base });
        await channel.post(repeated, { base });
        await webhook(channel.url(base), 'wrong', event());
        if (turn % 5 === 0) await channel.post(event({ message: 5 }), { base });
      }
    });
    await Promise.all(lanes);

    await eventually(async () => sum((await channel.intake()).refused) === 192, 'every refusal counted');
    const intake = await channel.intake();
    expect(intake.received).toBe(320);
    expect(isBalanced(intake)).toBe(true);
    const { queued, approved, duplicate, ignored } = intake;
    expect(inMinutes(intake)).toEqual({
      queued,
      approved,
      duplicate,
      dropped: sum(intake.dropped),
      ignored,
      refused: 192,
    });
    expect([queued > 0, approved > 0, duplicate, sum(intake.dropped) > 0]).toEqual([true, true, 159, true]);
    // What is counted is what is there.
    const [{ n }] = await stage.database.query<{ n: number }>(
      'SELECT COUNT(*) AS n FROM messages WHERE channel_id = ?',
      [channel.id],
    );
    expect(Number(n)).toBe(queued + approved);
  });

  test('are not made for a channel that does not exist', async () => {
    const body = Buffer.from('{}');
    const headers = { 'x-eventyay-signature': sign('secret', body) };
    const url = `${stage.admin.base}/webhook/channel/nowhere-to-be-found`;
    expect((await send(url, { method: 'POST', body, headers })).status).toBe(404);
    expect((await send(url, { method: 'POST', body: Buffer.alloc(70_000), headers })).status).toBe(413);
    const known = await TestChannel.create(stage.admin);
    await webhook(known.url(), 'wrong', event());
    await eventually(async () => sum((await known.intake()).refused) === 1, 'the next one counted');
    for (const table of ['intake_minutes', 'intake_refusals']) {
      const rows = await stage.database.query(
        `SELECT channel_id FROM ${table} WHERE channel_id = 'nowhere-to-be-found'`,
      );
      expect(rows).toEqual([]);
    }
  });

  test('are for admins', async () => {
    const channel = await TestChannel.create(stage.admin);
    const path = `/api/v1/channels/${channel.id}`;
    const moderator = await new Client(stage.admin.base).signIn('Mo');
    const { user } = (await moderator.get('/api/v1/session')).body;
    const give = (role: string) => channel.api('PUT', `/members/${user.centralauthId}`, { username: 'Mo', role });
    await give('moderator');
    expect((await new Client(stage.admin.base).get('/api/v1/channels/nowhere/intake')).status).toBe(401);
    expect((await moderator.get('/api/v1/channels/nowhere/intake')).status).toBe(404);
    expect((await moderator.get(`${path}/intake`)).status).toBe(403);
    await give('admin');
    expect((await moderator.get(`${path}/intake`)).status).toBe(200);
  });
});
