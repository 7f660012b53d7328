import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { migrate } from '../../src/database/schema';
import { allowedWhere, blockedWhere } from '../../src/database/sender-where';
import { insertRows, numberPlaceholders } from '../../src/database/statements';
import { allows, blocks, type SenderIdentity } from '../../src/moderation/sender';
import { connected } from '../support/data-source';
import { describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';

/** Few enough to collide, and close enough that a database might take two of them for one. */
const IDS = ['1', '01', 'a', 'A', 'a ', 'ä', 'a\u0308', 'ß', 'ss', '👍', '👎', '%', '_', 'ab'.repeat(127)];
const NAMES = ['alice', 'alice ', 'ali', 'ali%', '👍', '👎', 'ı', 'i', 'ß', 'ss', '1'];
const maybe = (values: string[]) => fc.oneof(fc.constant(null), fc.constantFrom(...values));

const aSender: fc.Arbitrary<SenderIdentity> = fc.record({
  senderId: maybe(IDS),
  centralauthId: maybe(['1', '2', '9007199254740991']),
  nameKey: maybe(NAMES),
});
const anEntry = aSender.filter(({ senderId, centralauthId, nameKey }) => Boolean(senderId ?? centralauthId ?? nameKey));

const COLUMNS = {
  channel_id: 'c',
  change_seq: 1,
  source_id: 's',
  type: 'text',
  text: 't',
  normal_text: 't',
  normal_length: 1,
  screen_name: 'n',
  status_rank: 0,
  revision: 0,
  arrived_at: 1,
};

describeEachDatabase('Whom a list entry means', (kind) => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await freshDatabase(kind);
    dataSource = await connected(database);
    await migrate(dataSource);
  });

  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  /** @returns the ids that the messages got, in their order */
  async function store(senders: SenderIdentity[]): Promise<number[]> {
    await dataSource.query('DELETE FROM messages');
    const columns = [...Object.keys(COLUMNS), 'sender_id', 'centralauth_id', 'name_key'];
    const rows = senders.map(({ senderId, centralauthId, nameKey }) => [
      ...Object.values(COLUMNS),
      senderId,
      centralauthId,
      nameKey,
    ]);
    await insertRows(dataSource.manager, 'messages', columns, rows);
    const stored = await dataSource.query('SELECT id FROM messages ORDER BY id');
    return stored.map(({ id }: { id: number }) => id);
  }

  async function found({ sql, parameters }: { sql: string; parameters: unknown[] }): Promise<number[]> {
    const query = numberPlaceholders(dataSource.manager, `SELECT id FROM messages WHERE ${sql} ORDER BY id`);
    const rows: { id: number }[] = await dataSource.query(query, parameters);
    return rows.map(({ id }) => id);
  }

  test('is the same in SQL as by the rule', async () => {
    const senders = fc.array(aSender, { minLength: 60, maxLength: 120 });
    const entries = fc.array(anEntry, { minLength: 20, maxLength: 40 });
    let [meant, blocked, allowed] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(senders, entries, async (messages, list) => {
        const ids = await store(messages);
        const those = (rule: typeof blocks, entry: SenderIdentity) => ids.filter((_, i) => rule(entry, messages[i]));
        for (const entry of list) {
          const expected = { blocks: those(blocks, entry), allows: those(allows, entry) };
          const actual = { blocks: await found(blockedWhere(entry)), allows: await found(allowedWhere(entry)) };
          expect({ entry, ...actual }).toEqual({ entry, ...expected });
          meant += 1;
          blocked += expected.blocks.length;
          allowed += expected.allows.length;
        }
      }),
      { numRuns: 6, endOnFailure: true },
    );
    // The law was put to the test: entries meant somebody, and neither all nor the same.
    expect(blocked).toBeGreaterThan(meant);
    expect(allowed).toBeGreaterThan(meant / 2);
    expect(blocked).toBeGreaterThan(allowed);
  });
});
