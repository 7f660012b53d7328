import type { QueryRunner } from 'typeorm';
import { ChannelWriter } from '../../src/database/channel-writer';
import { Database } from '../../src/database/database';
import { SenderVeil } from '../../src/database/sender-veil';
import { insertRows } from '../../src/database/statements';
import { ChannelState } from '../../src/entities/channel-state.entity';
import { rankOf } from '../../src/moderation/decision';
import { normalise } from '../../src/moderation/similarity';
import { DecisionsService } from '../../src/queue/decisions.service';
import { PatternsService } from '../../src/queue/patterns.service';
import { SendersService } from '../../src/queue/senders.service';
import { databaseSettings } from '../support/data-source';
import { describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';

const MANY = 10_000;
/** A statement takes 2,000 ids: five rounds of a handful. One for each message, or for each hundred, would be far more. */
const FEW = 45;
const CHANNEL = 'raided';
const veil = new SenderVeil({ secretKey: 'a key' });
const moderator = { kind: 'user', centralauthId: '7', username: 'Mo', superadmin: false } as const;

describeEachDatabase('With 10,000 messages in the queue', (kind) => {
  let store: TestDatabase;
  let database: Database;
  let channels: ChannelWriter;
  let statements: string[];

  beforeAll(async () => {
    store = await freshDatabase(kind);
    database = await Database.open({ database: databaseSettings(store) });
    channels = new ChannelWriter(database);
    const counters = { rulesVersion: 1, changeSeq: 0, publishedVersion: 0, publishedModified: 0, anonymousCounter: 0 };
    const intake = { received: 0, queued: 0, approved: 0, duplicate: 0, ignored: 0 };
    const dropped = { droppedGlobal: 0, droppedBlocked: 0, droppedPattern: 0 };
    await database.write((tx) => tx.insert(ChannelState, { channelId: CHANNEL, ...counters, ...intake, ...dropped }));
    await raid();
  });

  afterAll(async () => {
    jest.restoreAllMocks();
    await database?.onApplicationShutdown();
    await store?.drop();
  });

  async function raid(): Promise<void> {
    const columns = ['channel_id', 'change_seq', 'source_id', 'type', 'text', 'normal_text', 'normal_length'];
    const more = ['screen_name', 'name_key', 'sender_id', 'status_rank', 'revision', 'arrived_at'];
    const rows = Array.from({ length: MANY }, (_, i) => {
      const text = `Free crypto at example dot com${'!'.repeat(i % 3)}`;
      const normal = normalise(text);
      return [CHANNEL, 1, `${i}`, 'text', text, normal, normal.length, 'Raider', 'raider', 'r', 0, 0, 1];
    });
    await database.write((tx) => insertRows(tx, 'messages', [...columns, ...more], rows));
  }

  /** Writes down every statement that the work sends, by whatever way. */
  async function counted<T>(work: () => Promise<T>): Promise<T> {
    const runner = database.reader.connection.createQueryRunner();
    const spy = jest.spyOn(Object.getPrototypeOf(runner) as QueryRunner, 'query');
    const result = await work();
    statements = spy.mock.calls.map(([sql]) => sql);
    spy.mockRestore();
    await runner.release();
    expect(statements.join('; ')).toMatch(/INSERT INTO moderation_log.*UPDATE messages/s);
    return result;
  }

  async function countOf(rank: number): Promise<number> {
    const sql = 'SELECT COUNT(*) AS n FROM messages WHERE status_rank = ?';
    return (await store.query<{ n: number }>(sql, [rank]))[0].n;
  }

  const anyMessage = async () => (await store.query<{ id: number }>('SELECT MIN(id) AS id FROM messages'))[0].id;

  test('reject-similar and its undoing are a few statements', async () => {
    const decisions = new DecisionsService(channels, veil);
    const id = await anyMessage();
    const { rejected, operation } = await counted(() => decisions.rejectSimilar(CHANNEL, id, moderator));
    expect([rejected, await countOf(rankOf('rejected'))]).toEqual([MANY, MANY]);
    expect(statements.length).toBeLessThan(FEW);

    const undone = await counted(() => decisions.undo(CHANNEL, operation, moderator));
    expect([undone, await countOf(rankOf('queued'))]).toEqual([{ undone: MANY, superseded: 0 }, MANY]);
    expect(statements.length).toBeLessThan(FEW);
  });

  test('a pattern and its undoing are a few statements', async () => {
    const patterns = new PatternsService(channels, database);
    const text = 'free CRYPTO at example dot com';
    const { answer } = await counted(() => patterns.block(CHANNEL, { text }, moderator));
    expect([answer.affected, await countOf(rankOf('rejected'))]).toEqual([MANY, MANY]);
    expect(statements.length).toBeLessThan(FEW);
    await new DecisionsService(channels, veil).undo(CHANNEL, answer.operation, moderator);
  });

  test('a ban is a handful', async () => {
    const senders = new SendersService(channels, database, veil);
    const { answer } = await counted(() => senders.block(CHANNEL, { senderId: 'r' }, moderator));
    expect([answer.affected, await countOf(rankOf('rejected'))]).toEqual([MANY, MANY]);
    expect(statements.length).toBeLessThan(15);
    expect(
      await store.query('SELECT COUNT(*) AS n FROM moderation_log WHERE operation = ?', [answer.operation]),
    ).toEqual([{ n: MANY }]);
  });
});
