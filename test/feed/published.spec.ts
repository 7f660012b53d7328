import { ChannelWriter } from '../../src/database/channel-writer';
import { Database } from '../../src/database/database';
import { Message } from '../../src/entities/message.entity';
import { readHead, readSnapshot, type View } from '../../src/feed/published';
import { readSettings } from '../../src/settings';
import { describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';
import { addChannel, addMessages, messageRow } from './rows';

describeEachDatabase('what is published', (kind) => {
  let fresh: TestDatabase;
  let database: Database;
  let writer: ChannelWriter;

  beforeAll(async () => {
    fresh = await freshDatabase(kind, 'cs_feed');
    database = await Database.open(readSettings(fresh.env));
    writer = new ChannelWriter(database);
  });
  afterAll(async () => {
    await database.onApplicationShutdown();
    await fresh.drop();
  });

  const texts = async (channelId: string, view: View = 'published') => {
    const snapshot = await readSnapshot(database.reader, channelId, view);
    return snapshot?.messages.map(({ text }) => text);
  };

  it('is the channel, and no messages, when there are none', async () => {
    await addChannel(database, 'empty', { name: 'Empty 👍', description: 'Nothing', public: false });
    const head = {
      id: 'empty',
      name: 'Empty 👍',
      description: 'Nothing',
      public: false,
      displayToken: 'display-token',
      createdAt: 1_763_000_000_000,
      publishedVersion: 0,
      publishedModified: 1_763_000_000,
    };
    expect(await readHead(database.reader, 'empty')).toEqual(head);
    expect(await readSnapshot(database.reader, 'empty', 'published')).toEqual({ head, messages: [] });
    expect(await readSnapshot(database.reader, 'empty', 'highlights')).toEqual({ head, messages: [] });
  });

  it('is null where there is no channel', async () => {
    expect(await readHead(database.reader, 'nowhere')).toBeNull();
    expect(await readSnapshot(database.reader, 'nowhere', 'published')).toBeNull();
    expect(await readHead(database.reader, 'EMPTY')).toBeNull();
  });

  it('is highlighted and approved messages of this channel, under the name that may be shown', async () => {
    await addChannel(database, 'room');
    await addChannel(database, 'other');
    await addMessages(database, [
      messageRow('room', { text: 'queued', rank: 0, decidedAt: null }),
      messageRow('room', { text: 'highlighted', rank: 1, decidedAt: 1_763_000_000_003, language: 'ar' }),
      messageRow('room', { text: 'approved', rank: 2, decidedAt: 1_763_000_000_004, publishedName: 'Anonymous' }),
      messageRow('room', { text: 'rejected', rank: 3, decidedAt: 1_763_000_000_005 }),
      messageRow('other', { text: 'elsewhere', rank: 1 }),
    ]);
    expect((await readSnapshot(database.reader, 'room', 'published'))?.messages).toEqual([
      { id: expect.any(Number), name: 'Anonymous', text: 'approved', language: null, decidedAt: 1_763_000_000_004 },
      { id: expect.any(Number), name: 'Ada', text: 'highlighted', language: 'ar', decidedAt: 1_763_000_000_003 },
    ]);
    expect(await texts('room', 'highlights')).toEqual(['highlighted']);
  });

  it('is the newest decisions first, then the last change, then the last arrival; at most 50', async () => {
    await addChannel(database, 'long');
    const rows = Array.from({ length: 140 }, (_, i) =>
      messageRow('long', { text: `m${i}`, rank: 1 + (i % 2), decidedAt: 1_763_000_000_000 + ((i * 37) % 140) * 1_000 }),
    );
    await addMessages(database, rows);
    const newest = (ranks: number[]) =>
      rows
        .filter(({ rank }) => ranks.includes(rank))
        .sort((a, b) => Number(b.decidedAt) - Number(a.decidedAt))
        .slice(0, 50)
        .map(({ text }) => text);
    expect(await texts('long')).toEqual(newest([1, 2]));
    expect(await texts('long', 'highlights')).toEqual(newest([1]));

    await addChannel(database, 'ties');
    await addMessages(database, [
      messageRow('ties', { text: 'b', rank: 2, changeSeq: 5 }),
      messageRow('ties', { text: 'a', rank: 1, changeSeq: 9 }),
      messageRow('ties', { text: 'd', rank: 1, changeSeq: 2 }),
      messageRow('ties', { text: 'c', rank: 2, changeSeq: 2 }),
    ]);
    expect(await texts('ties')).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is never newer or older than the version it comes with', async () => {
    await addChannel(database, 'busy');
    await addMessages(database, [
      messageRow('busy', { text: '0', rank: 1 }),
      messageRow('busy', { text: '0', rank: 2 }),
    ]);
    let done = false;
    const seen = new Set<number>();
    const publish = async () => {
      for (let i = 0; i < 60; i++) {
        await writer.write('busy', async (channel) => {
          channel.raisePublished();
          await channel.tx.update(Message, { channelId: 'busy' }, { text: String(channel.state.publishedVersion) });
        });
        // better-sqlite3 never waits: let the others look.
        await new Promise(setImmediate);
      }
      done = true;
    };
    const look = async () => {
      while (!done) {
        const snapshot = await readSnapshot(database.reader, 'busy', 'published');
        const version = snapshot?.head.publishedVersion ?? NaN;
        expect(snapshot?.messages.map(({ text }) => text)).toEqual([String(version), String(version)]);
        seen.add(version);
        await new Promise(setImmediate);
      }
    };
    await Promise.all([publish(), look(), look()]);
    expect(seen.size).toBeGreaterThan(5);
  });
});
