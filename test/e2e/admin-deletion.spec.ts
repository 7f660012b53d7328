import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getMetadataArgsStorage } from 'typeorm';
import { CHANNEL_TABLES } from '../../src/admin/channel-rows';
import { writerOptions } from '../../src/database/data-source';
import { type DatabaseKind, describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';
import { EventReader } from '../support/event-reader';
import { Client, event, send } from '../support/http';
import { eventually, onStage, TestChannel } from '../support/intake';
import { arrive } from '../support/queue';
import { findEverywhere } from '../support/scan';
import { startServer, type TestServer } from '../support/server';

type Entity = abstract new () => unknown;

const entities = writerOptions({ type: 'sqlite', path: ':memory:' }).entities as unknown as Entity[];

/** The columns of an entity, with those of the classes it extends. */
function columnsOf(entity: Entity) {
  const lineage: unknown[] = [];
  for (
    let one: unknown = entity;
    typeof one === 'function' && one !== Function.prototype;
    one = Object.getPrototypeOf(one)
  )
    lineage.push(one);
  return getMetadataArgsStorage().columns.filter(({ target }) => lineage.includes(target));
}

function tableOf(entity: Entity): string {
  return getMetadataArgsStorage().tables.find(({ target }) => target === entity)!.name!;
}

const ofChannels = entities.filter((entity) =>
  columnsOf(entity).some(({ propertyName }) => propertyName === 'channelId'),
);

test('the tables that a deletion clears are all that have rows of a channel', () => {
  expect(ofChannels.length).toBeGreaterThan(5);
  expect([...CHANNEL_TABLES].map((entity) => tableOf(entity as Entity)).sort()).toEqual(ofChannels.map(tableOf).sort());
});

describeEachDatabase('Deleting a channel', (kind: DatabaseKind) => {
  let database: TestDatabase;
  let server: TestServer;

  beforeAll(async () => {
    database = await freshDatabase(kind, 'cs_admin');
    server = await startServer({ database, env: { SUPERADMIN_USERS: 'Root' } });
  });

  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });

  async function insertRow(entity: Entity, channelId: string): Promise<void> {
    const columns = columnsOf(entity).filter(
      ({ mode, propertyName }) => mode === 'regular' && !generated(entity).includes(propertyName),
    );
    const names = columns.map(({ propertyName, options }) => options.name ?? propertyName);
    const values = columns.map(({ propertyName, options }) => {
      if (propertyName === 'channelId') return channelId;
      if (options.type === 'boolean') return kind === 'postgres' ? false : 0;
      return ['int', 'smallint', 'bigint'].includes(String(options.type)) ? 1 : channelId.slice(0, 8);
    });
    await database.query(
      `INSERT INTO ${tableOf(entity)} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      values,
    );
  }

  const generated = (entity: Entity) =>
    getMetadataArgsStorage()
      .generations.filter(({ target }) => target === entity)
      .map(({ propertyName }) => propertyName);

  async function rowsOf(channelId: string): Promise<Record<string, number>> {
    const counts = await Promise.all(
      ofChannels.map(async (entity) => {
        const [row] = await database.query<{ n: number }>(
          `SELECT COUNT(*) AS n FROM ${tableOf(entity)} WHERE channel_id = ?`,
          [channelId],
        );
        return [tableOf(entity), Number(row?.n)] as const;
      }),
    );
    return Object.fromEntries(counts);
  }

  test('leaves no row of it behind, and touches no other channel', async () => {
    const superadmin = await new Client(server.url).signIn('Root');
    for (const id of ['doomed-1', 'spared-1']) {
      await superadmin.post('/api/v1/channels', { id, name: id });
      for (const entity of ofChannels) if (tableOf(entity) !== 'channel_state') await insertRow(entity, id);
    }
    const one = Object.fromEntries(ofChannels.map((entity) => [tableOf(entity), 1]));
    expect(await rowsOf('doomed-1')).toEqual(one);

    expect((await superadmin.delete('/api/v1/channels/doomed-1')).status).toBe(204);
    expect(await rowsOf('doomed-1')).toEqual(Object.fromEntries(Object.keys(one).map((table) => [table, 0])));
    expect(await database.query('SELECT id FROM channels WHERE id = ?', ['doomed-1'])).toEqual([]);
    expect(await rowsOf('spared-1')).toEqual(one);
    expect((await superadmin.get('/api/v1/channels/spared-1')).status).toBe(200);
  });

  test('is finished by the next start when it was interrupted', async () => {
    const superadmin = await new Client(server.url).signIn('Root');
    await superadmin.post('/api/v1/channels', { id: 'half-gone', name: 'Half gone' });
    const row = `('half-gone', 1, 's', 'text', 'x', 'x', 1, 'Flooder', 'flood', 0, 0, 1)`;
    for (let part = 0; part < 10; part++)
      await database.query(`INSERT INTO messages (channel_id, change_seq, source_id, type, text, normal_text,
        normal_length, screen_name, sender_id, status_rank, revision, arrived_at) VALUES ${Array(3_000).fill(row).join(',')}`);
    const begun = superadmin.delete('/api/v1/channels/half-gone').catch(() => null);
    await eventually(async () => (await rowsOf('half-gone')).messages < 30_000, 'the first rows gone');
    await server.kill();
    await begun;
    expect((await rowsOf('half-gone')).messages).toBeGreaterThan(0);
    server = await startServer({ database, env: { SUPERADMIN_USERS: 'Root' } });
    await eventually(async () => Object.values(await rowsOf('half-gone')).every((n) => n === 0), 'every row gone');
    expect(await database.query('SELECT id FROM channels WHERE id = ?', ['half-gone'])).toEqual([]);
  });

  if (kind === 'sqlite')
    test('leaves no copy of a message in any file', async () => {
      const superadmin = await new Client(server.url).signIn('Root');
      const channel = await TestChannel.create(superadmin);
      await arrive(channel, { message: 'words to be forgotten' });
      const folder = database.env.DATA_DIR;
      const holders = () =>
        readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes('words to be'));
      expect(holders()).not.toEqual([]);
      expect((await superadmin.delete(`/api/v1/channels/${channel.id}`)).status).toBe(204);
      expect(holders()).toEqual([]);
    });
});

describeEachDatabase('Deleting a channel that was used', (kind: DatabaseKind) => {
  const stage = onStage(kind);

  test('of which there is much closes it at once, and lets others work meanwhile', async () => {
    const [full, other] = [await TestChannel.create(stage.admin), await TestChannel.create(stage.admin)];
    const row = `('${full.id}', 1, 's', 'text', 'x', 'x', 1, 'Flooder', 'flood', 0, 0, 1)`;
    for (let part = 0; part < 10; part++)
      await stage.database.query(`INSERT INTO messages (channel_id, change_seq, source_id, type, text, normal_text,
        normal_length, screen_name, sender_id, status_rank, revision, arrived_at) VALUES ${Array(3_000).fill(row).join(',')}`);
    let isOver = false;
    const deletion = stage.admin.delete(`/api/v1/channels/${full.id}`).finally(() => (isOver = true));
    let taken = 0;
    while (!isOver) {
      const { body } = await stage.admin.get(`/api/v1/channels/${full.id}`);
      if (!body.archivedAt) continue;
      expect(body).toMatchObject({ active: false, public: false });
      // For good: what it took now would go with it.
      for (const opening of [
        stage.admin.post(`/api/v1/channels/${full.id}/reopen`),
        stage.admin.patch(`/api/v1/channels/${full.id}`, { active: true }),
      ])
        expect([404, 409]).toContain((await opening).status);
      expect(await other.outcome(event())).toBe('queued');
      if (!isOver) taken++;
    }
    expect((await deletion).status).toBe(204);
    expect(taken).toBeGreaterThan(0);
    expect(await findEverywhere(stage.database, [full.id])).toEqual([]);
  });

  test('leaves its id nowhere, and ends its webhook, feeds and open pages', async () => {
    const channel = await TestChannel.create(stage.admin);
    const url = stage.servers[0].url;
    const message = await arrive(channel, { screen_name: '' });
    await channel.api('POST', `/messages/${message.id}/reject-similar`);
    await channel.api('POST', '/blocked-senders', { messageId: message.id });
    await channel.api('POST', '/blocked-patterns', { text: 'unwanted words' });
    await channel.api('POST', '/tokens', { name: 'A program', scopes: ['feed'] });
    const page = await EventReader.open(stage.admin, channel.id);
    expect((await findEverywhere(stage.database, [channel.id])).length).toBeGreaterThan(8);

    expect((await stage.admin.delete(`/api/v1/channels/${channel.id}`)).status).toBe(204);
    await eventually(() => page.ended, 'the end of the stream');
    expect(await channel.outcome(event())).toBe(404);
    for (const format of ['rss', 'atom', 'jsonfeed'])
      expect((await send(`${url}/${format}/${channel.id}`)).status).toBe(404);
    // Who was there is told from memory until their page has gone.
    await eventually(async () => (await findEverywhere(stage.database, [channel.id])).length === 0, 'every trace gone');
  });
});
