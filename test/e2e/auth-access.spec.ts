import { Body, Controller, Delete, Get, HttpCode, Module, Patch, Post, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { IsString } from 'class-validator';
import type { Request } from 'express';
import { randomUUID } from 'node:crypto';
import { setUpApp } from '../../src/app.setup';
import {
  Access,
  type ChannelRole,
  CurrentChannel,
  CurrentRole,
  CurrentUser,
  Open,
  PageAccess,
  type Principal,
  SuperadminFields,
} from '../../src/auth/access';
import { newToken, tokenDigest } from '../../src/auth/api-tokens';
import { AuthModule } from '../../src/auth/auth.module';
import { Roles } from '../../src/auth/roles';
import { Database } from '../../src/database/database';
import { DatabaseModule } from '../../src/database/database.module';
import { ChannelMember } from '../../src/entities/channel-member.entity';
import { Channel } from '../../src/entities/channel.entity';
import { readSettings } from '../../src/settings';
import { SettingsModule } from '../../src/settings.module';
import { describeOnOneServer, freshDatabase, type TestDatabase } from '../support/databases';
import { type Answer, Client } from '../support/http';

class LabelDto {
  @IsString()
  label!: string;
}

/** Requests that are kept as an event stream keeps its own. */
const open: Request[] = [];

/** Routes of every kind, so that what is tested is the guard and not what stands behind it. */
@Controller('api/v1/probe')
class ProbeController {
  @Open()
  @Get('open')
  open(@Req() { principal = null }: Request) {
    return { principal };
  }

  @Get('forgotten')
  forgotten() {
    return {};
  }

  @Access('signed-in')
  @Get('me')
  me(@CurrentUser() user: Principal) {
    return user;
  }

  @Access('signed-in', { tokens: false })
  @Get('people')
  people() {
    return {};
  }

  @Access('superadmin')
  @Get('superadmin')
  superadmin() {
    return {};
  }

  @Access('moderator')
  @Get('moderator-of-nothing')
  nothing() {
    return {};
  }

  @Access('signed-in')
  @Get(':channelId/any')
  any(@CurrentChannel() channel: Channel, @CurrentRole() role: ChannelRole) {
    return { channel: channel.id, role };
  }

  @Access('moderator')
  @Get(':channelId/moderator')
  moderator(@Req() request: Request) {
    open.push(request);
    return {};
  }

  @Access('admin')
  @Get(':channelId/admin')
  admin() {
    return {};
  }

  @Access('superadmin')
  @Delete(':channelId')
  @HttpCode(204)
  remove() {}

  @Access('admin')
  @SuperadminFields('name', 'active')
  @Patch(':channelId')
  change(@Body() label: LabelDto) {
    return label;
  }

  @Access('moderator')
  @HttpCode(200)
  @Post([
    ':channelId/m/:messageId',
    ':channelId/b/:blockedId',
    ':channelId/a/:allowedId',
    ':channelId/p/:patternId',
    ':channelId/o/:operationId',
  ])
  thing(@Body() label: LabelDto) {
    return label;
  }
}

@Controller('channel')
class ProbePages {
  @PageAccess('moderator')
  @Get(':channelId/probe')
  page() {
    return 'a page';
  }

  @PageAccess('moderator')
  @Post(':channelId/probe')
  form() {
    return 'done';
  }
}

@Module({ imports: [AuthModule], controllers: [ProbeController, ProbePages] })
class ProbeModule {}

const PEOPLE = ['Stranger', 'Elsewhere', 'Moderator', 'Admin', 'Boss'] as const;
type Person = (typeof PEOPLE)[number] | 'nobody';
const EVERYBODY: Person[] = ['nobody', ...PEOPLE];

describeOnOneServer('access', (kind) => {
  let database: TestDatabase;
  let app: NestExpressApplication;
  let url: string;
  const clients = {} as Record<Person, Client>;
  const ids: Record<string, { ours: string; theirs: string }> = {};

  beforeAll(async () => {
    database = await freshDatabase(kind, 'cs_auth');
    const settings = readSettings({
      NODE_ENV: 'test',
      SUPERADMIN_USERS: 'Boss',
      PUBLIC_URL: 'https://moderate.example',
      ...database.env,
    });
    const everything = {
      module: ProbeModule,
      imports: [
        SettingsModule.with(settings),
        ScheduleModule.forRoot(),
        DatabaseModule.with(await Database.open(settings)),
      ],
    };
    app = await NestFactory.create<NestExpressApplication>(everything, {
      bodyParser: false,
      logger: false,
      abortOnError: false,
    });
    setUpApp(app);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    for (const name of PEOPLE) clients[name] = await new Client(url).signIn(name);
    clients.nobody = new Client(url);
    await seed(app.get(Database));
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  async function seed(db: Database): Promise<void> {
    await db.write(async (tx) => {
      await tx.insert(Channel, [
        channel('ours'),
        channel('theirs'),
        { ...channel('closed'), active: false, archivedAt: 1 },
      ]);
      const member = async (channelId: string, name: Person, role: ChannelMember['role']) =>
        tx.insert(ChannelMember, { channelId, centralauthId: await idOf(name), username: name, role, addedAt: 1 });
      await member('theirs', 'Elsewhere', 'admin');
      await member('ours', 'Moderator', 'moderator');
      await member('ours', 'Admin', 'admin');
      await member('closed', 'Moderator', 'moderator');
    });
    for (const [param, table] of [
      ['m', 'messages'],
      ['b', 'blocked_senders'],
      ['a', 'allowed_senders'],
      ['p', 'blocked_patterns'],
      ['o', 'operations'],
    ] as const) {
      ids[param] = { ours: await row(table, 'ours'), theirs: await row(table, 'theirs') };
    }
  }

  async function row(table: string, channelId: string): Promise<string> {
    const sender: Record<string, unknown> = { channel_id: channelId, identity: 'x', added_by: 'x', added_at: 1 };
    const rows: Record<string, Record<string, unknown>> = {
      messages: {
        channel_id: channelId,
        change_seq: 1,
        source_id: 'x',
        type: 'text',
        text: 'x',
        normal_text: 'x',
        normal_length: 1,
        screen_name: 'x',
        status_rank: 0,
        revision: 0,
        arrived_at: 1,
      },
      blocked_senders: sender,
      allowed_senders: sender,
      blocked_patterns: { channel_id: channelId, digest: 'x', text: 'x', normal_text: 'x', added_by: 'x', added_at: 1 },
      operations: { id: randomUUID(), channel_id: channelId, cause: 'block', made_by: 'x', made_at: 1 },
    };
    const columns = Object.keys(rows[table]);
    await database.query(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      Object.values(rows[table] as object),
    );
    const [{ id } = { id: 0 }] = await database.query<{ id: number | string }>(
      `SELECT id FROM ${table} WHERE channel_id = ?`,
      [channelId],
    );
    return String(id);
  }

  const idOf = async (name: Person): Promise<string> =>
    (await clients[name].get('/api/v1/session')).body.user.centralauthId;
  const statuses = async (ask: (client: Client) => Promise<Answer>) =>
    Object.fromEntries(
      await Promise.all(EVERYBODY.map(async (name) => [name, (await ask(clients[name])).status] as const)),
    );
  const post = (client: Client, path: string, body: unknown, headers = {}) =>
    client.post(`/api/v1/probe/${path}`, body, { headers });

  describe('levels', () => {
    it.each([
      ['open', { nobody: 200, Stranger: 200, Elsewhere: 200, Moderator: 200, Admin: 200, Boss: 200 }],
      ['forgotten', { nobody: 403, Stranger: 403, Elsewhere: 403, Moderator: 403, Admin: 403, Boss: 403 }],
      ['me', { nobody: 401, Stranger: 200, Elsewhere: 200, Moderator: 200, Admin: 200, Boss: 200 }],
      ['superadmin', { nobody: 401, Stranger: 403, Elsewhere: 403, Moderator: 403, Admin: 403, Boss: 200 }],
      ['moderator-of-nothing', { nobody: 401, Stranger: 403, Elsewhere: 403, Moderator: 403, Admin: 403, Boss: 200 }],
      ['ours/any', { nobody: 401, Stranger: 403, Elsewhere: 403, Moderator: 200, Admin: 200, Boss: 200 }],
      ['ours/moderator', { nobody: 401, Stranger: 403, Elsewhere: 403, Moderator: 200, Admin: 200, Boss: 200 }],
      ['ours/admin', { nobody: 401, Stranger: 403, Elsewhere: 403, Moderator: 403, Admin: 200, Boss: 200 }],
      ['closed/moderator', { nobody: 401, Stranger: 403, Elsewhere: 403, Moderator: 200, Admin: 403, Boss: 200 }],
      ['unknown/moderator', { nobody: 401, Stranger: 404, Elsewhere: 404, Moderator: 404, Admin: 404, Boss: 404 }],
    ])('GET %s', async (path, expected) => {
      expect(await statuses((client) => client.get(`/api/v1/probe/${path}`))).toEqual(expected);
    });

    it('DELETE of a channel, a superadmin thing', async () => {
      const expected = { nobody: 401, Stranger: 403, Elsewhere: 403, Moderator: 403, Admin: 403, Boss: 204 };
      expect(await statuses((client) => client.delete('/api/v1/probe/ours'))).toEqual(expected);
    });

    it.each(['OURS', 'ours%20', 'ours%00', '..%2fours', `o${'x'.repeat(64)}`, "'%20OR%201=1"])(
      'there is no channel %p',
      async (id) => {
        expect((await clients.Boss.get(`/api/v1/probe/${id}/moderator`)).status).toBe(404);
      },
    );

    it('a token gets to nothing that is for people, with a channel or without', async () => {
      const token = newToken();
      const columns = 'channel_id, name, scopes, digest, created_by, created_by_id, created_at';
      const row = ['ours', 'robot', '["admin"]', tokenDigest(token), 'Admin', await idOf('Admin'), 1];
      await database.query(`INSERT INTO api_tokens (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`, row);
      const get = (path: string) => new Client(url).get(path, { headers: { authorization: `Bearer ${token}` } });
      expect((await get('/api/v1/probe/me')).status).toBe(200);
      expect((await get('/api/v1/probe/people')).status).toBe(403);
    });

    it('the controller is told who, where and as what', async () => {
      expect((await clients.Moderator.get('/api/v1/probe/ours/any')).body).toEqual({
        channel: 'ours',
        role: 'moderator',
      });
      expect((await clients.Boss.get('/api/v1/probe/ours/any')).body).toEqual({ channel: 'ours', role: 'superadmin' });
      const me = { kind: 'user', centralauthId: await idOf('Admin'), username: 'Admin', superadmin: false };
      expect((await clients.Admin.get('/api/v1/probe/me')).body).toEqual(me);
    });
  });

  describe('the order of checks', () => {
    it('is the contract’s, one fault after the other taken away', async () => {
      const wrong = { 'x-csrf-token': 'wrong' };
      const [bad, good] = [{ label: 5 }, { label: 'x' }];
      const { ours, theirs } = ids.m;
      const asked = [
        await post(clients.nobody, `unknown/m/${theirs}`, bad, wrong),
        await post(clients.Stranger, `unknown/m/${theirs}`, bad, wrong),
        await post(clients.Stranger, `unknown/m/${theirs}`, bad),
        await post(clients.Stranger, `ours/m/${theirs}`, bad),
        await post(clients.Moderator, `ours/m/${theirs}`, bad),
        await post(clients.Moderator, `ours/m/${ours}`, bad),
        await post(clients.Moderator, `ours/m/${ours}`, good),
      ];
      expect(asked.map(({ status }) => status)).toEqual([401, 403, 404, 403, 404, 400, 200]);
      expect(asked[1]?.body.message).toMatch(/CSRF/);
      expect(asked[3]?.body.message).toMatch(/moderator/);
    });

    it('holds for a body that is no JSON, too', async () => {
      const { ours, theirs } = ids.m;
      const broken = (name: Person, path: string) =>
        post(clients[name], path, '{"label":', { 'content-type': 'application/json' });
      expect((await broken('nobody', `ours/m/${ours}`)).status).toBe(401);
      expect((await broken('Stranger', `ours/m/${ours}`)).status).toBe(403);
      expect((await broken('Moderator', `ours/m/${theirs}`)).status).toBe(404);
      expect((await broken('Moderator', `ours/m/${ours}`)).status).toBe(400);
    });

    it('a field for superadmins is 403 before it is looked at', async () => {
      const change = async (name: Person, body: unknown) =>
        (await clients[name].patch('/api/v1/probe/ours', body)).status;
      expect(await change('Admin', { label: 'x' })).toBe(200);
      expect(await change('Admin', { name: 'x' })).toBe(403);
      expect(await change('Admin', { active: 5, label: 5 })).toBe(403);
      expect(await change('Moderator', { name: 'x' })).toBe(403);
      expect(await change('Boss', { name: 'x' })).toBe(400);
      expect(await change('Admin', { unknown: 1 })).toBe(400);
    });
  });

  describe('CSRF', () => {
    const send = (headers: Record<string, string | undefined>) =>
      post(clients.Moderator, `ours/m/${ids.m?.ours}`, { label: 'x' }, headers);

    it.each<[string, () => Record<string, string | undefined>, number]>([
      ['the right token', () => ({}), 200],
      ['no token', () => ({ 'x-csrf-token': undefined }), 403],
      ['an empty token', () => ({ 'x-csrf-token': '' }), 403],
      ['an invented token', () => ({ 'x-csrf-token': 'a'.repeat(64) }), 403],
      ["another session's token", () => ({ 'x-csrf-token': clients.Boss.csrfToken as string }), 403],
      ['a page of another site', () => ({ origin: 'https://evil.example' }), 403],
      ['a page of another port of ours', () => ({ origin: 'http://127.0.0.1:1' }), 403],
      ['a page without an origin', () => ({ origin: 'null' }), 403],
      ['an origin that is none', () => ({ origin: 'what' }), 403],
      ['our public address', () => ({ origin: 'https://moderate.example' }), 200],
      ['the public host on another scheme', () => ({ origin: 'http://moderate.example' }), 403],
      ['the address asked', () => ({ origin: url }), 200],
    ])('%s', async (_, headers, expected) => {
      expect((await send(headers())).status).toBe(expected);
    });

    it('is no matter for reading', async () => {
      const headers = { origin: 'https://evil.example', 'x-csrf-token': 'wrong' };
      expect((await clients.Moderator.get('/api/v1/probe/ours/moderator', { headers })).status).toBe(200);
    });
  });

  describe('things of a channel', () => {
    it.each(['m', 'b', 'a', 'p', 'o'])('%s: only under their own channel', async (kindOfThing) => {
      const { ours, theirs } = ids[kindOfThing];
      const ask = async (client: Client, path: string) => (await post(client, path, { label: 'x' })).status;
      expect(await ask(clients.Moderator, `ours/${kindOfThing}/${ours}`)).toBe(200);
      expect(await ask(clients.Moderator, `ours/${kindOfThing}/${theirs}`)).toBe(404);
      expect(await ask(clients.Moderator, `theirs/${kindOfThing}/${theirs}`)).toBe(403);
      expect(await ask(clients.Boss, `ours/${kindOfThing}/${theirs}`)).toBe(404);
      expect(await ask(clients.Boss, `theirs/${kindOfThing}/${theirs}`)).toBe(200);
    });

    it.each([
      '0',
      '-1',
      '1.0',
      '1e0',
      '01',
      '%201',
      '1%00',
      '0x1',
      '２',
      '2147483648',
      '99999999999999999999',
      'NaN',
      'x',
      '8ED78EE2-F2E5-424B-B401-1CA131E89066',
    ])('the id %p is nobody’s', async (id) => {
      for (const kindOfThing of ['m', 'b', 'a', 'p', 'o']) {
        expect((await post(clients.Boss, `ours/${kindOfThing}/${id}`, { label: 'x' })).status).toBe(404);
      }
    });
  });

  describe('pages', () => {
    it('send whoever is signed out to sign in, and back afterwards', async () => {
      const answer = await clients.nobody.get('/channel/ours/probe?type=a%26b');
      expect([answer.status, answer.headers.location]).toEqual([
        302,
        '/login?returnTo=%2Fchannel%2Fours%2Fprobe%3Ftype%3Da%2526b',
      ]);
      const login = new URL(answer.headers.location as string, url);
      const next = `/dev-login?username=Moderator&returnTo=${encodeURIComponent(login.searchParams.get('returnTo') as string)}`;
      expect((await new Client(url).get(next)).headers.location).toBe('/channel/ours/probe?type=a%26b');
    });

    it('do not repeat a form after signing in', async () => {
      expect((await clients.nobody.post('/channel/ours/probe')).headers.location).toBe('/login?returnTo=%2F');
    });

    it('refuse as the API does, in HTML', async () => {
      const shown = async (name: Person, path: string) => {
        const { status, headers } = await clients[name].get(path);
        return [status, headers['content-type']?.split(';')[0]];
      };
      expect(await shown('Moderator', '/channel/ours/probe')).toEqual([200, 'text/html']);
      expect(await shown('Stranger', '/channel/ours/probe')).toEqual([403, 'text/html']);
      expect(await shown('Stranger', '/channel/unknown/probe')).toEqual([404, 'text/html']);
    });

    it('take the token of a form from its field', async () => {
      const form = (token: string) =>
        clients.Moderator.post('/channel/ours/probe', `csrfToken=${token}`, {
          headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-csrf-token': undefined },
        });
      expect((await form(clients.Moderator.csrfToken as string)).status).toBe(201);
      expect((await form('x')).status).toBe(403);
    });

    it('take no token from a field of JSON, which is no form', async () => {
      const headers = { 'x-csrf-token': undefined };
      const answer = await clients.Moderator.post(
        '/channel/ours/probe',
        { csrfToken: clients.Moderator.csrfToken },
        { headers },
      );
      expect(answer.status).toBe(403);
    });
  });

  it('a job removes expired sessions', () => {
    expect(app.get(SchedulerRegistry).getIntervals()).toContain('expired-sessions');
  });

  describe('a right that is taken away', () => {
    const stillIn = async (channelId: string) => {
      const request = open.at(-1) as Request;
      return (await app.get(Roles).stillIn(channelId, [...open, request])).has(request);
    };
    const setRole = (name: Person, id: string, role: string | null) =>
      role === null
        ? database.query('DELETE FROM channel_members WHERE channel_id = ? AND centralauth_id = ?', ['ours', id])
        : database.query(
            'INSERT INTO channel_members (channel_id, centralauth_id, username, role, added_at) VALUES (?, ?, ?, ?, 1)',
            ['ours', id, name, role],
          );

    it('is gone at the next request and on open streams', async () => {
      const client = await new Client(url).signIn('Temp');
      const { centralauthId } = (await client.get('/api/v1/session')).body.user;
      await setRole('nobody', centralauthId, 'moderator');
      expect((await client.get('/api/v1/probe/ours/moderator')).status).toBe(200);
      expect(await stillIn('ours')).toBe(true);
      expect(await stillIn('theirs')).toBe(false);

      await setRole('nobody', centralauthId, null);
      expect((await client.get('/api/v1/probe/ours/moderator')).status).toBe(403);
      expect(await stillIn('ours')).toBe(false);
    });

    it('ends with the session, also on open streams', async () => {
      const client = await new Client(url).signIn('Boss');
      await client.get('/api/v1/probe/ours/moderator');
      expect(await stillIn('ours')).toBe(true);
      await client.post('/logout');
      expect(await stillIn('ours')).toBe(false);
    });
  });
});

function channel(id: string): Channel {
  return {
    id,
    name: id,
    description: '',
    active: true,
    archivedAt: null,
    public: true,
    emojiAutoApprove: true,
    anonymousLabel: 'Anonymous',
    languageDetection: false,
    defaultLanguage: 'en',
    likelyLanguages: [],
    customCss: '',
    webhookSecret: 'x',
    previousSecrets: [],
    previousSecret: null,
    previousSecretExpiresAt: null,
    deletingAt: null,
    displayToken: 'x',
    silenceWarningMinutes: null,
    retentionDays: null,
    openedAt: null,
    createdAt: 1,
  };
}
