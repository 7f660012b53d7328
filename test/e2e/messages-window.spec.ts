import { type DatabaseKind, describeOnOneServer } from '../support/databases';
import { event, reaction, type Unchecked } from '../support/http';
import { onStage, TestChannel } from '../support/intake';
import { postTogether } from '../support/pipeline';
import { arrive, ask, decide, type Shown } from '../support/queue';

describeOnOneServer('Windows of the queue', (kind: DatabaseKind) => {
  const stage = onStage(kind);
  let channel: TestChannel;

  beforeEach(async () => {
    channel = await TestChannel.create(stage.admin);
  });

  const list = async (query: string): Promise<Unchecked> => channel.api('GET', `/messages?${query}`);
  const changes = async (since: number): Promise<Unchecked> => channel.api('GET', `/changes?since=${since}`);
  const texts = ({ messages }: { messages: Shown[] }) => messages.map(({ text }) => text);
  const fill = (from: number, to: number) =>
    postTogether(
      channel,
      Array.from({ length: to - from }, (_, i) => event({ message: `message ${from + i}` })),
    );
  const numbered = (from: number, to: number) =>
    Array.from({ length: Math.abs(to - from) }, (_, i) => `message ${from < to ? from + i : from - i}`);

  async function walk(query: string, between: () => Promise<unknown>): Promise<string[]> {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Unchecked = await list(`${query}&cursor=${cursor}`);
      seen.push(...texts(page));
      cursor = page.nextCursor;
      await between();
    }
    return seen;
  }

  test('follow on each other without gap or double while new messages come and others leave', async () => {
    await fill(0, 25);
    let n = 25;
    const arrives = () => fill(n, ++n);
    expect(await walk('limit=7', arrives)).toEqual(numbered(24, -1));
    // From the oldest on, those that come meanwhile are reached in the end.
    let more = 3;
    const seen = await walk('limit=10&order=oldest', async () => more-- > 0 && arrives());
    expect(seen).toEqual(numbered(0, n));

    const [oldest] = (await list('order=oldest&limit=1')).messages;
    const first = await list('limit=5');
    await decide(stage.admin, channel, oldest.id, { decision: 'approve' });
    await decide(stage.admin, channel, first.messages[4].id, { decision: 'approve' });
    const second = await list(`limit=5&cursor=${first.nextCursor}`);
    expect(texts(second)).toEqual(numbered(n - 6, n - 11));
    expect(second.total).toBe(n - 2);
  });

  test('land in the middle by an offset, which a cursor overrides', async () => {
    await fill(0, 10);
    expect(texts(await list('offset=4&limit=3'))).toEqual(numbered(5, 2));
    expect(texts(await list('offset=4&limit=3&order=oldest'))).toEqual(numbered(4, 7));
    const last = await list('offset=9&limit=3');
    expect([texts(last), last.nextCursor, last.total]).toEqual([['message 0'], null, 10]);
    const beyond = await list('offset=10');
    expect([beyond.messages, beyond.nextCursor, beyond.total]).toEqual([[], null, 10]);
    const { nextCursor } = await list('offset=4&limit=3');
    expect(texts(await list(`offset=4&limit=2&cursor=${nextCursor}`))).toEqual(numbered(2, 0));
  });

  test('end exactly where the messages end', async () => {
    await fill(0, 4);
    const exact = await list('limit=4');
    expect([exact.messages.length, exact.nextCursor]).toEqual([4, null]);
    const short = await list('limit=3');
    expect([short.messages.length, short.nextCursor]).toEqual([3, short.messages[2].id]);
    expect((await list('limit=1')).messages).toHaveLength(1);
  });

  test('hold 100 unless told otherwise, and 500 at most', async () => {
    for (let from = 0; from < 510; from += 102) await fill(from, from + 102);
    const page = await list('');
    expect([page.messages.length, page.total, page.stats.queued]).toEqual([100, 510, 510]);
    expect((await list('limit=500')).messages).toHaveLength(500);
    const { seq } = page;
    const [{ reset, messages }, recent] = [await changes(0), await changes(seq)];
    expect([reset, messages]).toEqual([true, []]);
    expect([recent.reset, recent.messages]).toEqual([false, []]);
  });

  test('know what changed since', async () => {
    const [first, second] = [await arrive(channel), await arrive(channel)];
    const { seq } = await list('');
    expect(await changes(seq)).toEqual({
      seq,
      reset: false,
      messages: [],
      stats: { queued: 2, highlighted: 0, approved: 0, rejected: 0 },
    });

    await decide(stage.admin, channel, first.id, { decision: 'approve' });
    const third = await arrive(channel);
    await decide(stage.admin, channel, first.id, { decision: 'reject' });
    await decide(stage.admin, channel, first.id, { decision: 'approve' });
    const after = await changes(seq);
    // Each once, as it is now, in the order of their last changes; what was superseded changed nothing.
    expect(after.messages.map(({ id, status }: Shown) => [id, status])).toEqual([
      [third.id, 'queued'],
      [first.id, 'rejected'],
    ]);
    expect([after.seq, after.stats]).toEqual([seq + 3, { queued: 2, highlighted: 0, approved: 0, rejected: 1 }]);
    expect((await changes(after.seq - 1)).messages.map(({ id }: Shown) => id)).toEqual([first.id]);

    // What a page does not show raises the number as well, and names no message.
    await ask(stage.admin, channel, 'POST', '/blocked-patterns', { text: 'nothing like it' });
    expect(await changes(after.seq)).toMatchObject({ seq: after.seq + 1, messages: [] });
    expect(await changes(after.seq + 100)).toMatchObject({ seq: after.seq + 1, reset: true, messages: [] });
    expect((await changes(seq - 1)).messages.map(({ id }: Shown) => id)).toContain(second.id);
  });

  test('count every message of the channel in the stats, as soon as it is answered', async () => {
    const target = event();
    expect((await list('')).stats).toEqual({ queued: 0, highlighted: 0, approved: 0, rejected: 0 });
    const { id } = await arrive(channel);
    expect((await list('type=emoji')).stats.queued).toBe(1);
    await channel.post(reaction(target, '👍'));
    expect((await list('')).stats.queued).toBe(2);
    await decide(stage.admin, channel, id, { decision: 'highlight' });
    expect((await list('')).stats).toEqual({ queued: 1, highlighted: 1, approved: 0, rejected: 0 });
  });
});
