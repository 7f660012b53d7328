import type { Browser } from 'playwright-core';
import { developmentId } from '../../src/auth/account-name';
import { freshDatabase, type TestDatabase } from '../support/databases';
import { send } from '../support/http';
import {
  makeSqliteOriginal,
  originalChannel,
  originalLogRow,
  originalMessage,
  runImport,
  type TestOriginal,
} from '../support/original';
import { startServer, type TestServer } from '../support/server';
import { describeInBrowser, eventually, openBrowser } from './browser';
import { QueuePage } from './queue-page';

const READY = { waitUntil: 'networkidle' } as const;
const MO = Number(developmentId('Mo'));

describeInBrowser('a channel that came from the original', () => {
  let original: TestOriginal;
  let database: TestDatabase;
  let server: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    [original, database, browser] = await Promise.all([makeSqliteOriginal(), freshDatabase('sqlite'), openBrowser()]);
    const decided = (time: string) => ({ status: 'approved', processed_at: time, processed_by_centralauth_id: MO });
    const added = { added_by_centralauth_id: MO, added_by_wiki_username: 'Mo', added_at: '2026-02-03 04:05:06' };
    await original.insert({
      channels: [originalChannel({ name: 'The hall of old' })],
      channel_members: [
        { id: 1, channel_id: 'main-hall', centralauth_id: MO, wiki_username: 'Mo', role: 'moderator', added_at: null },
      ],
      blacklist: [
        { id: 1, channel_id: 'main-hall', screen_name: 'Troll', sender_id: 'troll-1', centralauth_id: null, ...added },
      ],
      blocked_patterns: [
        {
          id: 1,
          channel_id: 'main-hall',
          pattern_text: 'buy cheap watches',
          added_by_centralauth_id: MO,
          added_at: null,
        },
      ],
      messages: [
        originalMessage(1),
        originalMessage(2, { message: 'سؤال من الماضي', detected_language: 'ar' }),
        originalMessage(3, { message_type: 'qa' }),
        // Decided in another order than they came in.
        originalMessage(4, decided('2026-08-05 12:00:00')),
        originalMessage(5, decided('2026-08-05 11:00:00')),
      ],
      moderation_log: [
        originalLogRow(5, { moderator_centralauth_id: MO, decided_at: '2026-08-05 11:00:00' }),
        originalLogRow(4, { moderator_centralauth_id: MO, decision: 'approve', decided_at: '2026-08-05 12:00:00' }),
      ],
    });
    expect(await runImport(database, '--from', original.from)).toMatchObject({ code: 0, stderr: '' });
    server = await startServer({ database });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await Promise.all([database?.drop(), original?.drop()]);
  });

  const published = async () =>
    (await send(`${server.url}/jsonfeed/main-hall`)).body.items.map(({ title }: { title: string }) => title);

  it('is worked on like any other: queue, decision, feed, log and lists', async () => {
    expect(await published()).toEqual(['Guest 4', 'Guest 5']);
    const moderator = await QueuePage.open(browser, server.url, 'Mo', 'main-hall');
    const { page } = moderator;
    await eventually(() => moderator.names(), ['Guest 3', 'Guest 2', 'Guest 1']);
    await moderator.press('j');
    await moderator.press('2');
    await eventually(() => moderator.names(), ['Guest 3', 'Guest 1']);
    await eventually(published, ['Guest 2', 'Guest 4', 'Guest 5']);

    await page.goto('/channel/main-hall/log', READY);
    const entries = async () =>
      (await page.locator('.entry').allTextContents()).map((text) => /Guest \d/.exec(text)?.[0]);
    await eventually(entries, ['Guest 2', 'Guest 4', 'Guest 5']);
    await page.goto('/channel/main-hall/blocked', READY);
    await page.locator('.row', { hasText: 'troll-1' }).waitFor();
    await page.locator('.row', { hasText: 'buy cheap watches' }).waitFor();
    await page.goto('/');
    await page.getByText('The hall of old').first().waitFor();
    expect(moderator.complaints).toEqual([]);
    await moderator.close();
  });
});
