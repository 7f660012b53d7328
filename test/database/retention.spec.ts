import { Logger } from '@nestjs/common';
import { newChannel, newState } from '../../src/admin/channels.service';
import { ChannelWriter } from '../../src/database/channel-writer';
import { Database } from '../../src/database/database';
import { ChannelState } from '../../src/entities/channel-state.entity';
import { Channel } from '../../src/entities/channel.entity';
import { Leases } from '../../src/operations/leases';
import { Retention } from '../../src/operations/retention';
import { describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';
import { databaseSettings } from '../support/data-source';

const DAY = 24 * 60 * 60_000;

describeEachDatabase('Retention', (kind) => {
  let store: TestDatabase;
  let database: Database;
  let channels: ChannelWriter;
  let leases: Leases;
  let retention: Retention;
  let logged: jest.SpyInstance;
  let warned: jest.SpyInstance;

  beforeEach(async () => {
    store = await freshDatabase(kind);
    database = await Database.open({ database: databaseSettings(store) });
    channels = new ChannelWriter(database);
    leases = new Leases(database);
    retention = new Retention(database, channels, leases);
    logged = jest.spyOn(Logger.prototype, 'log').mockImplementation();
    warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await database?.onApplicationShutdown();
    await store?.drop();
  });

  async function room(id: string, retentionDays: number | null): Promise<void> {
    const channel = { ...newChannel(id, id, ''), retentionDays };
    await database.write(async (tx) => {
      await tx.insert(Channel, channel);
      await tx.insert(ChannelState, { ...newState(channel), received: 7, queued: 7 });
    });
  }

  const set = (id: string, retentionDays: number | null) =>
    database.write((tx) => tx.update(Channel, { id }, { retentionDays }));

  /** @param ages in days */
  async function messages(channelId: string, ages: number[], rank = 0): Promise<void> {
    const rows = ages.map(
      (age) =>
        `('${channelId}', 1, 's${age}', 'text', 'text ${age}', 'text ${age}', 7, 'Name ${age}', ${rank}, 0, ${Date.now() - age * DAY})`,
    );
    await store.query(`INSERT INTO messages (channel_id, change_seq, source_id, type, text, normal_text, normal_length,
      screen_name, status_rank, revision, arrived_at) VALUES ${rows.join(',')}`);
  }

  async function entry(channelId: string, messageId: number, age: number): Promise<void> {
    const decided = Date.now() - age * DAY;
    await store.query(
      `INSERT INTO moderation_log (channel_id, message_id, decision, from_rank, to_rank, revision, automatic, moderator,
        screen_name, text, type, arrived_at, decided_at)
        VALUES (?, ?, 'reject', 0, 3, 0, ${kind === 'postgres' ? 'false' : '0'}, 'Mo', 'Name', 'said', 'text', 1, ?)`,
      [channelId, messageId, decided],
    );
  }

  const left = async (channelId: string) => {
    const rows = await store.query<{ text: string }>('SELECT text FROM messages WHERE channel_id = ? ORDER BY id', [
      channelId,
    ]);
    return rows.map(({ text }) => Number(text.slice(5)));
  };
  const log = () => store.query('SELECT screen_name AS name, text, moderator FROM moderation_log ORDER BY id');
  const state = async (channelId: string) => database.reader.findOneByOrFail(ChannelState, { channelId });
  const idOf = async (age: number) =>
    (await store.query<{ id: number }>('SELECT id FROM messages WHERE text = ?', [`text ${age}`]))[0].id;

  test('removes what is older than its channel keeps it, of the messages from the log too, and counts on', async () => {
    await room('hall', 10);
    await room('aula', null);
    await messages('hall', [30, 9, 11, 0]);
    await messages('aula', [30]);
    await entry('hall', await idOf(11), 1);
    await entry('hall', await idOf(9), 1);
    await entry('hall', 0, 12);
    await store.query(`INSERT INTO taken_keys (channel_id, digest) VALUES ('hall', 'a key')`);
    const before = await state('hall');
    await retention.run();

    expect(await left('hall')).toEqual([9, 0]);
    expect(await left('aula')).toEqual([30]);
    expect(await log()).toEqual([
      { name: '', text: '', moderator: 'Mo' },
      { name: 'Name', text: 'said', moderator: 'Mo' },
      { name: '', text: '', moderator: 'Mo' },
    ]);
    expect(await store.query('SELECT digest FROM taken_keys')).toEqual([{ digest: 'a key' }]);
    const after = await state('hall');
    expect([after.received, after.queued]).toEqual([7, 7]);
    expect(after.removedSeq).toBe(before.changeSeq + 1);
    // Nothing that was published went.
    expect(after.publishedVersion).toBe(before.publishedVersion);
    expect(logged.mock.calls).toEqual([['removed 2 messages, and the text of 1 more log entries']]);
    expect(warned).not.toHaveBeenCalled();
  });

  test('tells feeds when something published goes', async () => {
    await room('hall', 1);
    await messages('hall', [2], 2);
    const before = await state('hall');
    await retention.run();
    expect((await state('hall')).publishedVersion).toBeGreaterThan(before.publishedVersion);
  });

  test('takes small bites, and nothing where nothing is to be done', async () => {
    await room('hall', 5);
    await messages(
      'hall',
      Array.from({ length: 1_300 }, (_, i) => (i % 13 === 0 ? 1 : 6)),
    );
    const write = jest.spyOn(channels, 'write');
    await retention.run();
    expect(await left('hall')).toEqual(Array(100).fill(1));
    expect(write).toHaveBeenCalledTimes(3);
    await retention.run();
    expect(write).toHaveBeenCalledTimes(3);
    expect(logged).toHaveBeenCalledTimes(1);
  });

  test('is one process’s: the others find the lease taken, and who loses it stops', async () => {
    await room('hall', 5);
    await messages('hall', [6]);
    const theirs = new Leases(database);
    await theirs.acquire('retention', 60_000);
    await retention.run();
    expect(await left('hall')).toEqual([6]);

    const answers = [Date.now(), null];
    jest.spyOn(theirs, 'acquire').mockImplementation(() => Promise.resolve(answers.shift() ?? null));
    await new Retention(database, channels, theirs).run();
    expect([await left('hall'), answers]).toEqual([[6], []]);

    jest.restoreAllMocks();
    jest.spyOn(Logger.prototype, 'log').mockImplementation();
    await new Retention(database, channels, theirs).run();
    expect(await left('hall')).toEqual([]);
  });

  test('obeys a setting that was changed while it looked', async () => {
    await room('hall', 5);
    await messages('hall', [6, 50]);
    await entry('hall', 0, 6);
    const write = channels.write.bind(channels);
    jest.spyOn(channels, 'write').mockImplementationOnce(async (id, work) => {
      await set('hall', 40);
      return write(id, work);
    });
    await retention.run();
    expect(await left('hall')).toEqual([6]);
    expect(await log()).toEqual([{ name: 'Name', text: 'said', moderator: 'Mo' }]);
    await set('hall', null);
    await retention.run();
    expect(await left('hall')).toEqual([6]);
  });

  test('goes on after a failure: with the next channel at once, with this one the next night', async () => {
    await room('aula', 5);
    await room('hall', 5);
    for (const id of ['aula', 'hall']) await messages(id, [6]);
    jest.spyOn(channels, 'write').mockRejectedValueOnce(new Error('with text 6 in it'));
    await retention.run();
    expect([...(await left('aula')), ...(await left('hall'))]).toEqual([6]);
    expect(warned.mock.calls).toEqual([[expect.stringMatching(/^what is too old in (aula|hall) stays .*: Error$/)]]);
    await retention.run();
    expect([...(await left('aula')), ...(await left('hall'))]).toEqual([]);
  });
});
