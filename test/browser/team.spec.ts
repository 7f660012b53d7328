import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Behaviour } from '../support/behaviours';
import { json } from '../support/behaviours';
import { Client } from '../support/http';
import { startServer, type TestServer } from '../support/server';
import { Wiki } from '../support/wiki';
import { describeInBrowser, eventually, openBrowser, signIn } from './browser';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const PEOPLE = [
  'Alice',
  'Alice (WMDE)',
  'Alicia, whose name is far too long for any list that a phone could show',
  'Bob',
];

describeInBrowser('the team section', () => {
  let wiki: Wiki;
  let server: TestServer;
  let browser: Browser;
  let admin: Client;
  let rooms = 0;

  beforeAll(async () => {
    wiki = await Wiki.start([
      ...PEOPLE.map((name, i) => ({ name, id: 101 + i })),
      { name: 'عائشة الأندلسية', id: 200 },
    ]);
    [server, browser] = await Promise.all([startServer({ env: wiki.env }), openBrowser()]);
    admin = await new Client(server.url).signIn('Admin');
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await wiki?.stop();
  });

  beforeEach(() => wiki.behave());

  async function openTeam(username = 'Admin', options: BrowserContextOptions = {}) {
    const id = `room-${(rooms += 1)}`;
    await admin.post('/api/v1/channels', { id, name: id });
    if (username !== 'Admin') {
      const { user } = (await (await new Client(server.url).signIn(username)).get('/api/v1/session')).body;
      await admin.put(`/api/v1/channels/${id}/members/${user.centralauthId}`, { username, role: 'admin' });
    }
    const { page, complaints } = await signIn(browser, server.url, username, options);
    await page.goto(`/channel/${id}/settings`, { waitUntil: 'networkidle' });
    const members = async () => (await admin.get(`/api/v1/channels/${id}/members`)).body.members;
    return { id, page, complaints, members, ...partsOf(page) };
  }

  function partsOf(page: Page) {
    const plain = (text: string | null) => (text ?? '').replace(/[\u2068\u2069]/g, '').trim();
    return {
      name: page.getByRole('combobox', { name: 'Wikimedia username' }),
      number: page.getByLabel('CentralAuth id', { exact: true }),
      // Menus have options too.
      options: page.locator('#member-accounts:not([hidden]) [role="option"]'),
      status: async () => plain(await page.locator('[data-search-status]').textContent()),
      problem: async (field: string) =>
        plain(await page.locator(`#team [data-field="${field}"] .field__problem`).textContent()),
      /** The name in the option that the field says is the active one. */
      active: () =>
        page.evaluate<string | null>(
          `document.getElementById(document.getElementById('member-username').getAttribute('aria-activedescendant'))?.querySelector('[data-name]').textContent ?? null`,
        ),
    };
  }

  it('offers accounts while one types, and adds the one chosen by keyboard', async () => {
    const { page, complaints, name, number, options, status, active, members } = await openTeam();
    await name.pressSequentially('alic');
    await options.first().waitFor();
    expect(await name.getAttribute('aria-expanded')).toBe('true');
    expect(await options.count()).toBe(3);
    expect(await status()).toMatch(/^3 accounts found/);
    expect(await active()).toBeNull();
    const seen: (string | null)[] = [];
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowDown', 'ArrowDown']) {
      await page.keyboard.press(key);
      seen.push(await active());
    }
    expect(seen).toEqual([PEOPLE[0], PEOPLE[1], PEOPLE[0], null, PEOPLE[2], null, PEOPLE[0]]);
    expect(await page.locator('[role="option"][aria-selected="true"]').count()).toBe(1);
    await page.keyboard.press('Enter');
    expect([await name.inputValue(), await number.inputValue()]).toEqual(['Alice', '101']);
    expect([await options.count(), await name.getAttribute('aria-expanded')]).toEqual([0, 'false']);
    expect(await status()).toBe('Chosen: Alice');
    expect(await members()).toEqual([]);

    await page.keyboard.press('Enter');
    await page.getByText('Added: Alice', { exact: true }).waitFor();
    expect(await members()).toEqual([expect.objectContaining({ centralauthId: '101', username: 'Alice' })]);
    expect([await name.inputValue(), await number.inputValue()]).toEqual(['', '']);

    await name.pressSequentially('alice');
    await options.filter({ hasText: 'Moderator' }).waitFor();
    expect(await options.locator('[data-role]:not([hidden])').allTextContents()).toEqual(['Moderator']);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await status()).toBe('Alice is in the team already, as: Moderator');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('is closed by Escape and by leaving, and opened again by an arrow', async () => {
    const { page, name, number, options, active } = await openTeam();
    await name.pressSequentially('alic');
    await options.first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    expect([await options.count(), await active(), await name.inputValue()]).toEqual([0, null, 'alic']);
    await page.keyboard.press('ArrowUp');
    expect([await options.count(), await active()]).toEqual([3, PEOPLE[2]]);
    await page.keyboard.press('Tab');
    expect([await options.count(), await number.inputValue()]).toEqual([0, '']);
    await page.context().close();
  });

  it('takes a tap, and forgets the id with the name', async () => {
    const options = { hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } };
    const team = await openTeam('Admin', options);
    await team.name.tap();
    await team.name.pressSequentially('عا');
    await team.options.first().tap();
    expect([await team.name.inputValue(), await team.number.inputValue()]).toEqual(['عائشة الأندلسية', '200']);
    await team.name.pressSequentially('x');
    expect(await team.number.inputValue()).toBe('');
    await team.number.fill('7');
    await team.name.pressSequentially('y');
    expect(await team.number.inputValue()).toBe('7');
    await team.page.context().close();
  });

  it('shows no answer to a question that has been replaced', async () => {
    const { page, name, options } = await openTeam();
    let late: (() => void) | undefined;
    const slow: Behaviour = (request, response) => {
      const isFirst = new URL(request.url as string, 'http://x').searchParams.get('auprefix') === 'B';
      const answer = () => json(200, { query: { allusers: [{ name: isFirst ? 'Bob' : 'Alice' }] } })(request, response);
      if (isFirst) late = answer;
      else answer();
    };
    wiki.allusers = slow;
    await name.fill('b');
    await eventually(() => Promise.resolve(late !== undefined), true);
    await name.fill('alicee');
    await options.filter({ hasText: 'Alice' }).waitFor();
    const answered = page.waitForResponse((response) => response.url().endsWith('accounts?q=b'));
    late?.();
    await answered;
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))');
    expect(await options.locator('[data-name]').allTextContents()).toEqual(['Alice']);
    await page.context().close();
  });

  it('works without the wiki, and says so', async () => {
    const { page, name, number, status, members } = await openTeam();
    await name.fill('zz');
    await eventually(status, expect.stringMatching(/^No account found that begins with zz/));
    wiki.allusers = json(500, {});
    await name.fill('Carol');
    await eventually(status, 'Wikimedia cannot be asked at the moment. Write the whole name and the id.');
    await number.fill('303');
    await page.keyboard.press('Enter');
    await page.getByText('Added: Carol', { exact: true }).waitFor();
    expect(await members()).toEqual([expect.objectContaining({ centralauthId: '303', username: 'Carol' })]);
    await page.context().close();
  });

  it('explains next to the field what is wrong and what the API refuses', async () => {
    const { id, page, name, number, problem } = await openTeam('Ada');
    await name.fill('Carol');
    await page.keyboard.press('Enter');
    await eventually(() => problem('centralauthId'), expect.stringMatching(/number/));
    await number.fill('9007199254740993');
    await page.keyboard.press('Enter');
    await eventually(() => problem('centralauthId'), expect.stringMatching(/^Must be the id of a Wikimedia account/));
    // Made an admin since this page was loaded.
    await admin.put(`/api/v1/channels/${id}/members/404`, { username: 'Dora', role: 'admin' });
    await number.fill('404');
    await page.keyboard.press('Enter');
    await eventually(() => problem('role'), 'Only superadmins can change or remove an admin.');

    const tokens = page.locator('#tokens');
    const make = async () => {
      await tokens.getByLabel('What it is for').fill('Robot');
      await tokens.getByRole('button', { name: 'Make token' }).click();
    };
    await make();
    await tokens.getByText('Made: Robot').waitFor();
    await make();
    await tokens.locator('[data-field="name"] .field__problem', { hasText: 'Another token of this channel' }).waitFor();
    await page.context().close();
  });

  it.each([
    ['light', 1280, 'ltr'],
    ['dark', 1280, 'rtl'],
    ['light', 360, 'rtl'],
    ['dark', 360, 'ltr'],
  ] as const)('is sound with its list open: %s, %i pixels, %s', async (colorScheme, width, direction) => {
    const { page, name, options } = await openTeam('Admin', { colorScheme, viewport: { width, height: 800 } });
    await page.evaluate(`document.documentElement.dir = '${direction}'`);
    await name.pressSequentially('alic');
    await options.first().waitFor();
    await page.keyboard.press('ArrowDown');
    const box = await page.locator('#member-accounts').boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= width).toBe(true);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    await page.evaluate(AXE);
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    expect(violations.map(({ id: rule, nodes }) => `${rule}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    await page.context().close();
  });
});
