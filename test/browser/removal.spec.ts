import type { Browser } from 'playwright-core';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, event, webhook } from '../support/http';
import { startServer, type TestServer } from '../support/server';
import { describeInBrowser, eventually, openBrowser, signIn } from './browser';
import { QueuePage } from './queue-page';

describeInBrowser('who loses the right to the queue while at work', () => {
  let server: TestServer;
  let browser: Browser;
  let admin: Client;
  let halls = 0;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), openBrowser()]);
    admin = await new Client(server.url).signIn('Admin');
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** A channel with a message, and its moderator before the queue. */
  async function atWork() {
    const id = `hall${(halls += 1)}`;
    const { webhookSecret } = (await admin.post<{ webhookSecret: string }>('/api/v1/channels', { id, name: id })).body;
    const say = (message: string) =>
      webhook(`${server.url}/webhook/channel/${id}`, webhookSecret, event({ screen_name: 'Guest', message }));
    await say('An early word');
    const client = await new Client(server.url).signIn('Bob');
    const { user } = (await client.get<{ user: { centralauthId: string } }>('/api/v1/session')).body;
    await admin.put(`/api/v1/channels/${id}/members/${user.centralauthId}`, { username: 'Bob', role: 'moderator' });
    const bob = await QueuePage.open(browser, server.url, 'Bob', id);
    await eventually(() => bob.cards(), 1);
    return { id, say, bob };
  }

  const heading = (bob: QueuePage) => bob.page.locator('[data-ended] h2').textContent();

  it('is told so in place of the queue, sees nothing that comes later, and asks no more', async () => {
    const { id, say, bob } = await atWork();
    const { page } = await signIn(browser, server.url, 'Admin');
    await page.goto(`/channel/${id}/settings`, { waitUntil: 'networkidle' });
    await bob.page.locator('[data-help]').first().click();
    await page.getByRole('button', { name: 'Remove Bob' }).click();
    await page.locator('[data-confirm] [data-yes]').click();
    await page.getByText('Removed: Bob', { exact: true }).waitFor();
    await say('A late word');

    await eventually(() => heading(bob), 'You no longer moderate this channel');
    expect(await bob.page.getByText('You have been taken off its team').isVisible()).toBe(true);
    for (const part of ['.card', '[data-action-bar]', '[data-waiting]', '[data-live]', '.tabs', '[data-banner]'])
      expect([part, await bob.page.locator(part).first().isVisible()]).toEqual([part, false]);
    expect(await bob.page.locator('dialog[open]').count()).toBe(0);
    expect(await bob.page.content()).not.toContain('A late word');
    expect(await bob.page.title()).not.toMatch(/^\(/);
    expect(await bob.page.evaluate(`document.activeElement.matches('[data-ended-title]')`)).toBe(true);

    // Longer than until a stream that was refused is opened again.
    const asked: string[] = [];
    bob.page.on('request', (request) => asked.push(request.url()));
    for (const key of ['1', '3', 'j', 'z', '?']) await bob.press(key);
    await sleep(6_500);
    expect(asked).toEqual([]);

    await bob.page.getByRole('link', { name: 'To your channels' }).click();
    await bob.page.waitForURL(`${server.url}/`);
    expect(await bob.page.locator('.channel').count()).toBe(0);
    await Promise.all([bob.close(), page.context().close()]);
  });

  it('is told when it was the channel that went', async () => {
    const { id, bob } = await atWork();
    expect((await admin.delete(`/api/v1/channels/${id}`)).status).toBe(204);
    await eventually(() => heading(bob), 'This channel no longer exists');
    await bob.close();
  });

  it('is led to log in again after signing out elsewhere, by one link and without further questions', async () => {
    const { bob, id } = await atWork();
    const other = await bob.page.context().newPage();
    await other.goto('/');
    await other.locator('form[action="/logout"]').evaluate((form: { submit(): void }) => form.submit());
    await other.waitForURL(`${server.url}/`);
    const again = bob.page.getByRole('link', { name: 'Log in again' });
    await again.waitFor();
    const asked: string[] = [];
    bob.page.on('request', (request) => asked.push(request.url()));
    await sleep(6_500);
    expect(asked).toEqual([]);
    expect(await again.getAttribute('href')).toBe(`/login?returnTo=${encodeURIComponent(`/channel/${id}/queue`)}`);
    await bob.close();
  });
});
