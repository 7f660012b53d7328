import { Database } from '../../src/database/database';
import { Leases } from '../../src/operations/leases';
import { readSettings } from '../../src/settings';
import { type DatabaseKind, describeOnOneServer, freshDatabase, type TestDatabase } from '../support/databases';

describeOnOneServer('Leases', (kind: DatabaseKind) => {
  let testDatabase: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    testDatabase = await freshDatabase(kind, 'cs_admin');
    database = await Database.open(
      readSettings({ NODE_ENV: 'test', SECRETS_DIR: '/nonexistent', ...testDatabase.env }),
    );
  });

  afterAll(async () => {
    await database?.onApplicationShutdown();
    await testDatabase?.drop();
  });

  const expire = (name: string) =>
    testDatabase.query('UPDATE leases SET expires_at = ? WHERE name = ?', [Date.now() - 1, name]);

  test('go to one of many that ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => new Leases(database).acquire('one', 60_000)));
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
  });

  test('are renewed by the holder, refused to others, free when given back', async () => {
    const [mine, theirs] = [new Leases(database), new Leases(database)];
    const until = await mine.acquire('job', 60_000);
    expect(until).toBeGreaterThan(Date.now());
    expect(await theirs.acquire('job', 60_000)).toBeNull();
    expect(await mine.acquire('job', 90_000)).toBeGreaterThan(until!);
    await theirs.release('job');
    expect(await theirs.acquire('job', 60_000)).toBeNull();
    await mine.release('job');
    expect(await theirs.acquire('job', 60_000)).not.toBeNull();
    expect(await mine.acquire('job', 60_000)).toBeNull();
    expect(await mine.acquire('another job', 60_000)).not.toBeNull();
  });

  test('of a process that died go to one of those that wait', async () => {
    const dead = new Leases(database);
    await dead.acquire('orphan', 60_000);
    await expire('orphan');
    const waiting = Array.from({ length: 5 }, () => new Leases(database));
    const answers = await Promise.all(waiting.map((leases) => leases.acquire('orphan', 60_000)));
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
    expect(await dead.acquire('orphan', 60_000)).toBeNull();
  });
});
