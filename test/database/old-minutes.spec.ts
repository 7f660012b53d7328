import { Database } from '../../src/database/database';
import { minuteOf } from '../../src/entities/intake-minute.entity';
import { Leases } from '../../src/operations/leases';
import { OldMinutes } from '../../src/operations/old-minutes';
import { describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';
import { databaseSettings } from '../support/data-source';

const HOUR = 60;

describeEachDatabase('Counts by the minute', (kind) => {
  let testDatabase: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    testDatabase = await freshDatabase(kind);
    database = await Database.open({ database: databaseSettings(testDatabase) });
  });

  afterAll(async () => {
    await database?.onApplicationShutdown();
    await testDatabase?.drop();
  });

  const now = minuteOf(Date.now());
  const add = (age: number) =>
    testDatabase.query(
      `INSERT INTO intake_minutes (channel_id, minute, queued, approved, duplicate, dropped, ignored, refused)
        VALUES ('hall', ?, 1, 0, 0, 0, 0, 0)`,
      [now - age],
    );
  const ages = async () => {
    const rows = await testDatabase.query<{ minute: number }>('SELECT minute FROM intake_minutes ORDER BY minute DESC');
    return rows.map(({ minute }) => now - minute);
  };

  test('are gone when they are a day old, by the one process that has the lease', async () => {
    for (const age of [0, 23 * HOUR, 25 * HOUR, 1_000 * HOUR]) await add(age);
    const [mine, theirs] = [new Leases(database), new Leases(database)];
    await theirs.acquire('old-minutes', 60_000);
    await new OldMinutes(database, mine).remove();
    expect(await ages()).toEqual([0, 23 * HOUR, 25 * HOUR, 1_000 * HOUR]);

    await new OldMinutes(database, theirs).remove();
    expect(await ages()).toEqual([0, 23 * HOUR]);
  });
});
