import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { freshDatabase, type TestDatabase } from '../support/databases';
import { Client, event, reaction, webhook } from '../support/http';
import { startServer, type TestServer } from '../support/server';
import { describeInBrowser, openBrowser, signIn, type SignedIn } from './browser';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
/** What a person should look at, too; git ignores it. */
const SCREENSHOTS = resolve(__dirname, '../../.cache/screenshots');
const LONG_WORD = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';

interface Me {
  user: { centralauthId: string };
}

/** What strangers write. */
const CHAT = [
  { screen_name: 'Judy', message: 'How does this compare to the previous approach?', user_language: 'en' },
  { screen_name: 'محمد الأحمد', message: 'شكراً جزيلاً على هذا العرض الرائع!', user_language: 'ar' },
  { screen_name: '田中さくら', message: 'この発表はとても興味深いです。'.repeat(20), user_language: 'ja' },
  { screen_name: LONG_WORD.repeat(2), message: `${LONG_WORD.repeat(4)} https://example.org/${'path/'.repeat(30)}` },
  { screen_name: '', message: '<script>alert(1)</script><img src=x onerror=alert(1)>' },
  { screen_name: '\u202eevil', message: 'x'.repeat(60_000), centralauth_id: 5, centralauth_username: 'Mallory' },
  { screen_name: '👩‍💻 Ada', message: 'What about offline use?', message_type: 'question' },
];

