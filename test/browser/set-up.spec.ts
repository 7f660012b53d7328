import type { Browser, Page } from 'playwright-core';
import { freshDatabase, type TestDatabase } from '../support/databases';
import { Client, event, send, webhook } from '../support/http';
import { startServer, type TestServer } from '../support/server';
import { describeInBrowser, eventually, openBrowser, signIn } from './browser';

const READY = { waitUntil: 'networkidle' } as const;

/** Somebody who writes in the chat without a pause, as Eventyay passes it on. */
class Chat {
  readonly statuses: number[] = [];
  private readonly writing: Promise<void>;
  private isOver = false;

  constructor(
    private readonly url: string,
    public secret: string,
  ) {
    this.writing = this.write();
  }

  private async write(): Promise<void> {
    while (!this.isOver) this.statuses.push((await webhook(this.url, this.secret, event())).status);
  }

  async goesOn(): Promise<void> {
    const enough = this.statuses.length + 10;
    while (this.statuses.length < enough) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.writing;
  }
}

describeInBrowser('setting a channel up', () => {
  let database: TestDatabase;
  let server: TestServer;
  let browser: Browser;
  let admin: Client;

  beforeAll(async () => {
    database = await freshDatabase('sqlite');
    [server, browser] = await Promise.all([startServer({ database }), openBrowser()]);
    admin = await new Client(server.url).signIn('Admin');
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await database?.drop();
  });

  const open = (username = 'Admin') =>
    signIn(browser, server.url, username, { permissions: ['clipboard-read', 'clipboard-write'] });

  async function copied(page: Page, name: string): Promise<string> {
    const part = page.locator(`[data-copyable="${name}"]:visible`);
    await part.locator('[data-copy]').click();
    await part.getByText('Copied', { exact: true }).waitFor();
    return page.evaluate<string>('navigator.clipboard.readText()');
  }

  async function invite(username: string, channelId: string): Promise<void> {
    const { user } = (await (await new Client(server.url).signIn(username)).get('/api/v1/session')).body;
    const path = `/api/v1/channels/${channelId}/members/${user.centralauthId}`;
    expect((await admin.put(path, { username, role: 'moderator' })).status).toBe(201);
  }

  const text = (page: Page, selector: string) => page.locator(selector).innerText();

  it('leads from nothing to the first message before a moderator', async () => {
    const { page, complaints } = await open();
    await page.goto('/admin/', READY);
    await page.getByRole('link', { name: 'Create a channel' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Aula');
    await page.getByRole('button', { name: 'Create' }).click();
    const url = await copied(page, 'webhookUrl');
    const secret = await copied(page, 'webhookSecret');

    // Eventyay: registers, then passes a message on.
    expect((await send(`${url}?challenge=a-question`)).body).toEqual({ challenge: 'a-question' });
    const first = await webhook(url, secret, event({ screen_name: 'Grace', message: 'Can you hear us?' }));
    expect(first.body).toEqual({ ok: true, outcome: 'queued' });

    await page.locator('[data-next]').getByRole('link', { name: 'All settings' }).click();
    await page.locator('[data-challenge][data-state="public"]').waitFor();
    await eventually(() => text(page, '[data-count-of="received"]'), '1');
    expect(await text(page, '[data-chart-sum="queued"]')).toBe('1');
    expect(await page.locator('.chart__bar--queued').count()).toBe(1);
    const picture = page.getByRole('img', { name: /Chart of the last 60 minutes: one message received, 0 refused/ });
    await picture.waitFor();
    await page.getByText('As a table').click();
    expect(await page.locator('[data-chart-rows] tr').allInnerTexts()).toEqual([
      expect.stringMatching(/^\d\d:\d\d.*\t1\t0\t0\t0\t0\t0$/),
    ]);
    await page.getByRole('button', { name: 'Send a test message' }).click();
    await page.getByText('It arrived and waits in the queue.').waitFor();
    await eventually(() => text(page, '[data-count-of="received"]'), '2');

    await invite('Mo', 'aula');
    const mo = await open('Mo');
    await mo.page.goto('/channel/aula/queue');
    await mo.page.locator('.card', { hasText: 'Can you hear us?' }).waitFor();
    expect(mo.complaints).toEqual([]);
    await mo.page.context().close();

    await page.goto('/admin/', READY);
    await page.evaluate('window.isFirstVisit = true');
    const figure = (name: string) => text(page, `[data-figure="${name}:aula"]`);
    expect([await figure('waiting'), await figure('rate')]).toEqual(['2 waiting', '0.4 a minute']);
    await page.getByRole('link', { name: 'Settings Aula' }).focus();
    await webhook(url, secret, event());
    await eventually(() => figure('waiting'), '3 waiting');
    expect(await figure('rate')).toBe('0.6 a minute');
    expect(await page.evaluate('window.isFirstVisit')).toBe(true);
    expect(await page.getByRole('link', { name: 'Settings Aula' }).evaluate((link) => link.matches(':focus'))).toBe(
      true,
    );
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('replaces the secret without losing one message', async () => {
    const made = await admin.post('/api/v1/channels', { id: 'stage', name: 'Stage' });
    const old: string = made.body.webhookSecret;
    const url = `${server.url}/webhook/channel/stage`;
    const chat = new Chat(url, old);
    const { page } = await open();
    await page.goto('/channel/stage/settings', READY);
    const part = page.locator('#webhook');
    await chat.goesOn();
    await part.getByRole('button', { name: 'Replace the secret' }).click();
    await page.locator('[data-confirm] [data-yes]').click();
    await part.getByText('Copy the new secret into Eventyay').waitFor();
    await part.getByText('The previous secret is valid until').waitFor();
    await part.locator('[data-previous]').getByText('It was last used').waitFor();

    chat.secret = await copied(page, 'webhookSecret');
    expect(chat.secret).not.toBe(old);
    await chat.goesOn();
    const lastUse = part.locator('[data-previous-time]');
    const usedAt = await lastUse.getAttribute('datetime');
    await chat.goesOn();
    const { previousWebhookSecretUsedAt } = (await admin.get('/api/v1/channels/stage')).body;
    await eventually(() => lastUse.getAttribute('datetime'), previousWebhookSecretUsedAt);
    expect(Date.parse(previousWebhookSecretUsedAt)).toBeGreaterThanOrEqual(Date.parse(usedAt!));

    await part.getByRole('button', { name: 'End the previous one now' }).click();
    await page.locator('[data-confirm] [data-yes]').click();
    await part.getByText('Only the current secret is valid.').waitFor();
    expect(await part.locator('[data-previous]').isVisible()).toBe(false);
    await chat.goesOn();
    await chat.stop();
    expect(new Set(chat.statuses)).toEqual(new Set([200]));

    expect((await webhook(url, old, event())).status).toBe(403);
    expect((await webhook(url, 'never heard of', event())).status).toBe(403);
    const refused = part.locator('[data-refused="recent"]');
    await refused.getByText('Eventyay still signs with a secret that has been replaced.').waitFor();
    await refused.getByText('The secret in Eventyay is not this channel’s.').waitFor();
    const { received, queued } = (await admin.get('/api/v1/channels/stage/intake')).body;
    expect([received, queued]).toEqual([chat.statuses.length, chat.statuses.length]);
    await page.context().close();
  });

  it('warns when nothing arrives for as long as its admins set, and tells what became of a test message', async () => {
    const made = await admin.post('/api/v1/channels', { id: 'lounge', name: 'Lounge' });
    const url = `${server.url}/webhook/channel/lounge`;
    await webhook(url, made.body.webhookSecret, event());
    await database.query(
      `UPDATE channel_state SET last_received_at = last_received_at - 720000 WHERE channel_id = 'lounge'`,
    );
    const { page } = await open();
    const settings = page.locator('#webhook');
    await page.goto('/channel/lounge/settings', READY);
    const field = page.getByLabel('Warn when nothing arrives for so many minutes');
    for (const wrong of ['0', 'ten', '1.5']) {
      await field.fill(wrong);
      await settings.getByRole('button', { name: 'Save' }).click();
      await settings.getByText('Must be a whole number from 1 to 1440.').waitFor();
    }
    await field.fill('10');
    await settings.getByRole('button', { name: 'Save' }).click();
    await settings.getByText('Saved.').waitFor();
    const words = /Nothing has arrived for more than 10 minutes/;
    await settings.getByText(words).waitFor();
    for (const path of ['/', '/admin/', '/admin/channels']) {
      await page.goto(path, READY);
      await page.locator('.silence:visible', { hasText: words }).waitFor();
      expect(await page.locator('.silence:visible').count()).toBe(1);
    }

    const mo = await open('Mo');
    await invite('Mo', 'lounge');
    await mo.page.goto('/channel/lounge/queue');
    await mo.page.locator('[data-live][data-state="live"]').waitFor();
    await mo.page.getByText('Nothing new for more than 10 minutes').click();
    await mo.page.getByText('tell an admin of this channel').waitFor();
    await page.goto('/channel/lounge/settings', READY);
    await settings.getByRole('button', { name: 'Send a test message' }).click();
    await settings.getByText('It arrived and waits in the queue.').waitFor();
    await mo.page.locator('[data-silence]').waitFor({ state: 'hidden' });
    await mo.page.context().close();
    await settings.getByText(words).waitFor({ state: 'hidden' });

    await admin.patch('/api/v1/channels/lounge', { active: false });
    await settings.getByRole('button', { name: 'Send a test message' }).click();
    await settings.getByText('It was refused: the channel does not receive messages.').waitFor();
    await admin.post('/api/v1/channels/lounge/archive');
    await settings.getByRole('button', { name: 'Send a test message' }).click();
    await settings.getByText('It was refused: the channel is archived.').waitFor();
    await page.context().close();
  });
});
