import type { Browser, Page } from 'playwright-core';
import { Client } from '../support/http';
import { startServer, type TestServer } from '../support/server';
import { describeInBrowser, eventually, openBrowser, signIn } from './browser';

const READY = { waitUntil: 'networkidle' } as const;

describeInBrowser('when something is refused or goes wrong, a page of the administration', () => {
  let server: TestServer;
  let browser: Browser;
  let admin: Client;
  let page: Page;
  let made = 0;
  let id: string;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), openBrowser()]);
    admin = await new Client(server.url).signIn('Admin');
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  beforeEach(async () => {
    id = `room-${++made}`;
    await admin.post('/api/v1/channels', { id, name: 'Room' });
    ({ page } = await signIn(browser, server.url, 'Admin'));
  });

  afterEach(() => page.context().close());

  const channel = async () => (await admin.get(`/api/v1/channels/${id}`)).body;
  const section = (name: string) => page.locator(`#${name}`);
  const save = (name: string) => section(name).getByRole('button', { name: 'Save' }).first();
  const openSettings = (hash = '') => page.goto(`/channel/${id}/settings${hash}`, READY);
  const focused = () => page.evaluate<string>('document.activeElement.outerHTML');

  it('sends what was changed, so that what others have set meanwhile stays', async () => {
    await openSettings();
    await admin.patch(`/api/v1/channels/${id}`, { active: false, emojiAutoApprove: false });
    await section('general').getByLabel('Description').fill('Here');
    await save('general').click();
    await section('general').getByText('Saved.').waitFor();
    await section('moderation').getByLabel('Name for the nameless').fill('Guest');
    await save('moderation').click();
    await section('moderation').getByText('Saved.').waitFor();
    expect(await channel()).toMatchObject({
      active: false,
      emojiAutoApprove: false,
      description: 'Here',
      anonymousLabel: 'Guest',
    });
    expect(await section('general').getByLabel('Receives messages').isChecked()).toBe(false);
  });

  it('keeps what is typed while it saves', async () => {
    await openSettings();
    await page.route(`**/api/v1/channels/${id}`, async (route) => {
      if (route.request().method() === 'PATCH') await new Promise((resolve) => setTimeout(resolve, 800));
      await route.continue();
    });
    const description = section('general').getByLabel('Description');
    await description.fill('First');
    await save('general').click();
    await description.fill('First, and more');
    await eventually(async () => (await channel()).description, 'First');
    await section('general').getByText('Saved, except what was typed since.').waitFor();
    expect(await description.inputValue()).toBe('First, and more');
    await save('general').click();
    await eventually(async () => (await channel()).description, 'First, and more');
  });

  it('sends again what may have been saved though no answer came', async () => {
    await openSettings();
    const days = section('data').getByLabel('Keep messages for so many days');
    const path = `**/api/v1/channels/${id}`;
    await page.route(path, async (route) => {
      if (route.request().method() !== 'PATCH') return route.continue();
      await route.fetch();
      await route.abort();
    });
    await days.fill('1');
    await save('data').click();
    await section('data').getByText('cannot be reached').waitFor();
    expect((await channel()).retentionDays).toBe(1);
    await page.unroute(path);
    await days.fill('');
    await save('data').click();
    await section('data').getByText('Saved.').waitFor();
    expect((await channel()).retentionDays).toBeNull();
  });

  it('loses nothing that was typed when the session has ended', async () => {
    await openSettings();
    const description = section('general').getByLabel('Description');
    await description.fill('Typed for long');
    await page.context().clearCookies();
    await save('general').click();
    const notice = page.locator('[data-signed-out]');
    await notice.getByText('You have been logged out.').waitFor();
    expect(await notice.getByRole('link').getAttribute('target')).toBe('_blank');
    const other = await page.context().newPage();
    await other.goto('/dev-login?username=Admin');
    await save('general').click();
    await section('general').getByText('Saved.').waitFor();
    expect(await notice.isHidden()).toBe(true);
    expect((await channel()).description).toBe('Typed for long');
  });

  it('does not save as somebody else who has logged in since', async () => {
    await openSettings();
    await section('general').getByLabel('Description').fill('Not mine');
    await page.context().clearCookies();
    const other = await page.context().newPage();
    await other.goto('/dev-login?username=Mallory');
    await save('general').click();
    await section('general').getByText('You may not do this here').waitFor();
    expect((await channel()).description).toBe('');
  });

  it('says in its own words what a proxy refuses in HTML', async () => {
    await openSettings();
    const answers: [number, string][] = [
      [413, 'too large'],
      [503, 'busy'],
    ];
    for (const [status, words] of answers) {
      await page.route(`**/api/v1/channels/${id}`, (route) =>
        route.fulfill({ status, contentType: 'text/html', body: '<h1>No</h1>' }),
      );
      await section('general').getByLabel('Description').fill(words);
      await save('general').click();
      await section('general').locator('[data-problem]', { hasText: words }).waitFor();
      await page.unroute(`**/api/v1/channels/${id}`);
    }
    // What is too long is not cut without a word, but refused.
    await section('display').getByLabel('CSS').fill('x'.repeat(50_001));
    await section('display').getByRole('button', { name: 'Save' }).last().click();
    await section('display').locator('.field__problem', { hasText: '50000' }).waitFor();
  });

  it('says beside its button that an undo was refused, and can be asked again', async () => {
    await page.goto(`/channel/${id}/blocked`, READY);
    const patterns = section('patterns');
    await patterns.getByText('Block a text').click();
    await patterns.getByRole('textbox').first().fill('unwanted words');
    await patterns.getByRole('button', { name: 'Block', exact: true }).click();
    await patterns.locator('.row', { hasText: 'unwanted words' }).waitFor();
    await page.route('**/undo', (route) => route.abort());
    await patterns.getByRole('button', { name: 'Undo' }).click();
    await patterns.locator('[data-undo-problem]', { hasText: 'cannot be reached' }).waitFor();
    await page.unroute('**/undo');
    await patterns.getByRole('button', { name: 'Undo' }).click();
    await patterns.getByText('Undone.').waitFor();
    expect(await patterns.locator('[data-undo-problem]').isHidden()).toBe(true);
    await patterns.locator('[data-list-empty]').waitFor();
  });

  it('lets a refusal of the simulation stand until the next action', async () => {
    await page.goto('/admin/simulation', READY);
    await page.locator('#simulation-message').fill('  ');
    await page.locator('[data-simulation-inject] button').click();
    const problem = page.locator('[data-simulation-inject-problem]');
    await problem.getByText('must not be blank').waitFor();
    await page.waitForTimeout(2_600);
    expect(await problem.isVisible()).toBe(true);
  });

  it('keeps the focus where it was, and asks before it makes an admin', async () => {
    await admin.put(`/api/v1/channels/${id}/members/5`, { username: 'Five', role: 'moderator' });
    await openSettings();
    await section('general').getByLabel('Description').fill('By key');
    await save('general').focus();
    await page.keyboard.press('Enter');
    await section('general').getByText('Saved.').waitFor();
    expect(await focused()).toContain('Save');

    const role = section('team').getByRole('combobox', { name: 'Role of Five' });
    const roles = async () =>
      (await admin.get(`/api/v1/channels/${id}/members`)).body.members.map((one: { role: string }) => one.role);
    const dialog = page.locator('[data-confirm]');
    await role.selectOption('admin');
    await dialog.getByText('Make Five an admin?').waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => role.inputValue(), 'moderator');
    expect(await roles()).toEqual(['moderator']);
    await role.selectOption('admin');
    await dialog.getByRole('button', { name: 'Make an admin' }).click();
    await eventually(roles, ['admin']);
    await eventually(async () => (await focused()).includes('Role of Five'), true);
  });

  it('lands on the section that its address names, however much the others have grown', async () => {
    await page.setViewportSize({ width: 1280, height: 700 });
    await openSettings('#team');
    await eventually(async () => {
      const box = await section('team').getByRole('heading').first().boundingBox();
      return box !== null && box.y > 40 && box.y < 350;
    }, true);
  });

  it('says when a list is no longer current', async () => {
    await page.goto('/', READY);
    await page.route('**/', (route) => route.abort());
    await page.locator('[data-stale]').waitFor();
    await page.unroute('**/');
    await page.locator('[data-stale]').waitFor({ state: 'hidden' });
    await page.context().clearCookies();
    await page.locator('[data-signed-out]').waitFor();
  });
});