describeInBrowser('how the pages look', () => {
  let database: TestDatabase;
  let server: TestServer;
  let browser: Browser;
  let admin: Client;

  beforeAll(async () => {
    database = await freshDatabase('sqlite');
    [server, browser] = await Promise.all([startServer({ database }), openBrowser()]);
    admin = await new Client(server.url).signIn('Admin');
    const made = await admin.post<{ webhookSecret: string }>('/api/v1/channels', {
      id: 'hall',
      name: `Great hall ${LONG_WORD}`,
      description: 'Everything on the main stage',
    });
    const talk = CHAT.map((part) => event(part));
    for (const payload of [...talk, reaction(talk[0], '❤️')]) {
      const { status } = await webhook(`${server.url}/webhook/channel/hall`, made.body.webhookSecret, payload);
      expect(status).toBe(200);
    }
    const [first, second] = (
      await admin.get<{ messages: CardMessage[] }>('/api/v1/channels/hall/messages?order=oldest')
    ).body.messages;
    await admin.post(`/api/v1/channels/hall/messages/${first.id}/decisions`, { decision: 'approve' });
    await admin.post('/api/v1/channels/hall/blocked-senders', { messageId: second.id });
    await admin.post('/api/v1/channels', { id: 'empty', name: 'Empty hall' });
    // The hall has been silent for an hour, and somebody knocked with a wrong secret.
    await webhook(`${server.url}/webhook/channel/hall`, 'wrong', event());
    await admin.patch('/api/v1/channels/hall', { silenceWarningMinutes: 30 });
    await database.query(
      `UPDATE channel_state SET last_received_at = last_received_at - 3600000 WHERE channel_id = 'hall'`,
    );
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await database?.drop();
  });

  const PAGES = [
    { path: '/', ready: '.channel' },
    { path: '/channel/hall/queue', ready: '[data-silence]:not([hidden])' },
    { path: '/channel/empty/queue', ready: '[data-state="empty"]:not([hidden])' },
    { path: '/channel/simulation/queue', ready: '[data-simulation]' },
    { path: '/channel/hall/log', ready: '.entry' },
    { path: '/channel/hall/blocked', ready: '[data-kind="pattern"] [data-list-empty]:not([hidden])' },
    { path: '/channel/empty/allowed', ready: '[data-list-empty]:not([hidden])' },
    { path: '/channel/hall/settings', ready: '[data-refused="recent"]:not([hidden])' },
    { path: '/admin/', ready: '.row' },
    { path: '/admin/channels', ready: '.row' },
    { path: '/admin/global-blocklist', ready: '[data-list-empty]:not([hidden])' },
    { path: '/admin/simulation', ready: '[data-simulation]:not([hidden])' },
    { path: '/docs', ready: '#Channels_create' },
    { path: '/channel/nowhere/queue', ready: '.sheet', status: 404 },
  ];

  describe.each([
    ['light', 1280],
    ['dark', 360],
  ] as const)('%s, at %i pixels', (colorScheme, width) => {
    let visitor: SignedIn;

    beforeAll(async () => {
      visitor = await signIn(browser, server.url, 'Admin', { viewport: { width, height: 800 }, colorScheme });
    });

    afterAll(() => visitor?.page.context().close());

    it.each(PAGES)('$path', async ({ path, ready, status = 200 }) => {
      visitor.complaints.length = 0;
      await check(visitor.page, path, ready, status);
      // A refused inline style, a missing file, a broken module: the browser would say so. The 404 it says as well.
      expect(visitor.complaints.filter((text) => !text.includes('404'))).toEqual([]);
    });

    it('a moderator who is removed while at work', async () => {
      const bob = await signIn(browser, server.url, 'Bob', { viewport: { width, height: 800 }, colorScheme });
      const me = `fetch('/api/v1/session').then((answer) => answer.json())`;
      const { user } = await bob.page.evaluate<Me>(me);
      const member = `/api/v1/channels/hall/members/${user.centralauthId}`;
      await admin.put(member, { username: 'Bob', role: 'moderator' });
      await bob.page.goto('/channel/hall/queue');
      await bob.page.locator('[data-live][data-state="live"]').waitFor();
      await admin.delete(member);
      await bob.page.locator('[data-ended]:not([hidden])').waitFor();
      await inspect(bob.page, 'removed-while-at-work');
      await bob.page.context().close();
    });

    it('signed out', async () => {
      const context = await browser.newContext({
        viewport: { width, height: 800 },
        colorScheme,
        baseURL: server.url,
      });
      const page = await context.newPage();
      await check(page, '/', '.welcome', 200, 'signed-out');
      await check(page, '/login', '.sheet', 200);
      await context.close();
    });
  });

  async function check(page: Page, path: string, ready: string, status: number, name?: string): Promise<void> {
    const response = await page.goto(path);
    expect(response?.status()).toBe(status);
    await page.locator(ready).first().waitFor();
    await inspect(page, name);
  }

  async function inspect(page: Page, name = fileNameOf(page.url())): Promise<void> {
    const { width } = page.viewportSize() ?? { width: 0 };
    const theme = await page.evaluate<string>(`matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'`);
    await page.screenshot({ path: `${SCREENSHOTS}/${name}-${theme}-${width}.png` });
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await page.evaluate(`for (const part of document.querySelectorAll('main details')) part.open = true`);
    await page.evaluate(AXE);
    // The reference has a hundred operations alike, and axe takes a minute over all of them: three groups will do.
    const { violations } = await page.evaluate<AxeResults>(`axe.run({ exclude: ['.docs__group:nth-of-type(n+4)'] })`);
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`),
    ).toEqual([]);
  }

  it('follows the system until somebody chooses, remembers the choice, and shows what strangers wrote as text', async () => {
    const { page } = await signIn(browser, server.url, 'Admin', { colorScheme: 'dark' });
    const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    await page.goto('/channel/hall/queue');
    const dark = await background();
    await page.locator('[data-theme-toggle]').click();
    expect(await background()).not.toBe(dark);
    const light = await background();
    await page.reload();
    expect(await background()).toBe(light);
    await page.locator('[data-theme-toggle]').click();
    expect(await background()).toBe(dark);

    await page.locator('.card.is-current').waitFor();
    const texts = await page.locator('.card__text').allTextContents();
    expect(texts).toContain('<script>alert(1)</script><img src=x onerror=alert(1)>');
    await page.context().close();
  });

  it('the reference of the API is read by keyboard, without a session, and asks nobody but this server', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, baseURL: server.url });
    const page = await context.newPage();
    const [asked, complaints]: [string[], string[]] = [[], []];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    const response = await page.goto('/docs');
    const { 'content-security-policy': policy = '', 'referrer-policy': referrer } =
      (await response?.allHeaders()) ?? {};
    expect(referrer).toBe('same-origin');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(asked.filter((url) => !url.startsWith(`${server.url}/`))).toEqual([]);

    const contents = page.locator('.docs__contents').getByRole('link', { name: 'Block a sender', exact: true });
    await contents.focus();
    await page.keyboard.press('Enter');
    const operation = page.locator('#Senders_block');
    await page.waitForURL(/#Senders_block$/);
    expect(await operation.innerText()).toContain('/api/v1/channels/{channelId}/blocked-senders');
    const top = () =>
      operation.evaluate<number, { getBoundingClientRect(): { top: number } }>(
        (section) => section.getBoundingClientRect().top,
      );
    expect(await top()).toBeGreaterThanOrEqual(
      await page.locator('.bar').evaluate<number, { offsetHeight: number }>((bar) => bar.offsetHeight),
    );
    const example = operation.locator('summary').first();
    await example.focus();
    await page.keyboard.press('Enter');
    expect(JSON.parse(await operation.locator('pre').first().innerText())).toEqual({ messageId: '4711' });
    expect(complaints).toEqual([]);
    await context.close();
  });
});

const fileNameOf = (url: string) => new URL(url).pathname.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'start';
