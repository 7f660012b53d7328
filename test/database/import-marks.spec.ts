import { createHash } from 'node:crypto';
import { Database } from '../../src/database/database';
import { ImportedRow } from '../../src/entities/imported-row.entity';
import { bindMarks, closeRun, openRun, OtherKey } from '../../src/import/marks';
import { databaseSettings } from '../support/data-source';
import { describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';

const withKey = (key: string) => (text: string) => createHash('sha256').update(`${key} ${text}`).digest('base64url');

describeEachDatabase('The marks of imports', (kind) => {
  let store: TestDatabase;
  let database: Database;

  beforeEach(async () => {
    store = await freshDatabase(kind);
    database = await Database.open({ database: databaseSettings(store) });
  });

  afterEach(async () => {
    await database?.onApplicationShutdown();
    await store?.drop();
  });

  const marks = () =>
    store.query(`SELECT source_table AS place, source_key AS mark, target, status_rank FROM imported_rows
      WHERE source_table <> 'key' ORDER BY source_table, target`);

  test('a broken-off import is gone on with from where it began', async () => {
    const begin = () => database.write((tx) => openRun(tx));
    const add = () =>
      store.query(`INSERT INTO messages (channel_id, change_seq, source_id, type, text, normal_text, normal_length,
        screen_name, status_rank, revision, arrived_at) VALUES ('hall', 1, 's', 'text', 'x', 'x', 1, 'Guest', 0, 0, 1)`);
    await add();
    expect(await begin()).toBe(1);
    await add();
    expect(await begin()).toBe(1);
    await database.write((tx) => closeRun(tx));
    expect(await begin()).toBe(2);
  });

  test('that were made before there was a key are made with it, once, and stand for the same rows', async () => {
    const veiled = withKey('first');
    const rows = ['messages', 'blacklist', 'moderation_log', 'channel_members'].flatMap((sourceTable) =>
      Array.from({ length: 1_200 }, (_, n) => ({
        channelId: 'hall',
        sourceTable,
        sourceKey: `${sourceTable} ${n}`,
        target: n,
        rank: 1,
        changes: [],
      })),
    );
    await database.write((tx) => tx.insert(ImportedRow, rows));
    const expected = (await marks()).map(({ place, mark, ...rest }) => ({
      place,
      mark: ['messages', 'channel_members'].includes(place as string) ? mark : veiled(mark as string),
      ...rest,
    }));
    for (let n = 0; n < 2; n++) {
      await database.write((tx) => bindMarks(tx, veiled));
      expect(await marks()).toEqual(expected);
    }
    await expect(database.write((tx) => bindMarks(tx, withKey('second')))).rejects.toThrow(OtherKey);
    expect(await marks()).toEqual(expected);
  });
});
