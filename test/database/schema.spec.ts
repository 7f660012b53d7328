import { DataSource } from 'typeorm';
import { writerOptions } from '../../src/database/data-source';
import { migrate } from '../../src/database/schema';
import { newChannel } from '../../src/admin/channels.service';
import { Channel } from '../../src/entities/channel.entity';
import { connected } from '../support/data-source';
import { describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';
import { Client } from '../support/http';
import { startServer } from '../support/server';

const migrations = writerOptions({ type: 'sqlite', path: ':memory:' }).migrations as unknown[];
let database: TestDatabase;
let dataSource: DataSource;

function onFresh(kind: TestDatabase['kind']): void {
  beforeEach(async () => {
    database = await freshDatabase(kind);
  });
  afterEach(async () => {
    if (dataSource?.isInitialized) await dataSource.destroy();
    await database.drop();
  });
}

/** What would have to be done for the tables to be as the entities say. */
async function disagreements(source: DataSource): Promise<string[]> {
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

describeEachDatabase('The schema', (kind) => {
  onFresh(kind);

  test('is what the entities say, also after going back and forth', async () => {
    dataSource = await connected(database);
    await migrate(dataSource);
    expect(await disagreements(dataSource)).toEqual([]);
    const before = await tables();
    expect(before).toHaveLength(dataSource.entityMetadatas.length);

    for (let n = migrations.length; n > 0; n--) await dataSource.undoLastMigration();
    expect(await tables()).toEqual([]);
    expect(await disagreements(dataSource)).not.toEqual([]);
    await migrate(dataSource);
    expect(await tables()).toEqual(before);
    expect(await disagreements(dataSource)).toEqual([]);
  });

  /** Undoes the migration of this name and those after it. */
  async function undo(name: string): Promise<void> {
    const last = async () => (await database.query('SELECT name FROM migrations ORDER BY id DESC'))[0].name as string;
    while (!(await last()).startsWith(name)) await dataSource.undoLastMigration();
    await dataSource.undoLastMigration();
  }

  test('keeps the secret that was replaced before there could be several', async () => {
    dataSource = await connected(database);
    await migrate(dataSource);
    for (const id of ['a', 'b', 'c']) await dataSource.manager.insert(Channel, newChannel(id, id, ''));
    await undo('PreviousSecrets');
    await database.query(
      `UPDATE channels SET previous_secret = 'old', previous_secret_expires_at = 1795944703298 WHERE id = 'a'`,
    );
    await database.query(`UPDATE channels SET previous_secret = 'ended' WHERE id = 'b'`);
    await migrate(dataSource);
    const rows = await dataSource.manager.find(Channel, { order: { id: 'ASC' } });
    expect(rows.map(({ id, previousSecrets }) => [id, previousSecrets])).toEqual([
      ['a', [{ secret: 'old', expiresAt: 1795944703298 }]],
      ['b', [{ secret: 'ended', expiresAt: null }]],
      ['c', []],
    ]);
  });

  test('gives tokens from before their makers, where a name means one account', async () => {
    dataSource = await connected(database);
    await migrate(dataSource);
    await undo('TokenMakers');
    for (const [id, name] of [
      ['1', 'One'],
      ['2', 'Twice'],
      ['3', 'Twice'],
    ])
      await database.query('INSERT INTO users (centralauth_id, username, signed_in_at) VALUES (?, ?, 1)', [id, name]);
    for (const maker of ['One', 'Twice', 'Nobody'])
      await database.query(
        `INSERT INTO api_tokens (channel_id, digest, name, scopes, created_by, created_at) VALUES ('c', ?, '', '[]', ?, 1)`,
        [maker, maker],
      );
    await migrate(dataSource);
    expect(
      await database.query('SELECT created_by AS name, created_by_id AS id FROM api_tokens ORDER BY api_tokens.id'),
    ).toEqual([
      { name: 'One', id: '1' },
      { name: 'Twice', id: null },
      { name: 'Nobody', id: null },
    ]);
  });

  test('is left alone where it is up to date', async () => {
    dataSource = await connected(database);
    await migrate(dataSource);
    await database.query(`INSERT INTO leases (name, holder, expires_at) VALUES ('kept', 'somebody', 1)`);
    await migrate(dataSource);
    expect(await database.query('SELECT name FROM leases')).toEqual([{ name: 'kept' }]);
    expect(await database.query('SELECT COUNT(*) AS n FROM migrations')).toEqual([{ n: dataSource.migrations.length }]);
  });

  test('tells texts apart byte by byte', async () => {
    dataSource = await connected(database);
    await migrate(dataSource);
    const names = ['a', 'A', 'a ', 'ä', 'a\u0308', 'ß', 'ss', '👍', '👎', '👍🏿'];
    for (const name of names) {
      const placeholder = kind === 'postgres' ? '$1' : '?';
      await dataSource.query(`INSERT INTO leases (name, holder, expires_at) VALUES (${placeholder}, '', 1)`, [name]);
    }
    for (const name of names) {
      expect(await database.query('SELECT name FROM leases WHERE name = ?', [name])).toEqual([{ name }]);
    }
  });

  async function tables(): Promise<string[]> {
    const queries = {
      sqlite: `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`,
      mariadb: 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
      postgres: `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    };
    const rows = await database.query<{ name: string }>(queries[kind]);
    return rows
      .map(({ name }) => name)
      .filter((name) => name !== 'migrations')
      .sort();
  }
});

describeEachDatabase(
  'Four processes that start at once on an empty database',
  (kind) => {
    onFresh(kind);

    test('make one schema, and all of them work', async () => {
      const starting = Array.from({ length: 4 }, () => startServer({ database }));
      const servers = (await Promise.allSettled(starting)).map((start) => {
        if (start.status === 'rejected') throw start.reason;
        return start.value;
      });
      expect(await database.query('SELECT COUNT(*) AS n FROM migrations')).toEqual([{ n: migrations.length }]);
      expect(await database.query(`SELECT channel_id FROM channel_state ORDER BY channel_id`)).toEqual([
        { channel_id: '*' },
        { channel_id: 'simulation' },
      ]);
      for (const { url } of servers) {
        const { body } = await (await new Client(url).signIn('Admin')).get('/api/v1/channels');
        expect(body.channels).toHaveLength(1);
      }
      await Promise.all(servers.map((server) => server.stop()));
    });
  },
  ['mariadb', 'postgres'],
);

describeEachDatabase(
  'What only MariaDB needs',
  () => {
    onFresh('mariadb');

    test('every text compares byte by byte and keeps its trailing blanks', async () => {
      dataSource = await connected(database);
      await migrate(dataSource);
      const columns = await database.query<{ collation: string; n: number }>(
        `SELECT collation_name AS collation, COUNT(*) AS n FROM information_schema.columns
          WHERE table_schema = DATABASE() AND table_name <> 'migrations' AND collation_name IS NOT NULL GROUP BY 1`,
      );
      expect(columns).toEqual([{ collation: 'utf8mb4_nopad_bin', n: expect.any(Number) }]);
      expect(columns[0].n).toBeGreaterThan(50);
    });

    test('a migration that was interrupted half-way is finished by the next start', async () => {
      dataSource = await connected(database);
      await migrate(dataSource);
      await database.query('DROP TABLE leases');
      await database.query('DROP TABLE operations');
      await database.query('ALTER TABLE messages CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci');
      await database.query('DELETE FROM migrations');
      await migrate(dataSource);
      expect(await disagreements(dataSource)).toEqual([]);
      expect(await database.query('SELECT channel_id FROM channel_state')).toEqual([{ channel_id: '*' }]);
    });

    test('the lock is the database’s own, on a server that many share', async () => {
      const neighbour = await freshDatabase('mariadb');
      const held = await connected(neighbour);
      const holder = held.createQueryRunner();
      await holder.query(`SELECT GET_LOCK(CONCAT('chatstream-', MD5(DATABASE())), 0)`);
      try {
        dataSource = await connected(database);
        await migrate(dataSource);
        expect(await disagreements(dataSource)).toEqual([]);
      } finally {
        await holder.release();
        await held.destroy();
        await neighbour.drop();
      }
    });
  },
  ['mariadb'],
);

describeEachDatabase(
  'What only SQLite needs',
  () => {
    onFresh('sqlite');

    test('a commit is on disk before it is acknowledged', async () => {
      dataSource = await connected(database);
      expect(await dataSource.query('PRAGMA synchronous')).toEqual([{ synchronous: 2 }]);
      expect(await dataSource.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    });

    test('an id is never given twice', async () => {
      dataSource = await connected(database);
      await migrate(dataSource);
      const add = async () => {
        const [{ id }] = await dataSource.query(`INSERT INTO blocked_patterns
          (channel_id, digest, text, normal_text, added_by, added_at) VALUES ('c', 'd', '', '', '', 1) RETURNING id`);
        await dataSource.query('DELETE FROM blocked_patterns');
        return id;
      };
      expect([await add(), await add()]).toEqual([1, 2]);
    });
  },
  ['sqlite'],
);
