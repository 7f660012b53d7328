import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { parseCsv } from '../support/csv';
import { type DatabaseKind, describeOnOneServer } from '../support/databases';
import { type Client, event, reaction, send, type Unchecked } from '../support/http';
import { onStage, TestChannel } from '../support/intake';
import { postTogether } from '../support/pipeline';
import { arrive, arriveAll, ask, decide, expectBadInput, logOf, moderatorOf } from '../support/queue';

describeOnOneServer('The moderation log', (kind: DatabaseKind) => {
  const stage = onStage(kind);
  let channel: TestChannel;
  let mo: Client;
  let flo: Client;

  beforeEach(async () => {
    channel = await TestChannel.create(stage.admin);
    mo = await moderatorOf(channel, stage.admin.base, 'Mo');
    flo = await moderatorOf(channel, stage.admin.base, 'Flo d’Or');
  });

  const page = async (query: string): Promise<Unchecked> => (await ask(mo, channel, 'GET', `/log?${query}`)).body;
  const csv = async (query = '') => {
    const answer = await ask(mo, channel, 'GET', `/log.csv?${query}`);
    expect(answer.status).toBe(200);
    return { ...answer, rows: parseCsv(answer.text) };
  };

  test('tells rules from people, and why', async () => {
    const target = event({ sender_id: 'S' });
    await channel.post(target);
    await channel.post(reaction(target, '👍'));
    const [text, thumb] = await channel.messages();
    await decide(flo, channel, thumb.id, { decision: 'approve' });
    await channel.post(reaction(target, '👍'));
    const { body } = await ask(mo, channel, 'POST', '/allowed-senders', { senderId: 'S' });
    await arrive(channel, { sender_id: 'S' });
    await ask(flo, channel, 'POST', `/operations/${body.operation}/undo`);
    await ask(mo, channel, 'POST', `/messages/${text.id}/reject-similar`);
    const rows = await logOf(channel);
    expect(
      rows.map(({ decision, from, to, automatic, cause, moderator }) => [
        decision,
        from,
        to,
        automatic,
        cause,
        moderator,
      ]),
    ).toEqual([
      ['reject', 'queued', 'rejected', false, 'reject-similar', 'Mo'],
      ['reconsider', 'approved', 'queued', false, 'undo', 'Flo d’Or'],
      ['approve', 'queued', 'approved', true, 'allowlist', null],
      ['approve', 'queued', 'approved', false, 'allow', 'Mo'],
      ['approve', 'queued', 'approved', true, 'emoji', null],
      ['approve', 'queued', 'approved', false, null, 'Flo d’Or'],
    ]);
    expect(rows.map(({ operation }) => operation !== null)).toEqual([true, true, false, true, false, false]);
    expect((await csv()).rows.map(({ automatic, cause, moderator }) => [automatic, cause, moderator])).toEqual(
      rows.map(({ automatic, cause, moderator }) => [String(automatic), cause ?? '', moderator ?? '']),
    );
  });

  test('is filtered by decision and moderator, and read page after page while it grows', async () => {
    const arrived = await arriveAll(channel, [{}, {}, {}, {}]);
    for (const { id } of arrived) await decide(mo, channel, id, { decision: 'highlight' });
    for (const { id } of arrived) await decide(flo, channel, id, { decision: 'approve' });
    const ids = async (query: string) => (await page(query)).entries.map(({ messageId }: Unchecked) => messageId);
    const newest = arrived.map(({ id }) => id).reverse();
    expect(await ids('')).toEqual([...newest, ...newest]);
    expect(await ids('decision=highlight')).toEqual(newest);
    expect(await ids(`moderator=${encodeURIComponent('Flo d’Or')}`)).toEqual(newest);
    expect(await ids('moderator=Mo&decision=approve')).toEqual([]);
    expect(await ids('moderator=mo')).toEqual([]);
    expect(await ids('moderator=&decision=&cursor=&limit=')).toHaveLength(8);
    expect((await csv('decision=highlight&moderator=Mo')).rows.map(({ messageId }) => messageId)).toEqual(newest);

    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { entries, nextCursor } = await page(`limit=3&moderator=Mo&cursor=${cursor}`);
      seen.push(...entries.map(({ messageId }: Unchecked) => messageId));
      cursor = nextCursor;
      await decide(mo, channel, (await arrive(channel)).id, { decision: 'reject' });
    }
    expect(seen).toEqual(newest);
    expect((await page('limit=10')).nextCursor).toBeNull();
  });

  test('is the channel’s own, and for its moderators', async () => {
    const other = await TestChannel.create(stage.admin);
    await decide(stage.admin, other, (await arrive(other)).id, { decision: 'approve' });
    expect(await logOf(channel)).toEqual([]);
    for (const path of ['/log', '/log.csv']) {
      expect((await ask(mo, other, 'GET', path)).status).toBe(403);
      expect((await send(`${mo.base}/api/v1/channels/${channel.id}${path}`)).status).toBe(401);
    }
  });

  test.each([
    'decision=queue',
    'decision=approve&decision=reject',
    'moderator=a%00b',
    `moderator=${'x'.repeat(256)}`,
    'a=b',
  ])('refuses %s', async (query) => {
    expectBadInput(await ask(mo, channel, 'GET', `/log?${query}`));
    expectBadInput(await ask(mo, channel, 'GET', `/log.csv?${query}`));
  });

  test.each(['limit=0', 'limit=501', 'limit=x', 'cursor=x', 'cursor=0', 'cursor=-5', 'cursor=1.5'])(
    'refuses %s',
    async (query) => {
      expectBadInput(await ask(mo, channel, 'GET', `/log?${query}`));
      if (query.startsWith('limit')) expectBadInput(await ask(mo, channel, 'GET', `/log.csv?${query}`));
    },
  );

  test('is a CSV file that a spreadsheet reads as texts, never as formulas', async () => {
    const texts = ['=1+1', '+1', '-1', '@SUM(A1)', '＝1+1', 'plain', 'a "quoted", b; c', 'مرحبا 👋🏽', "'=1"];
    await arriveAll(
      channel,
      texts.map((message) => ({ message, screen_name: message })),
    );
    for (const { id } of await channel.messages()) await decide(mo, channel, id, { decision: 'reject' });
    const { text, headers, rows } = await csv();
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${channel.id}-log.csv"`,
    });
    expect(text.startsWith('\uFEFFid,messageId,decision,from,to,automatic,cause,operation,moderator,')).toBe(true);
    const safe = (value: string) => (/^[=+\-@＝]/.test(value) ? `'${value}` : value);
    expect(rows.map((row) => [row.screenName, row.text])).toEqual(
      texts.reverse().map((value) => [safe(value), safe(value)]),
    );
    const [newest] = await logOf(channel);
    expect(rows[0]).toMatchObject({
      id: newest.id,
      arrivedAt: newest.arrivedAt,
      decidedAt: newest.decidedAt,
      operation: '',
    });
  });

  describe('however long', () => {
    const LENGTH = 600;
    let reader: Client;
    let path: string;

    beforeAll(async () => {
      const long = await TestChannel.create(stage.admin);
      reader = await moderatorOf(long, stage.admin.base);
      path = `/api/v1/channels/${long.id}/log.csv`;
      const message = 'much the same '.repeat(2_000);
      for (let n = 0; n < LENGTH; n += 60)
        await postTogether(
          long,
          Array.from({ length: 60 }, () => event({ message })),
        );
      const [{ id }] = (await long.api('GET', '/messages?limit=1')).messages;
      expect((await long.api('POST', `/messages/${id}/reject-similar`)).rejected).toBe(LENGTH);
    });

    const download = async () => parseCsv((await reader.get(path)).text);

    /** A download of which nothing is read yet; what the connection does not hold the server keeps back. */
    async function startDownload(): Promise<IncomingMessage> {
      const headers = { cookie: [...reader.cookies].map((pair) => pair.join('=')).join('; ') };
      const outgoing = request(reader.base + path, { headers, agent: false }).end();
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      await once(response, 'readable');
      return response;
    }

    test('is downloaded whole, each entry once', async () => {
      const ids = (await download()).map(({ id }) => Number(id));
      expect(ids).toHaveLength(LENGTH);
      expect(ids.every((id, i) => i === 0 || id < ids[i - 1])).toBe(true);
    });

    test('does not look complete when the database fails in the middle', async () => {
      const response = await startDownload();
      await stage.database.query('ALTER TABLE moderation_log RENAME TO hidden_log');
      try {
        const parts: Buffer[] = [];
        const reading = (async () => {
          for await (const part of response) parts.push(part as Buffer);
        })();
        await expect(reading).rejects.toThrow();
        expect(parseCsv(Buffer.concat(parts).toString()).length).toBeLessThan(LENGTH);
      } finally {
        await stage.database.query('ALTER TABLE hidden_log RENAME TO moderation_log');
      }
      expect(await download()).toHaveLength(LENGTH);
    });

    test('troubles nobody when its reader leaves', async () => {
      for (let n = 0; n < 3; n++) (await startDownload()).destroy();
      expect(await download()).toHaveLength(LENGTH);
    });
  });
});
