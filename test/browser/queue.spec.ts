import type { Browser } from 'playwright-core';
import { Client, event, send, type Unchecked, webhook } from '../support/http';
import { startServer, type TestServer } from '../support/server';
import { describeInBrowser, eventually, openBrowser } from './browser';
import { QueuePage } from './queue-page';

describeInBrowser('the queue page', () => {
  let server: TestServer;
  let browser: Browser;
  let admin: Client;
  let channels = 0;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), openBrowser()]);
    admin = await new Client(server.url).signIn('Admin');
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** A channel with `count` messages of `Guest 1` (the oldest) to `Guest <count>`, and Bob as its moderator. */
  async function hall(count: number) {
    const id = `hall${(channels += 1)}`;
    const { body } = await admin.post<{ webhookSecret: string }>('/api/v1/channels', { id, name: `Hall ${channels}` });
    const say = (name: string, overrides: Record<string, unknown> = {}) =>
      webhook(
        `${server.url}/webhook/channel/${id}`,
        body.webhookSecret,
        event({ screen_name: name, sender_id: `id of ${name}`, message: `${name} says something else`, ...overrides }),
      );
    for (let guest = 1; guest <= count; guest += 1) await say(`Guest ${guest}`);
    const bob = await new Client(server.url).signIn('Bob');
    const { user } = (await bob.get<{ user: { centralauthId: string } }>('/api/v1/session')).body;
    await admin.put(`/api/v1/channels/${id}/members/${user.centralauthId}`, { username: 'Bob', role: 'moderator' });
    const messages = async (status: string) => {
      const answer = await admin.get<{ messages: CardMessage[] }>(
        `/api/v1/channels/${id}/messages?status=${status}&limit=500`,
      );
      return answer.body.messages;
    };
    const decide = async (by: Client, name: string, decision: string) => {
      const message = (await messages('queued')).find(({ screenName }) => screenName === name);
      await by.post(`/api/v1/channels/${id}/messages/${message?.id}/decisions`, { decision });
    };
    const namesOf = async (status: string) => (await messages(status)).map(({ screenName }) => screenName);
    return { id, say, bob, decide, namesOf, open: () => QueuePage.open(browser, server.url, 'Admin', id) };
  }

  it('leads from the sign-in over the simulation and a key to the feed', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, baseURL: server.url });
    const page = await context.newPage();
    await page.goto('/channel/simulation/queue');
    expect(new URL(page.url()).pathname).toBe('/login');
    await page.getByLabel('Username').fill('Admin');
    await page.locator('main').getByRole('button', { name: 'Log in' }).click();
    expect(new URL(page.url()).pathname).toBe('/channel/simulation/queue');

    await page.locator('[data-simulation-number]').fill('240');
    await page.locator('[data-simulation-start]').click();
    // A reaction approved together with others of its kind would not be found by its name.
    await page.locator('[data-types] [data-type="text"]').click();
    const text = page.locator('.card.is-current .card__text');
    await text.waitFor();
    // What comes meanwhile could take the place of what is read here.
    await page.locator('[data-simulation-stop]').click();
    await page.locator('[data-simulation-start]').waitFor();
    const waiting = async () =>
      (await admin.get('/api/v1/channels/simulation/messages?type=text')).body.total as number;
    await eventually(async () => (await page.locator('.card').count()) - (await waiting()), 0);
    // Keys are held back for a moment after a card has come under them.
    await page.waitForTimeout(500);
    const approved = (await text.textContent()) ?? '';
    await page.keyboard.press('2');
    await page.locator('.toast__text', { hasText: 'Accepted' }).waitFor();

    await eventually(async () => {
      const { items } = (await send<Unchecked>(`${server.url}/jsonfeed/simulation`)).body;
      return items.map((item: Unchecked) => item.content_text);
    }, [approved]);
    expect((await send(`${server.url}/rss/simulation`)).text).toContain('<item>');
    await context.close();
  });

  it('decides by the keys, goes on to the next older card, and takes back', async () => {
    const { open, namesOf } = await hall(6);
    const moderator = await open();
    expect(await moderator.current()).toBe('Guest 6');
    for (const key of ['1', '2', '3']) await moderator.press(key);
    expect(await moderator.current()).toBe('Guest 3');
    await eventually(
      async () => [await namesOf('highlighted'), await namesOf('approved'), await namesOf('rejected')],
      [['Guest 6'], ['Guest 5'], ['Guest 4']],
    );

    await moderator.press('z');
    await eventually(() => moderator.current(), 'Guest 4');
    await moderator.press('u');
    await eventually(() => moderator.current(), 'Guest 5');
    await eventually(() => namesOf('queued'), ['Guest 5', 'Guest 4', 'Guest 3', 'Guest 2', 'Guest 1']);
    await moderator.close();
  });

  it('bans, rejects alike and allows as a whole, each with one undo', async () => {
    const { open, say, namesOf } = await hall(1);
    for (const name of ['Spam A', 'Spam B']) await say(name, { message: 'buy cheap watches at example.org' });
    await say('Twice');
    await say('Twice', { message: 'and once more' });
    const moderator = await open();

    await moderator.press('5');
    await eventually(() => namesOf('rejected'), ['Twice', 'Twice']);
    await eventually(() => moderator.toast(), 'Banned Twice · 2 messages rejected');
    await moderator.press('z');
    await eventually(() => moderator.toast(), 'Undone: 2 messages are back.');
    expect(await namesOf('rejected')).toEqual([]);
    await eventually(() => moderator.current(), 'Twice');

    await moderator.press('6');
    await eventually(() => namesOf('approved'), ['Twice', 'Twice']);
    await eventually(() => moderator.current(), 'Spam B');
    await moderator.page.waitForTimeout(500);
    await moderator.press('4');
    await eventually(() => namesOf('rejected'), ['Spam B', 'Spam A']);
    await eventually(() => moderator.current(), 'Guest 1');
    expect(moderator.complaints).toEqual([]);
    await moderator.close();
  });

  it('does not decide while somebody types, nor with Ctrl, nor a held key', async () => {
    const { open, namesOf } = await hall(3);
    const moderator = await open();
    await moderator.press('/');
    await moderator.page.keyboard.type('2');
    await moderator.press('Escape');
    await moderator.press('Control+2');
    await moderator.page.keyboard.down('2');
    for (let i = 0; i < 5; i += 1) await moderator.page.keyboard.down('2');
    await moderator.page.keyboard.up('2');
    await eventually(() => namesOf('queued'), ['Guest 2', 'Guest 1']);
    await moderator.close();
  });

  it('keeps the current card where it is while others arrive above', async () => {
    const { open, say } = await hall(8);
    const moderator = await open();
    await moderator.press('j');
    const before = await moderator.currentTop();
    for (let i = 0; i < 5; i += 1) await say(`New ${i}`);
    await eventually(() => moderator.place(), '7 of 13');
    expect(await moderator.current()).toBe('Guest 7');
    expect(Math.abs((await moderator.currentTop()) - before)).toBeLessThanOrEqual(1);
    expect(await moderator.newer()).toMatch(/^\d newer$/);
    await moderator.page.locator('[data-newer]').click();
    await eventually(() => moderator.current(), 'New 4');
    await moderator.close();
  });

  it('says who decided the current card, and then holds the keys back for a moment', async () => {
    const { open, bob, decide, namesOf } = await hall(4);
    const moderator = await open();
    const pressed = moderator.pressWhen('left', '2');
    await decide(bob, 'Guest 4', 'approve');
    await eventually(() => moderator.currentNote(), 'Accepted by Bob');
    await pressed;
    await eventually(() => moderator.current(), 'Guest 3');
    await moderator.page.waitForTimeout(500);
    expect(await moderator.names()).toEqual(['Guest 3', 'Guest 2', 'Guest 1']);
    await moderator.press('2');
    await eventually(() => namesOf('approved'), ['Guest 4', 'Guest 3']);
    await moderator.close();
  });

  it.each([
    ['1', 'approved'],
    ['2', 'approved'],
    ['3', 'rejected'],
  ])('with key %s on a card that somebody else has just accepted, leaves it %s', async (key, status) => {
    const { open, bob, decide, namesOf } = await hall(2);
    const moderator = await open();
    const pressed = moderator.pressWhen('leaving', key);
    await decide(bob, 'Guest 2', 'approve');
    await pressed;
    await eventually(() => moderator.names(), ['Guest 1']);
    await eventually(() => namesOf(status), ['Guest 2']);
    expect(await namesOf('queued')).toEqual(['Guest 1']);
    await moderator.close();
  });

  it('brings a card back when its decision could not be saved, and says so', async () => {
    const { open, namesOf } = await hall(3);
    const moderator = await open();
    await moderator.page.route('**/decisions', (route) => route.abort());
    await moderator.press('2');
    await eventually(async () => /^Guest 3 is back in the queue: /.test(await moderator.toast()), true);
    expect(await moderator.names()).toEqual(['Guest 3', 'Guest 2', 'Guest 1']);
    expect(await namesOf('approved')).toEqual([]);
    await moderator.close();
  });

  it('lands where the slider says, remembers it, and holds only a window', async () => {
    const { id, open } = await hall(150);
    const moderator = await open();
    const asked: string[] = [];
    moderator.page.on('request', (request) => asked.push(request.url()));
    await moderator.focusAt(50);
    await eventually(() => moderator.place(), '76 of 150');
    expect(await moderator.current()).toBe('Guest 75');
    await moderator.page.goto(`/channel/${id}/queue`);
    await eventually(() => moderator.current(), 'Guest 75');
    await moderator.press('End');
    await eventually(() => moderator.current(), 'Guest 1');
    await moderator.press('Home');
    await eventually(() => moderator.current(), 'Guest 150');

    const limits = asked
      .filter((url) => url.includes('/messages?'))
      .map((url) => Number(new URL(url).searchParams.get('limit')));
    expect(limits.length).toBeGreaterThan(3);
    expect(Math.max(...limits)).toBeLessThanOrEqual(60);
    await moderator.close();
  });

  it('walks through the whole queue by key without leaving one out', async () => {
    const { open } = await hall(100);
    const moderator = await open();
    const seen = new Set<string | null>([await moderator.current()]);
    for (let step = 1; step < 100; step += 1) {
      await moderator.press('j');
      await eventually(() => moderator.place(), `${step + 1} of 100`);
      seen.add(await moderator.current());
    }
    expect(seen.size).toBe(100);
    await moderator.close();
  });

  it('asks what it has missed when the stream brings nothing', async () => {
    const { id, say, bob, decide } = await hall(3);
    const moderator = await QueuePage.open(browser, server.url, 'Admin', id);
    await moderator.page.route('**/events', (route) => route.abort());
    await moderator.page.goto(`/channel/${id}/queue`);
    await eventually(() => moderator.names(), ['Guest 3', 'Guest 2', 'Guest 1']);
    await say('Late');
    await decide(bob, 'Guest 2', 'reject');
    await moderator.page.evaluate("dispatchEvent(new Event('online'))");
    await eventually(() => moderator.names(), ['Late', 'Guest 3', 'Guest 1']);
    await moderator.page.locator('[data-banner]', { hasText: 'connection is lost' }).waitFor();
    await moderator.close();
  });

  it('filters by type, language and words, with counts', async () => {
    const { open, say } = await hall(2);
    await say('Asker', { message_type: 'question', message: 'Where are the slides?', user_language: 'en' });
    await say('Frager', { message_type: 'question', message: 'Wo sind die Folien?', user_language: 'de' });
    const moderator = await open();
    const counts = () => moderator.page.locator('[data-types] [data-count]').allTextContents();
    expect(await counts()).toEqual(['4', '2', '0', '2']);
    await moderator.page.locator('[data-types] [data-type="qa"]').click();
    await eventually(() => moderator.names(), ['Frager', 'Asker']);
    await moderator.press('/');
    await moderator.page.keyboard.type('FOLIEN');
    await eventually(() => moderator.names(), ['Frager']);
    // What arrives meanwhile passes the same filter.
    await say('Neu', { message_type: 'question', message: 'Und die Folien von gestern?' });
    await say('Other', { message_type: 'question', message: 'Something else' });
    await eventually(() => moderator.names(), ['Neu', 'Frager']);
    await moderator.close();
  });
});
