import type { Browser, Locator, Page } from 'playwright-core';
import { Client, event, webhook } from '../support/http';
import { startServer, type TestServer } from '../support/server';
import { describeInBrowser, eventually, openBrowser, signIn } from './browser';

/** A page's scripts wait for its words, which come after its load event. */
const READY = { waitUntil: 'networkidle' } as const;

describeInBrowser('the administration', () => {
  let server: TestServer;
  let browser: Browser;
  let admin: Client;
  let rooms = 0;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), openBrowser()]);
    admin = await new Client(server.url).signIn('Admin');
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const open = (username = 'Admin') =>
    signIn(browser, server.url, username, { permissions: ['clipboard-read', 'clipboard-write'] });
  const copied = (page: Page) => page.evaluate<string>('navigator.clipboard.readText()');
  const outcome = async (id: string, secret: string, payload: Record<string, unknown> = {}) => {
    const { status, body } = await webhook(`${server.url}/webhook/channel/${id}`, secret, event(payload));
    return status === 200 ? (body as { outcome: string }).outcome : status;
  };

  async function accountOf(username: string): Promise<string> {
    const client = await new Client(server.url).signIn(username);
    const { user } = (await client.get<{ user: { centralauthId: string } }>('/api/v1/session')).body;
    return user.centralauthId;
  }

  /** A channel made by the API, with `team` in the roles that are given. */
  async function room(team: Record<string, 'admin' | 'moderator'> = {}) {
    const id = `room-${(rooms += 1)}`;
    const made = await admin.post<{ webhookSecret: string }>('/api/v1/channels', { id, name: `Room ${rooms}` });
    for (const [username, role] of Object.entries(team)) {
      await admin.put(`/api/v1/channels/${id}/members/${await accountOf(username)}`, { username, role });
    }
    return { id, secret: made.body.webhookSecret };
  }

  const confirm = (page: Page) => page.locator('[data-confirm] [data-yes]').click();
  const section = (page: Page, id: string): Locator => page.locator(`#${id}`);

  async function save(part: Locator): Promise<void> {
    await part.getByRole('button', { name: 'Save' }).click();
    await part.getByText('Saved.').waitFor();
  }

  it('leads from nothing to the first message, a team, a block, and the archive', async () => {
    const { page, complaints } = await open();
    await page.goto('/admin/channels', READY);
    await page.getByLabel('Name', { exact: true }).fill('Main hall – Saal 1');
    expect(await page.getByLabel('Id', { exact: true }).inputValue()).toBe('main-hall-saal-1');
    await page.getByRole('button', { name: 'Create' }).click();

    const next = page.locator('[data-next]');
    await next.getByRole('heading', { name: 'Main hall – Saal 1 is ready' }).waitFor();
    const hidden = next.getByLabel('Webhook secret');
    expect(await hidden.inputValue()).toMatch(/^•+$/);
    await next.locator('[data-copyable="webhookSecret"] [data-copy]').click();
    await next.getByText('Copied').waitFor();
    const secret = await copied(page);
    expect(await outcome('main-hall-saal-1', secret)).toBe('queued');
    await next.getByRole('button', { name: 'Show' }).click();
    expect(await hidden.inputValue()).toBe(secret);

    await next.getByRole('link', { name: 'All settings' }).click();
    await page.locator('[data-count-of="received"]', { hasText: /^1$/ }).waitFor();
    await page.getByLabel('Name for the nameless').fill('Gast');
    await page.getByLabel('Accept repeated emoji').uncheck();
    await save(section(page, 'moderation'));
    await page.getByLabel('Likely languages').last().selectOption('de');
    await save(section(page, 'language'));

    await page.getByLabel('Wikimedia username').fill('Bob');
    await page.getByLabel('CentralAuth id').fill(await accountOf('Bob'));
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.locator('[data-members] .row', { hasText: 'Bob' }).waitFor();
    await page.reload(READY);
    await eventually(() => page.getByLabel('Name for the nameless').inputValue(), 'Gast');
    await eventually(() => page.getByLabel('Accept repeated emoji').isChecked(), false);
    await page.locator('.picked__one', { hasText: 'German' }).waitFor();

    const bob = await open('Bob');
    const answer = await bob.page.goto('/channel/main-hall-saal-1/blocked', READY);
    expect(answer?.status()).toBe(200);
    const troll = { sender_id: 'troll-7', screen_name: 'Troll' };
    await bob.page.getByText('Block a sender').click();
    await bob.page.getByLabel('Sender id').fill('troll-7');
    await bob.page.getByRole('button', { name: 'Block', exact: true }).first().click();
    const entry = bob.page.locator('.row', { hasText: 'troll-7' });
    await entry.waitFor();
    expect(await outcome('main-hall-saal-1', secret, troll)).toBe('dropped');
    await entry.getByRole('button', { name: 'Remove' }).click();
    await confirm(bob.page);
    await entry.waitFor({ state: 'detached' });
    expect(await outcome('main-hall-saal-1', secret, troll)).toBe('queued');
    expect(bob.complaints).toEqual([]);
    await bob.page.context().close();

    await section(page, 'danger').getByRole('button', { name: 'Archive' }).click();
    await confirm(page);
    await page.locator('.head .badge', { hasText: 'Archived' }).waitFor();
    expect(await outcome('main-hall-saal-1', secret)).toBe(404);
    await section(page, 'danger').getByRole('button', { name: 'Reopen' }).click();
    await eventually(() => outcome('main-hall-saal-1', secret), 'queued');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows a private channel’s addresses with the token, and the token only when asked', async () => {
    const { id } = await room({ Ada: 'admin' });
    const { page } = await open('Ada');
    await page.goto(`/channel/${id}/settings`, READY);
    const part = section(page, 'display');
    const address = part.getByLabel('RSS', { exact: true });
    expect(await address.inputValue()).toBe(`${server.url}/rss/${id}`);
    await part.getByLabel('Public').uncheck();
    await save(part);
    const before = await address.inputValue();
    expect(before).toMatch(/\?token=.{20,}$/);
    expect((await new Client(server.url).get(new URL(before).pathname + new URL(before).search)).status).toBe(200);

    await part.getByRole('button', { name: 'Replace the token' }).click();
    await confirm(page);
    await part.getByText('The addresses below have the new token').waitFor();
    expect((await new Client(server.url).get(new URL(before).pathname + new URL(before).search)).status).toBe(403);
    const token = part.getByLabel('Token', { exact: true });
    expect(await token.inputValue()).toMatch(/^•+$/);
    await part.getByRole('button', { name: 'Show' }).click();
    expect(await address.inputValue()).toBe(`${server.url}/rss/${id}?token=${await token.inputValue()}`);
    await page.context().close();
  });

  it('gives an admin what is theirs: neither the secret, nor other admins, nor the name', async () => {
    const { id } = await room({ Ada: 'admin', Grace: 'admin', Mo: 'moderator' });
    const { page } = await open('Ada');
    await page.goto(`/channel/${id}/settings`, READY);
    await page.locator('[data-members] .row', { hasText: 'Grace' }).waitFor();
    expect(await page.getByLabel('Webhook secret').count()).toBe(0);
    expect(await page.getByLabel('Name', { exact: true }).isEditable()).toBe(false);
    expect(await page.getByLabel('Receives messages').isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Delete for ever' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Remove (Ada|Grace)$/ }).count()).toBe(0);

    await page.getByRole('button', { name: 'Remove Mo' }).click();
    await confirm(page);
    await page.getByText('Removed: Mo', { exact: true }).waitFor();
    expect((await page.goto('/admin/', READY))?.status()).toBe(403);

    const moderator = await new Client(server.url).signIn('Mo');
    expect((await moderator.get(`/channel/${id}/queue`)).status).toBe(403);
    await page.context().close();
  });

  it('explains next to the field what is wrong', async () => {
    const { id } = await room();
    const { page } = await open();
    await page.goto('/admin/channels', READY);
    await page.getByLabel('Name', { exact: true }).fill('Twice');
    await page.getByLabel('Id', { exact: true }).fill(id);
    await page.getByRole('button', { name: 'Create' }).click();
    await page.locator('[data-field="id"] .field__problem', { hasText: /already/ }).waitFor();
    expect(await page.getByLabel('Id', { exact: true }).evaluate((input) => input.matches(':focus'))).toBe(true);

    await page.goto(`/channel/${id}/settings`, READY);
    await page.getByLabel('Name for the nameless').fill('   ');
    await section(page, 'moderation').getByRole('button', { name: 'Save' }).click();
    await page.locator('[data-field="anonymousLabel"] .field__problem', { hasText: 'Must not be blank.' }).waitFor();

    await page.goto(`/channel/${id}/allowed`, READY);
    await page.getByText('Allow a sender').click();
    await page.getByLabel('Name', { exact: true }).fill('Anybody');
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await page.getByText('Fill in one of the two ids').waitFor();
    await admin.post(`/api/v1/channels/${id}/blocked-senders`, { senderId: 'blocked-1' });
    await page.getByLabel('Sender id', { exact: true }).fill('blocked-1');
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await page.locator('[data-field="senderId"] .field__problem', { hasText: 'This sender is blocked.' }).waitFor();
    await page.context().close();
  });

  it('deletes a channel only after its id was typed', async () => {
    const { id } = await room();
    const { page } = await open();
    await page.goto(`/channel/${id}/settings`, READY);
    await page.getByRole('button', { name: 'Delete for ever' }).click();
    const dialog = page.locator('[data-confirm]');
    const yes = dialog.getByRole('button', { name: 'Delete for ever' });
    expect(await yes.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('room');
    expect(await yes.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill(id);
    await yes.click();
    await page.waitForURL('**/admin/channels');
    expect((await admin.get(`/api/v1/channels/${id}`)).status).toBe(404);
    await page.context().close();
  });

  it('carries a block to all channels, takes a pattern back with its messages, and simulates', async () => {
    const { id, secret } = await room();
    const other = await room();
    const { page } = await open();
    await outcome(id, secret, { message: 'buy cheap watches now' });
    await page.goto(`/channel/${id}/blocked`, READY);
    await page.getByText('Block a text').click();
    await page.getByLabel('Text', { exact: true }).fill('buy cheap watches now!');
    await page.getByRole('button', { name: 'Block', exact: true }).last().click();
    await page.getByText('1 message rejected.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone. 1 message is back as before.').waitFor();
    expect(await outcome(id, secret, { message: 'buy cheap watches now' })).toBe('queued');

    await page.getByText('Block a sender').click();
    await page.getByLabel('Sender id').fill('raider');
    await page.getByRole('button', { name: 'Block', exact: true }).first().click();
    await page.getByRole('button', { name: 'To the global list: raider' }).click();
    await confirm(page);
    await page.getByText('raider is on the global list.').waitFor();
    expect(await outcome(other.id, other.secret, { sender_id: 'raider' })).toBe('dropped');
    await page.goto('/admin/global-blocklist', READY);
    await page.getByRole('button', { name: 'Remove raider' }).click();
    await confirm(page);
    await page.getByText('Nobody is blocked everywhere.').waitFor();
    expect(await outcome(other.id, other.secret, { sender_id: 'raider' })).toBe('queued');

    await page.goto('/admin/simulation', READY);
    await page.getByRole('spinbutton').fill('600');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText(/Running at 600 messages a minute/).waitFor();
    await page.getByText(/^[1-9]\d* sent$/).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Not running.').waitFor();
    await page.getByLabel('Send one message').fill('One of my own');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('It waits in the queue.').waitFor();

    await page.getByRole('button', { name: 'Start a raid' }).click();
    await page.getByText(/^[1-9]\d* of 300 sent$/).waitFor();
    // Marked as disabled by now, but it still says why.
    await page.getByRole('button', { name: 'Start a raid' }).press('Enter');
    await page.getByText(/A raid is under way/).waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();

    const replay = page.getByRole('button', { name: 'Replay' });
    const choose = (text: string) =>
      page.getByLabel('Recording').setInputFiles({ name: 'r.jsonl', mimeType: '', buffer: Buffer.from(text) });
    await replay.click();
    await page.getByText('Choose a recording.').waitFor();
    await choose('{"message_id":1,"message":"Recorded"}\nnonsense');
    await replay.click();
    await page.getByText('Line 2 is no valid JSON.').waitFor();
    await choose('{"message_id":1,"message":"Recorded"}\n{"message_id":2,"message":"Recorded, too"}');
    await page.getByLabel('Speed').selectOption('20');
    await replay.click();
    await page.getByText(/^2 of 2 sent$/).waitFor();
    await page.context().close();
  });
});
