import { randomUUID } from 'node:crypto';
import { describeEachDatabase } from '../support/databases';
import { event, reaction, type Unchecked } from '../support/http';
import { eventually, isBalanced, onStage, TestChannel } from '../support/intake';

/** Messages that keep coming, several at once, until it is stopped. */
class Storm {
  readonly outcomes: string[] = [];
  private readonly running: Promise<void>[];
  private isOver = false;

  constructor(post: (turn: number) => Promise<string | number>) {
    this.running = Array.from({ length: 8 }, async (_, lane) => {
      for (let turn = lane; !this.isOver; turn += 8) this.outcomes.push(String(await post(turn)));
    });
  }

  /** Waits until as many more have been answered as are under way at once, and half as many again. */
  async goesOn(): Promise<void> {
    const enough = this.outcomes.length + 12;
    await eventually(() => this.outcomes.length >= enough, 'the storm going on');
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.running);
  }
}

/** One process answers the moderator while messages pour into the other. */
describeEachDatabase('In the middle of a storm', (kind) => {
  const stage = onStage(kind, 2);

  /** Rows of this sender or text that are queued or published. */
  async function standing(channel: TestChannel, column: 'sender_id' | 'normal_text', value: string): Promise<number> {
    const sql = `SELECT COUNT(*) AS n FROM messages WHERE channel_id = ? AND ${column} = ? AND status_rank < 3`;
    const [{ n }] = await stage.database.query<{ n: number }>(sql, [channel.id, value]);
    return Number(n);
  }

  async function staysAtZero(count: () => Promise<number>, storm: Storm): Promise<void> {
    for (let look = 0; look < 3; look += 1) {
      expect(await count()).toBe(0);
      await storm.goesOn();
    }
    await storm.stop();
    expect(await count()).toBe(0);
  }

  for (const [title, prepare] of [
    ['queued', () => Promise.resolve()],
    ['published as they come', (channel: TestChannel) => channel.api('POST', '/allowed-senders', { senderId: 'pest' })],
  ] as const) {
    test(`a ban leaves nothing of its sender whose messages are ${title}, until it is undone`, async () => {
      const channel = await TestChannel.create(stage.admin);
      await prepare(channel);
      const storm = new Storm((turn) =>
        channel.outcome(
          event({ sender_id: turn % 3 ? 'pest' : randomUUID(), message: `Nr ${turn}` }),
          stage.servers[1].url,
        ),
      );
      await storm.goesOn();
      const { operation, affected } = await channel.api('POST', '/blocked-senders', { senderId: 'pest' });
      const published = async () => (await channel.published(stage.servers[1].url)).length;
      expect(await published()).toBe(0);
      await staysAtZero(async () => (await standing(channel, 'sender_id', 'pest')) + (await published()), storm);

      expect(affected).toBeGreaterThan(0);
      expect(new Set(storm.outcomes)).toEqual(
        new Set(['queued', 'dropped', ...(title === 'queued' ? [] : ['approved'])]),
      );
      expect(isBalanced(await channel.intake())).toBe(true);
      // Each decision of the ban has its log row, and what it took away comes back as a whole.
      const [{ n }] = await stage.database.query<{ n: number }>(
        'SELECT COUNT(*) AS n FROM moderation_log WHERE operation = ?',
        [operation],
      );
      expect(Number(n)).toBe(affected);
      expect(await channel.api('POST', `/operations/${operation}/undo`)).toEqual({ undone: affected, superseded: 0 });
      expect(await standing(channel, 'sender_id', 'pest')).toBe(affected);
      expect(await channel.outcome(event({ sender_id: 'pest' }), stage.servers[1].url)).not.toBe('dropped');
    });
  }

  test('a pattern leaves nothing that is similar', async () => {
    const channel = await TestChannel.create(stage.admin);
    await channel.api('POST', '/allowed-senders', { senderId: 'friend' });
    const storm = new Storm((turn) => {
      const fields = turn % 2 ? { message: 'BUY my  watches' } : { message: `Nr ${turn}` };
      return channel.outcome(event({ ...fields, sender_id: turn % 3 ? 'friend' : 'guest' }), stage.servers[1].url);
    });
    await storm.goesOn();
    await channel.api('POST', '/blocked-patterns', { text: 'Buy my watches!' });
    await staysAtZero(() => standing(channel, 'normal_text', 'buy my watches'), storm);
    expect(new Set(storm.outcomes)).toEqual(new Set(['queued', 'approved', 'dropped']));
  });

  test('nothing is approved once automatic approval is off, or taken once the channel is archived', async () => {
    const channel = await TestChannel.create(stage.admin);
    const payload = () => reaction(event(), '👍', { sender_id: randomUUID() });
    await channel.outcome(payload());
    await channel.decide((await channel.messages())[0].id, 'approve');
    const rows = async (where: string) => {
      const sql = `SELECT COUNT(*) AS n FROM messages WHERE channel_id = ? AND ${where}`;
      return Number((await stage.database.query<{ n: number }>(sql, [channel.id]))[0].n);
    };
    const storm = new Storm(() => channel.outcome(payload(), stage.servers[1].url));
    await storm.goesOn();
    await channel.set({ emojiAutoApprove: false });
    const approvedThen = await rows('status_rank = 2');
    await staysAtZero(async () => (await rows('status_rank = 2')) - approvedThen, storm);

    const second = new Storm(() => channel.outcome(payload(), stage.servers[1].url));
    await second.goesOn();
    await channel.api('POST', '/archive');
    const takenThen = await rows('1 = 1');
    await staysAtZero(async () => (await rows('1 = 1')) - takenThen, second);
    expect(new Set([...storm.outcomes, ...second.outcomes])).toEqual(new Set(['approved', 'queued', '404']));
    const { received }: Unchecked = await channel.intake();
    expect(received).toBe(takenThen);
  });
});
