import type { PreviousSecret } from '../../src/entities/channel.entity';
import { type DatabaseKind, describeOnOneServer, freshDatabase, type TestDatabase } from '../support/databases';
import { Client, event, send, webhook } from '../support/http';
import { startServer, type TestServer } from '../support/server';

interface Version {
  rules_version: number;
  published_version: number;
  change_seq: number;
}

describeOnOneServer('Channels', (kind: DatabaseKind) => {
  let database: TestDatabase;
  let server: TestServer;
  let superadmin: Client;
  let admin: Client;
  let moderator: Client;
  let stranger: Client;
  let nobody: Client;

  beforeAll(async () => {
    database = await freshDatabase(kind, 'cs_admin');
    server = await startServer({ database, env: { SUPERADMIN_USERS: 'Root', PUBLIC_URL: 'https://chat.example.org' } });
    [superadmin, admin, moderator, stranger] = await Promise.all(
      ['Root', 'Ada', 'Mo', 'Stranger'].map((name) => new Client(server.url).signIn(name)),
    );
    nobody = new Client(server.url);
  });

  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });

  let made = 0;

  /** A channel with Ada as admin and Mo as moderator. */
  async function newChannel(fields: object = {}) {
    const { status, body } = await superadmin.post('/api/v1/channels', {
      id: `room-${++made}`,
      name: `Room ${made}`,
      ...fields,
    });
    expect(status).toBe(201);
    for (const [client, username, role] of [
      [admin, 'Ada', 'admin'],
      [moderator, 'Mo', 'moderator'],
    ] as const) {
      const { user } = (await client.get('/api/v1/session')).body;
      await superadmin.put(`/api/v1/channels/${body.id}/members/${user.centralauthId}`, { username, role });
    }
    return { ...body, path: `/api/v1/channels/${body.id}` };
  }

  async function versionOf(id: string): Promise<Version> {
    const [version] = await database.query<Version>(
      'SELECT rules_version, published_version, change_seq FROM channel_state WHERE channel_id = ?',
      [id],
    );
    return version;
  }

  const hook = (id: string) => `${server.url}/webhook/channel/${id}`;

  describe('creating', () => {
    test('answers the channel with its defaults and everything that Eventyay and displays need', async () => {
      const { status, body } = await superadmin.post('/api/v1/channels', {
        id: 'main-hall',
        name: ' Main hall ',
        description: 'Keynotes',
      });
      expect(status).toBe(201);
      expect(body).toEqual({
        id: 'main-hall',
        name: 'Main hall',
        description: 'Keynotes',
        active: true,
        archivedAt: null,
        public: true,
        emojiAutoApprove: true,
        anonymousLabel: 'Anonymous',
        languageDetection: false,
        defaultLanguage: 'en',
        likelyLanguages: [],
        customCss: '',
        silenceWarningMinutes: null,
        retentionDays: null,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        waiting: 0,
        arrivalsPerMinute: 0,
        lastReceivedAt: null,
        silentSince: null,
        role: 'superadmin',
        webhookUrl: 'https://chat.example.org/webhook/channel/main-hall',
        webhookSecret: expect.stringMatching(/^[\w-]{43}$/),
        displayToken: expect.stringMatching(/^[\w-]{43}$/),
        previousWebhookSecretUntil: null,
        previousWebhookSecretUsedAt: null,
      });
      expect(body.webhookSecret).not.toBe(body.displayToken);
    });

    test('makes a channel that takes messages at once', async () => {
      const { id, webhookSecret } = await newChannel();
      expect((await webhook(hook(id), webhookSecret, event())).body).toEqual({ ok: true, outcome: 'queued' });
    });

    test.each([
      ['no body', undefined],
      ['no id', { name: 'x' }],
      ['no name', { id: 'x' }],
      ['an empty id', { id: '', name: 'x' }],
      ['an id in capitals', { id: 'Main', name: 'x' }],
      ['an id that begins with a dash', { id: '-main', name: 'x' }],
      ['an id of 65 characters', { id: 'a'.repeat(65), name: 'x' }],
      ['an id with a line break', { id: 'main\n', name: 'x' }],
      ['an id with a slash', { id: 'a/b', name: 'x' }],
      ['a number as id', { id: 5, name: 'x' }],
      ['null as name', { id: 'x', name: null }],
      ['a blank name', { id: 'x', name: ' \u200b\u3164' }],
      ['a name of 256 characters', { id: 'x', name: 'é'.repeat(256) }],
      ['a name of emoji with variation selectors that fits no column', { id: 'x', name: '❤️'.repeat(200) }],
      ['NUL in the name', { id: 'x', name: 'a\0b' }],
      ['half a pair in the name', { id: 'x', name: 'a\ud83d' }],
      ['null as description', { id: 'x', name: 'x', description: null }],
      ['a description of 5,001 characters', { id: 'x', name: 'x', description: 'd'.repeat(5001) }],
      ['an unknown key', { id: 'x', name: 'x', active: false }],
    ])('is refused for %s', async (_, body) => {
      const answer = await superadmin.post('/api/v1/channels', body);
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({
        statusCode: 400,
        error: 'Bad Request',
        message: expect.arrayContaining([expect.any(String)]),
      });
    });

    test('says each problem once and what would be right', async () => {
      const { body } = await superadmin.post('/api/v1/channels', { id: 'A', name: '', colour: 'red' });
      expect(body.message.sort()).toEqual([
        'id must be 1 to 64 characters a-z, 0-9, _ and -, and begin with a letter or digit',
        'name must not be blank',
        'property colour should not exist',
      ]);
    });

    test('takes what just fits', async () => {
      const id = 'z'.repeat(64);
      const name = '👩🏽‍💻'.repeat(63) + 'abc';
      expect([...name]).toHaveLength(255);
      const { status, body } = await superadmin.post('/api/v1/channels', { id, name, description: 'x\n'.repeat(2500) });
      expect(status).toBe(201);
      expect((await superadmin.get(`/api/v1/channels/${id}`)).body).toMatchObject({
        name,
        description: body.description,
      });
    });

    test('of one id many times at once succeeds once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => superadmin.post('/api/v1/channels', { id: 'wanted-by-all', name: 'All' })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
      const made = answers.find(({ status }) => status === 201)!.body;
      expect((await superadmin.get('/api/v1/channels/wanted-by-all')).body.webhookSecret).toBe(made.webhookSecret);
    });

    test('is for superadmins, and the checks come in the order 401, CSRF, role, input, conflict', async () => {
      const { id } = await newChannel();
      const bad = { id: 'BAD' };
      const withoutToken = { headers: { 'x-csrf-token': undefined } };
      expect((await nobody.post('/api/v1/channels', bad)).status).toBe(401);
      expect((await superadmin.post('/api/v1/channels', bad, withoutToken)).status).toBe(403);
      expect((await admin.post('/api/v1/channels', bad)).status).toBe(403);
      expect((await superadmin.post('/api/v1/channels', { id, name: '' })).status).toBe(400);
      expect((await superadmin.post('/api/v1/channels', { id, name: 'Again' })).status).toBe(409);
    });
  });

  describe('showing', () => {
    test('gives each role what it may see', async () => {
      const { path, webhookUrl, displayToken, webhookSecret, ...channel } = await newChannel();
      const { role, previousWebhookSecretUntil, previousWebhookSecretUsedAt, ...shown } = channel;
      expect(role).toBe('superadmin');
      expect((await moderator.get(path)).body).toEqual({ ...shown, role: 'moderator' });
      expect((await admin.get(path)).body).toEqual({ ...shown, role: 'admin', webhookUrl, displayToken });
      expect((await superadmin.get(path)).body).toEqual({
        ...shown,
        role: 'superadmin',
        webhookUrl,
        displayToken,
        webhookSecret,
        previousWebhookSecretUntil,
        previousWebhookSecretUsedAt,
      });
    });

    test('is refused in order: 401, 404 unknown, 403', async () => {
      const { path } = await newChannel();
      expect((await nobody.get('/api/v1/channels/nowhere')).status).toBe(401);
      expect((await stranger.get('/api/v1/channels/nowhere')).status).toBe(404);
      expect((await stranger.get('/api/v1/channels/NO%00WHERE')).status).toBe(404);
      expect((await stranger.get(path)).status).toBe(403);
    });

    test('lists by name: own channels for members, all for superadmins, never with secrets', async () => {
      const list = async (client: Client) => (await client.get('/api/v1/channels')).body.channels;
      const ids = async (client: Client) => (await list(client)).map(({ id }: { id: string }) => id);
      const second = await newChannel({ name: 'Salon 10' });
      const first = await newChannel({ name: 'salon 2' });
      expect((await ids(superadmin)).filter((id: string) => [first.id, second.id].includes(id))).toEqual([
        first.id,
        second.id,
      ]);
      expect(await ids(superadmin)).toContain('simulation');
      expect(await ids(moderator)).toEqual(expect.arrayContaining([first.id, second.id]));
      expect(await ids(moderator)).not.toContain('simulation');
      expect(await ids(stranger)).toEqual([]);
      expect((await nobody.get('/api/v1/channels')).status).toBe(401);
      const text = JSON.stringify(await list(superadmin));
      for (const secret of [first.webhookSecret, first.displayToken]) expect(text).not.toContain(secret);
      expect((await list(moderator))[0].role).toBe('moderator');
      expect((await list(superadmin))[0].role).toBe('superadmin');
    });
  });

  describe('changing settings', () => {
    test.each([
      ['public', false],
      ['emojiAutoApprove', false],
      ['anonymousLabel', 'Guest'],
      ['languageDetection', true],
      ['defaultLanguage', 'pt-BR'],
      ['likelyLanguages', ['en', 'ar', 'zh-Hant-TW']],
      ['silenceWarningMinutes', 1440],
      ['retentionDays', 3650],
    ])('%s is for admins', async (field, value) => {
      const { path } = await newChannel();
      expect((await moderator.patch(path, { [field]: value })).status).toBe(403);
      const answer = await admin.patch(path, { [field]: value });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ role: 'admin', [field]: value });
      expect(answer.body).not.toHaveProperty('webhookSecret');
      expect((await admin.get(path)).body).toEqual(answer.body);
    });

    test.each([
      ['name', 'Other name'],
      ['description', ''],
      ['active', false],
      ['customCss', '.message::after { content: "]]>" }\n'],
    ])('%s is for superadmins', async (field, value) => {
      const { path } = await newChannel({ description: 'Was there' });
      expect((await admin.patch(path, { [field]: value })).status).toBe(403);
      expect((await superadmin.patch(path, { [field]: value })).body).toMatchObject({
        role: 'superadmin',
        [field]: value,
      });
      expect((await superadmin.get(path)).body).toMatchObject({ [field]: value });
    });

    test('leaves everything else as it was, also for an empty body', async () => {
      const { path } = await newChannel({ description: 'Stays' });
      const before = (await superadmin.get(path)).body;
      expect((await superadmin.patch(path, { public: false })).body).toEqual({ ...before, public: false });
      expect((await superadmin.patch(path, {})).body).toEqual({ ...before, public: false });
      expect((await superadmin.patch(path)).body).toEqual({ ...before, public: false });
    });

    test('keeps language tags in their canonical form', async () => {
      const { path } = await newChannel();
      const { body } = await admin.patch(path, { defaultLanguage: 'PT-br', likelyLanguages: ['iw', 'ZH-hans'] });
      expect(body).toMatchObject({ defaultLanguage: 'pt-BR', likelyLanguages: ['he', 'zh-Hans'] });
    });

    test.each([
      ['name', 'null', null],
      ['name', 'empty', ''],
      ['name', 'of 256 characters', 'n'.repeat(256)],
      ['description', 'a number', 7],
      ['active', 'null', null],
      ['active', 'in words', 'true'],
      ['customCss', 'of 50,001 characters', 'c'.repeat(50_001)],
      ['customCss', 'of more bytes than the column holds', '漢'.repeat(30_000)],
      ['customCss', 'with NUL', 'a\0'],
      ['public', 'a number', 1],
      ['emojiAutoApprove', 'null', null],
      ['anonymousLabel', 'blank', ' '],
      ['anonymousLabel', 'null', null],
      ['anonymousLabel', 'of 65 characters', 'a'.repeat(65)],
      ['anonymousLabel', 'of two lines', 'a\nb'],
      ['languageDetection', 'in words', 'no'],
      ['defaultLanguage', 'null', null],
      ['defaultLanguage', 'empty', ''],
      ['defaultLanguage', 'with an underscore', 'pt_BR'],
      ['defaultLanguage', 'a name', 'english language'],
      ['defaultLanguage', 'of more than 35 characters', `en-${'abcde-'.repeat(6)}abcde`],
      ['likelyLanguages', 'null', null],
      ['likelyLanguages', 'no list', 'en'],
      ['likelyLanguages', 'with null in it', ['en', null]],
      ['likelyLanguages', 'with something else in it', ['en', 'x_x']],
      ['likelyLanguages', 'that name one twice', ['he', 'iw']],
      ['likelyLanguages', 'more than 20', Array.from({ length: 21 }, (_, i) => `a${String.fromCharCode(97 + i)}`)],
      ['silenceWarningMinutes', 'zero', 0],
      ['retentionDays', 'zero', 0],
      ['retentionDays', 'more than ten years', 3651],
      ['retentionDays', 'a fraction', 1.5],
      ['retentionDays', 'in words', '30'],
      ['silenceWarningMinutes', 'more than a day', 1441],
      ['silenceWarningMinutes', 'a fraction', 1.5],
      ['silenceWarningMinutes', 'in words', '10'],
      ['silentSince', 'null', null],
      ['id', 'another one', 'other'],
      ['webhookSecret', 'one of their own', 'mine'],
      ['archivedAt', 'null', null],
    ])('refuses %s: %s', async (field, _, value) => {
      const answer = await superadmin.patch('/api/v1/channels/simulation', { [field]: value });
      expect(answer.status).toBe(400);
      expect(answer.body.message.join()).toContain(field);
    });

    test('is refused in order: 401, CSRF, 404, 403 for the role or the field, 400', async () => {
      const { path } = await newChannel();
      const bad = { public: 'x' };
      expect((await nobody.patch('/api/v1/channels/nowhere', bad)).status).toBe(401);
      expect(
        (await stranger.patch('/api/v1/channels/nowhere', bad, { headers: { 'x-csrf-token': 'wrong' } })).status,
      ).toBe(403);
      expect((await stranger.patch('/api/v1/channels/nowhere', bad)).status).toBe(404);
      expect((await stranger.patch(path, bad)).status).toBe(403);
      expect((await moderator.patch(path, bad)).status).toBe(403);
      expect((await admin.patch(path, { ...bad, name: null })).status).toBe(403);
      expect((await admin.patch(path, bad)).status).toBe(400);
    });

    test('raises the version of the rules, and that of the feeds where they show it; what changes nothing raises none', async () => {
      const { id, path, name } = await newChannel();
      const before = await versionOf(id);
      await superadmin.patch(path, { name, likelyLanguages: [], public: true });
      expect(await versionOf(id)).toEqual(before);
      await admin.patch(path, { anonymousLabel: 'Guest' });
      const labelled = await versionOf(id);
      expect(labelled).toMatchObject({
        rules_version: before.rules_version + 1,
        published_version: before.published_version,
      });
      expect(labelled.change_seq).toBeGreaterThan(before.change_seq);
      await superadmin.patch(path, { name: 'New name' });
      expect(await versionOf(id)).toMatchObject({
        rules_version: before.rules_version + 2,
        published_version: before.published_version + 1,
      });
    });

    test('of an inactive channel lets nothing in', async () => {
      const { id, path, webhookSecret } = await newChannel();
      await superadmin.patch(path, { active: false });
      expect((await webhook(hook(id), webhookSecret, event())).status).toBe(404);
      await superadmin.patch(path, { active: true });
      expect((await webhook(hook(id), webhookSecret, event())).status).toBe(200);
    });
  });

  describe('archiving and reopening', () => {
    test('is for admins, can be repeated, and closes and opens the webhook', async () => {
      const { id, path, webhookSecret } = await newChannel();
      const archived = await admin.post(`${path}/archive`);
      expect(archived.status).toBe(200);
      expect(archived.body).toMatchObject({ id, active: true, archivedAt: expect.stringMatching(/Z$/) });
      expect((await webhook(hook(id), webhookSecret, event())).status).toBe(404);
      expect((await admin.post(`${path}/archive`)).body).toEqual(archived.body);
      expect((await moderator.get(path)).body.archivedAt).toBe(archived.body.archivedAt);

      for (let i = 0; i < 2; i++) {
        const reopened = await admin.post(`${path}/reopen`);
        expect([reopened.status, reopened.body.archivedAt]).toEqual([200, null]);
      }
      expect((await webhook(hook(id), webhookSecret, event())).status).toBe(200);
    });

    test.each(['archive', 'reopen'])('%s is refused in order', async (action) => {
      const { path } = await newChannel();
      expect((await nobody.post(`/api/v1/channels/nowhere/${action}`)).status).toBe(401);
      expect(
        (await moderator.post(`${path}/${action}`, undefined, { headers: { 'x-csrf-token': undefined } })).status,
      ).toBe(403);
      expect((await moderator.post(`/api/v1/channels/nowhere/${action}`)).status).toBe(404);
      expect((await moderator.post(`${path}/${action}`)).status).toBe(403);
    });
  });

  describe('secrets', () => {
    test('a new webhook secret leaves the one before it valid until it is taken away', async () => {
      const { id, path, webhookSecret: first } = await newChannel();
      const accepted = async (secret: string) => (await webhook(hook(id), secret, event())).status;

      const { status, body } = await superadmin.post(`${path}/webhook-secret`);
      expect([status, Object.keys(body)]).toEqual([201, ['webhookSecret']]);
      const second = body.webhookSecret;
      expect([await accepted(first), await accepted(second)]).toEqual([200, 200]);
      const shown = (await superadmin.get(path)).body;
      expect(shown).toMatchObject({ webhookSecret: second, previousWebhookSecretUntil: expect.stringMatching(/Z$/) });

      const third = (await superadmin.post(`${path}/webhook-secret`)).body.webhookSecret;
      expect([await accepted(first), await accepted(second), await accepted(third)]).toEqual([200, 200, 200]);

      for (let i = 0; i < 2; i++) expect((await superadmin.delete(`${path}/webhook-secret/previous`)).status).toBe(204);
      expect([await accepted(first), await accepted(second), await accepted(third)]).toEqual([403, 403, 200]);
      expect((await superadmin.get(path)).body.previousWebhookSecretUntil).toBeNull();
    });

    test('the last use of the one before is told until there is another one before', async () => {
      const { id, path, webhookSecret: first } = await newChannel();
      const look = async () => (await superadmin.get(path)).body;
      await webhook(hook(id), first, event());
      const second = (await superadmin.post(`${path}/webhook-secret`)).body.webhookSecret;
      await webhook(hook(id), second, event());
      expect((await look()).previousWebhookSecretUsedAt).toBeNull();

      const repeated = event();
      await webhook(hook(id), first, repeated);
      const { previousWebhookSecretUsedAt: used, lastReceivedAt } = await look();
      expect(used).toBe(lastReceivedAt);
      await webhook(hook(id), second, event());
      expect((await look()).previousWebhookSecretUsedAt).toBe(used);
      // A duplicate as well shows that somebody still signs with it.
      await webhook(hook(id), first, repeated);
      expect(Date.parse((await look()).previousWebhookSecretUsedAt)).toBeGreaterThan(Date.parse(used));
      expect((await admin.get(path)).body).not.toHaveProperty('previousWebhookSecretUsedAt');

      const { previousWebhookSecretUntil: endOfFirst } = await look();
      await superadmin.post(`${path}/webhook-secret`);
      const replacedTwice = await look();
      expect(replacedTwice.previousWebhookSecretUsedAt).toBeNull();
      expect(Date.parse(replacedTwice.previousWebhookSecretUntil)).toBeGreaterThan(Date.parse(endOfFirst));
      // The one that is used tells when it ends, not the last one.
      await webhook(hook(id), first, event());
      expect(await look()).toMatchObject({
        previousWebhookSecretUntil: endOfFirst,
        previousWebhookSecretUsedAt: expect.any(String),
      });
    });

    test('the one before ends by itself', async () => {
      const { id, path, webhookSecret: first } = await newChannel();
      await superadmin.post(`${path}/webhook-secret`);
      const [row] = await database.query<{ kept: string }>(
        'SELECT previous_secrets AS kept FROM channels WHERE id = ?',
        [id],
      );
      const [{ expiresAt }] = JSON.parse(row.kept) as PreviousSecret[];
      const ends = expiresAt ?? 0;
      expect(ends - Date.now()).toBeGreaterThan(23 * 3600_000);
      expect(ends - Date.now()).toBeLessThanOrEqual(24 * 3600_000);

      await database.query('UPDATE channels SET previous_secrets = ? WHERE id = ?', [
        JSON.stringify([{ secret: first, expiresAt: Date.now() - 1 }]),
        id,
      ]);
      await admin.patch(path, { anonymousLabel: 'Rules are read again' });
      expect((await webhook(hook(id), first, event())).status).toBe(403);
      expect((await superadmin.get(path)).body.previousWebhookSecretUntil).toBeNull();
    });

    test('a new display token kills the old one', async () => {
      const { id, path, displayToken: first } = await newChannel();
      await admin.patch(path, { public: false });
      const feed = async (token: string) => (await send(`${server.url}/rss/${id}?token=${token}`)).status;
      expect(await feed(first)).toBe(200);
      const { status, body } = await admin.post(`${path}/display-token`);
      expect([status, Object.keys(body)]).toEqual([201, ['displayToken']]);
      expect([await feed(first), await feed(body.displayToken)]).toEqual([403, 200]);
    });

    test('are refused in order', async () => {
      const { path } = await newChannel();
      const routes = [
        ['POST', 'webhook-secret', admin],
        ['DELETE', 'webhook-secret/previous', admin],
        ['POST', 'display-token', moderator],
      ] as const;
      for (const [method, route, tooLow] of routes) {
        expect((await nobody.request(method, `${path}/${route}`)).status).toBe(401);
        expect(
          (await tooLow.request(method, `${path}/${route}`, undefined, { headers: { 'x-csrf-token': undefined } }))
            .status,
        ).toBe(403);
        expect((await tooLow.request(method, `/api/v1/channels/nowhere/${route}`)).status).toBe(404);
        expect((await tooLow.request(method, `${path}/${route}`)).status).toBe(403);
      }
    });
  });

  describe('deleting', () => {
    test('is for superadmins, refused in order', async () => {
      const { path } = await newChannel();
      expect((await nobody.delete(path)).status).toBe(401);
      expect((await superadmin.delete(path, undefined, { headers: { 'x-csrf-token': undefined } })).status).toBe(403);
      expect((await admin.delete('/api/v1/channels/nowhere')).status).toBe(404);
      expect((await admin.delete(path)).status).toBe(403);
      expect((await admin.get(path)).status).toBe(200);
    });

    test('ends everything of the channel; one of the same id later has nothing of it', async () => {
      const { id, path, webhookSecret } = await newChannel();
      const message = event();
      await webhook(hook(id), webhookSecret, message);
      const before = await versionOf(id);
      expect((await superadmin.delete(path)).status).toBe(204);
      expect((await superadmin.get(path)).status).toBe(404);
      expect((await superadmin.delete(path)).status).toBe(404);
      expect((await webhook(hook(id), webhookSecret, message)).status).toBe(404);
      expect((await send(`${server.url}/rss/${id}`)).status).toBe(404);

      const again = (await superadmin.post('/api/v1/channels', { id, name: 'Again' })).body;
      expect(again.webhookSecret).not.toBe(webhookSecret);
      expect((await webhook(hook(id), webhookSecret, message)).status).toBe(403);
      expect((await webhook(hook(id), again.webhookSecret, message)).body).toEqual({ ok: true, outcome: 'queued' });
      expect((await moderator.get(path)).status).toBe(403);
      // What other processes remember of the old channel is remembered for one of its versions.
      const after = await versionOf(id);
      expect(after.rules_version).not.toBe(before.rules_version);
      expect(after.published_version).toBeGreaterThan(before.published_version);
      expect(after.change_seq).toBeGreaterThan(before.change_seq);
    });
  });
});
