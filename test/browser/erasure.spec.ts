import type { Browser } from 'playwright-core';
import { Client, event, send, webhook } from '../support/http';
import { startServer, type TestServer } from '../support/server';
import { describeInBrowser, eventually, openBrowser, signIn } from './browser';
import { QueuePage } from './queue-page';

const READY = { waitUntil: 'networkidle' } as const;

describeInBrowser('what a channel keeps', () => {
  let server: TestServer;
  let browser: Browser;
  let superadmin: Client;
  let secret: string;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), openBrowser()]);
    superadmin = await new Client(server.url).signIn('Admin');
    secret = (await superadmin.post('/api/v1/channels', { id: 'hall', name: 'Hall' })).body.webhookSecret;
    for (const [username, role] of Object.entries({ Ada: 'admin', Mo: 'moderator' })) {
      const { user } = (await (await new Client(server.url).signIn(username)).get('/api/v1/session')).body;
      await superadmin.put(`/api/v1/channels/hall/members/${user.centralauthId}`, { username, role });
    }
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const says = async (fields: object) =>
    (await webhook(`${server.url}/webhook/channel/hall`, secret, event({ ...fields }))).body.outcome;
  const rss = async () => (await send(`${server.url}/rss/hall`)).text;
  const api = (path: string) => `/api/v1/channels/hall/${path}`;

  it('is erased of a sender by an admin: from an open queue, from the feed; and the sender stays blocked', async () => {
    const gone = { sender_id: 'leaver-7', screen_name: 'Lee Ver' };
    await says({ screen_name: 'Before' });
    await says({ ...gone, message: 'Said in public' });
    const { messages } = (await superadmin.get(api('messages'))).body;
    await superadmin.post(api(`messages/${messages[0].id}/decisions`), { decision: 'approve' });
    await superadmin.post(api('blocked-senders'), { screenName: 'Lee Ver', senderId: 'leaver-7' });
    await superadmin.post(api(`messages/${messages[0].id}/decisions`), {
      decision: 'reconsider',
      revision: 0,
      status: 'rejected',
      to: 'approved',
    });
    const [{ id: blockId }] = (await superadmin.get(api('blocked-senders'))).body.entries;
    await superadmin.delete(api(`blocked-senders/${blockId}`));
    await says({ ...gone, message: 'Waits in the queue' });
    await says({ screen_name: 'After' });
    const queue = await QueuePage.open(browser, server.url, 'Mo', 'hall');
    await eventually(() => queue.names(), ['After', 'Lee Ver', 'Before']);
    await queue.page.locator('.card', { hasText: 'Before' }).click();
    expect(await rss()).toContain('Said in public');
    expect((await superadmin.post(api('blocked-patterns'), { text: 'Said in Public' })).status).toBe(201);
    await superadmin.post(api(`messages/${messages[0].id}/decisions`), {
      decision: 'reconsider',
      revision: 1,
      status: 'rejected',
      to: 'approved',
    });
    expect(await rss()).toContain('Said in public');

    const { page, complaints } = await signIn(browser, server.url, 'Ada');
    await page.goto('/channel/hall/blocked', READY);
    await page.getByText('Block a sender').click();
    await page.getByLabel('Sender id').fill('someone-else');
    await page.getByRole('button', { name: 'Block', exact: true }).first().click();
    await page.locator('.row', { hasText: 'someone-else' }).waitFor();

    await page.goto('/channel/hall/settings#danger', READY);
    const danger = page.locator('#danger');
    await danger.getByRole('button', { name: 'Erase for ever' }).click();
    await danger.getByText('Fill in the id of a sender.').waitFor();
    await danger.getByLabel('Sender id').fill('leaver-77');
    await danger.getByRole('button', { name: 'Erase for ever' }).click();
    await danger.getByText('Nobody in this channel is meant by this.').waitFor();
    await danger.getByLabel('Sender id').fill('leaver-7');
    await danger.getByRole('button', { name: 'Erase for ever' }).click();
    const dialog = page.locator('[data-confirm]');
    await dialog.getByText('2 messages by \u2068Lee Ver\u2069.').waitFor();
    const yes = dialog.getByRole('button', { name: 'Erase for ever' });
    await dialog.getByRole('textbox').fill('leaver');
    expect(await yes.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('leaver-7');
    await yes.click();
    await danger.getByText('Erased: 2 messages').waitFor();
    expect(await danger.getByLabel('Sender id').inputValue()).toBe('');
    await danger.getByText('A blocked pattern is made of their words').waitFor();
    await danger.getByRole('link', { name: 'Blocked patterns' }).click();
    await page.locator('#patterns .row', { hasText: 'Said in public' }).waitFor();
    await page.goto('/channel/hall/settings#danger', READY);

    await eventually(() => queue.names(), ['After', 'Before']);
    // The card that was looked at is still the one that keys act on.
    expect(await queue.current()).toBe('Before');
    expect(await rss()).not.toContain('Said in public');
    await page.goto('/channel/hall/log', READY);
    await page.getByText('No longer kept').first().waitFor();
    expect(await page.getByText('Lee Ver').count()).toBe(0);
    expect([complaints, queue.complaints]).toEqual([[], []]);
    await queue.close();
    await page.context().close();
  });

  it('goes on meaning a blocked sender who was erased, without saying whom', async () => {
    await superadmin.post(api('blocked-senders'), { screenName: 'Troll', senderId: 'troll-1' });
    const { page } = await signIn(browser, server.url, 'Ada');
    await page.goto('/channel/hall/settings', READY);
    const danger = page.locator('#danger');
    await danger.getByLabel('Sender id').fill('troll-1');
    await danger.getByRole('button', { name: 'Erase for ever' }).click();
    const dialog = page.locator('[data-confirm]');
    await dialog.getByRole('textbox').fill('troll-1');
    await dialog.getByRole('button', { name: 'Erase for ever' }).click();
    await danger.getByText('Erased: what named them.').waitFor();
    await page.goto('/channel/hall/blocked', READY);
    const entry = page.locator('.row', { hasText: 'An erased sender' });
    await entry.waitFor();
    expect(await entry.getByRole('button', { name: /To the global list/ }).count()).toBe(0);
    expect(await page.getByText(/troll/i).count()).toBe(0);
    expect(await says({ sender_id: 'troll-1', screen_name: 'New name' })).toBe('dropped');
    await page.context().close();
  });

  it('is exported, and kept for as long as an admin says', async () => {
    const { page } = await signIn(browser, server.url, 'Ada');
    await page.goto('/channel/hall/settings', READY);
    const data = page.locator('#data');
    for (const [name, file] of [
      ['Messages, JSON Lines', 'hall-messages.jsonl'],
      ['Decisions, CSV', 'hall-decisions.csv'],
    ]) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        data.getByRole('link', { name, exact: true }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(file);
    }
    const days = data.getByLabel('Keep messages for so many days');
    await days.fill('4000');
    await data.getByRole('button', { name: 'Save' }).click();
    await data.locator('.field__problem', { hasText: '3650' }).waitFor();
    await days.fill('30');
    await data.getByRole('button', { name: 'Save' }).click();
    await data.getByText('Saved.').waitFor();
    expect((await superadmin.get('/api/v1/channels/hall')).body.retentionDays).toBe(30);
    await page.context().close();
  });
});
