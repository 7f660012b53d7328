import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '../../src/database/database';
import { ExportService } from '../../src/queue/export.service';
import { parseCsv } from '../support/csv';
import { databaseSettings } from '../support/data-source';
import { describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';
import { type Client, event, reaction, type Unchecked } from '../support/http';
import { onStage, TestChannel } from '../support/intake';
import { arrive, ask, decide, logOf, moderatorOf, shown } from '../support/queue';

const AWKWARD = [
  'a "quoted", b; c',
  '"',
  ',',
  "it's",
  'line\nbreak',
  'Windows\r\nbreak',
  'tab\there',
  '👍🏿 👨‍👩‍👧‍👦',
  'مرحبا ، "שלום"',
  '\u202Ereversed\u202C',
  'line\u2028separator',
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '＝1+1',
  "'=1",
  '\\',
  '</script>',
  'null',
  ' blanks at both ends ',
];
/** What a spreadsheet would run is marked as text. */
const inCsv = (value: string) => (/^[=+\-@＝]/.test(value) ? `'${value}` : value);

async function fill(database: TestDatabase, channelId: string, count: number): Promise<void> {
  const values = Array.from(
    { length: count },
    () => `('${channelId}', 1, 's', 'text', '${'much the same '.repeat(60)}', '', 0, 'Guest', 0, 0, 1)`,
  ).join(',');
  await database.query(`INSERT INTO messages (channel_id, change_seq, source_id, type, text, normal_text,
    normal_length, screen_name, status_rank, revision, arrived_at) VALUES ${values}`);
}

describeEachDatabase('The export of a channel', (kind) => {
  const stage = onStage(kind);
  let channel: TestChannel;

  beforeEach(async () => {
    channel = await TestChannel.create(stage.admin);
  });

  const file = (name: string) => ask(stage.admin, channel, 'GET', `/export/${name}`);
  const lines = async (name: string): Promise<Unchecked[]> => {
    const { status, text } = await file(name);
    expect(status).toBe(200);
    expect(text === '' || text.endsWith('\n')).toBe(true);
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  };
  const table = async (name: string) => {
    const { status, text } = await file(name);
    expect(status).toBe(200);
    expect(text.startsWith('\uFEFFid,')).toBe(true);
    return parseCsv(text);
  };

  test('says of each message all that is kept, in either form', async () => {
    const target = event({ sender_id: 'S', centralauth_id: 17, centralauth_username: 'Sue', user_language: 'de' });
    await channel.post(target);
    await channel.post(reaction(target, '👍', { screen_name: '' }));
    const [text, thumb] = await shown(channel);
    await decide(stage.admin, channel, thumb.id, { decision: 'highlight' });
    await decide(stage.admin, channel, text.id, { decision: 'reject' });

    const exported = await lines('messages.jsonl');
    const current = (await shown(channel)).map(({ count, ...message }) => ({ count, message }).message);
    expect(exported).toEqual([
      { ...current[0], sourceChannel: target.channel, targetId: null, publishedName: null, sentAt: expect.any(String) },
      {
        ...current[1],
        sourceChannel: target.channel,
        targetId: String(target.message_id),
        publishedName: null,
        sentAt: expect.any(String),
      },
    ]);
    expect(Date.parse(exported[0].sentAt)).toBe(Date.parse(target.timestamp as string));
    const asText = (row: object) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value === null ? '' : String(value)]));
    expect(await table('messages.csv')).toEqual(exported.map(asText));

    const decisions = await lines('decisions.jsonl');
    expect(decisions).toEqual((await logOf(channel)).reverse());
    expect(decisions.map(({ decision }) => decision)).toEqual(['highlight', 'reject']);
    expect(await table('decisions.csv')).toEqual(decisions.map(asText));
  });

  test('gives every text back as it was', async () => {
    for (const message of AWKWARD) await arrive(channel, { message: 'x', screen_name: message });
    const rows = await shown(channel);
    for (const [i, { id }] of rows.entries()) {
      await decide(stage.admin, channel, id, { decision: 'approve' });
      // The webhook makes blanks of line breaks; what was imported has them.
      for (const sql of [
        'UPDATE messages SET text = ? WHERE id = ?',
        'UPDATE moderation_log SET text = ? WHERE message_id = ?',
      ])
        await stage.database.query(sql, [AWKWARD[i], Number(id)]);
    }
    for (const name of ['messages', 'decisions']) {
      expect((await lines(`${name}.jsonl`)).map(({ text }) => text)).toEqual(AWKWARD);
      expect((await table(`${name}.csv`)).map(({ text }) => text)).toEqual(AWKWARD.map(inCsv));
      const names = (await lines(`${name}.jsonl`)).map(({ screenName }) => screenName);
      expect(names).toEqual(rows.map(({ screenName }) => screenName));
    }
  });

  test.each([
    ['messages.jsonl', 'application/jsonl; charset=utf-8'],
    ['messages.csv', 'text/csv; charset=utf-8'],
    ['decisions.jsonl', 'application/jsonl; charset=utf-8'],
    ['decisions.csv', 'text/csv; charset=utf-8'],
  ])('%s is a file of its own name, also of a channel that is empty or archived', async (name, type) => {
    await channel.api('POST', '/archive');
    const { status, headers, text } = await file(name);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe(type);
    expect(headers['content-disposition']).toBe(`attachment; filename="${channel.id}-${name}"`);
    expect(text.replace(/^\uFEFFid,.*\n$/, '')).toBe('');
  });

  test('is the channel’s own', async () => {
    const other = await TestChannel.create(stage.admin);
    const mine = await arrive(channel);
    await arrive(other);
    expect((await lines('messages.jsonl')).map(({ id }) => id)).toEqual([mine.id]);
  });

  describe('of many messages', () => {
    const COUNT = 1_500;
    let long: TestChannel;

    beforeAll(async () => {
      long = await TestChannel.create(stage.admin);
      await fill(stage.database, long.id, COUNT);
    });

    const path = () => `/api/v1/channels/${long.id}/export/messages.jsonl`;

    async function startDownload(who: Client = stage.admin): Promise<IncomingMessage> {
      const headers = { cookie: [...who.cookies].map((pair) => pair.join('=')).join('; ') };
      const outgoing = request(stage.admin.base + path(), { headers, agent: false }).end();
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      await once(response, 'readable');
      return response;
    }

    test('each is there once, in order, and none that came after it had begun', async () => {
      const response = await startDownload();
      await fill(stage.database, long.id, 300);
      let text = '';
      response.setEncoding('utf8');
      for await (const part of response) text += part;
      const ids = text
        .split('\n')
        .slice(0, -1)
        .map((line) => (JSON.parse(line) as { id: string }).id)
        .map(Number);
      expect(ids).toHaveLength(COUNT);
      expect(ids.every((id, i) => i === 0 || id > ids[i - 1])).toBe(true);
    });

    test('a reader who leaves troubles nobody', async () => {
      for (let n = 0; n < 3; n++) (await startDownload()).destroy();
      const { status, text } = await stage.admin.get(path());
      expect([status, text.split('\n').length - 1 >= COUNT]).toEqual([200, true]);
    });

    test('it ends with the right to it, and does not look complete', async () => {
      // More than the buffers between here and there can hold.
      for (let n = 0; n < 5; n++) await fill(stage.database, long.id, 3_000);
      const ada = await moderatorOf(long, stage.admin.base, 'Ada');
      const { centralauthId } = (await ada.get('/api/v1/session')).body.user;
      const role = (wanted: string) => long.api('PUT', `/members/${centralauthId}`, { username: 'Ada', role: wanted });
      await role('admin');
      const response = await startDownload(ada);
      await role('moderator');
      await sleep(1_100);
      let size = 0;
      const taken = async () => {
        for await (const part of response) size += (part as Buffer).length;
      };
      await expect(taken()).rejects.toThrow('aborted');
      expect(size).toBeGreaterThan(0);
    });
  });
});

describeEachDatabase('What an export reads', (kind) => {
  let testDatabase: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    testDatabase = await freshDatabase(kind);
    database = await Database.open({ database: databaseSettings(testDatabase) });
    await fill(testDatabase, 'hall', 1_500);
  });

  afterAll(async () => {
    await database?.onApplicationShutdown();
    await testDatabase?.drop();
  });

  test('is no more than is taken, and nothing once the reader has left', async () => {
    const find = jest.spyOn(database.reader, 'find');
    const files = new ExportService(database);
    const always = () => Promise.resolve(true);
    for (const begin of [files.messagesAsJsonLines('hall', always), files.messagesAsCsv('hall', always)]) {
      find.mockClear();
      const content = await begin;
      await once(content, 'readable');
      content.read(1);
      await sleep(300);
      const read = find.mock.calls.length;
      expect(read).toBeLessThanOrEqual(4);
      content.destroy();
      await sleep(300);
      expect(find).toHaveBeenCalledTimes(read);
    }
    find.mockClear();
    expect(await (await files.messagesAsJsonLines('hall', always)).toArray()).toHaveLength(1_500);
    expect(find).toHaveBeenCalledTimes(75);
    find.mockRestore();
  });
});
