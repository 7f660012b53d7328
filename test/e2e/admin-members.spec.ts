import { setTimeout as sleep } from 'node:timers/promises';
import { connected } from '../support/data-source';
import { type DatabaseKind, describeOnOneServer, freshDatabase, type TestDatabase } from '../support/databases';
import { Client } from '../support/http';
import { startServer, type TestServer } from '../support/server';

describeOnOneServer('Members', (kind: DatabaseKind) => {
  let database: TestDatabase;
  let server: TestServer;
  let superadmin: Client;
  let admin: Client;
  let moderator: Client;
  let stranger: Client;
  let nobody: Client;
  let made = 0;

  beforeAll(async () => {
    database = await freshDatabase(kind, 'cs_admin');
    server = await startServer({ database, env: { SUPERADMIN_USERS: 'Root' } });
    [superadmin, admin, moderator, stranger] = await Promise.all(
      ['Root', 'Ada', 'Mo', 'Stranger'].map((name) => new Client(server.url).signIn(name)),
    );
    nobody = new Client(server.url);
  });

  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });

  const idOf = async (client: Client) => (await client.get('/api/v1/session')).body.user.centralauthId as string;

  /** The members' path of a new channel with Ada as admin and Mo as moderator. */
  async function newTeam() {
    const id = `team-${++made}`;
    const channel = `/api/v1/channels/${id}`;
    await superadmin.post('/api/v1/channels', { id, name: id });
    const members = `${channel}/members`;
    const [adminId, moderatorId] = [await idOf(admin), await idOf(moderator)];
    expect((await superadmin.put(`${members}/${adminId}`, { username: 'Ada', role: 'admin' })).status).toBe(201);
    expect((await admin.put(`${members}/${moderatorId}`, { username: 'Mo', role: 'moderator' })).status).toBe(201);
    return { id, channel, members, adminId, moderatorId };
  }

  test('are listed by name, to admins', async () => {
    const { members, adminId, moderatorId } = await newTeam();
    await admin.put(`${members}/7`, { username: 'émile', role: 'moderator' });
    const { status, body } = await admin.get(members);
    expect(status).toBe(200);
    const addedAt = expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/);
    expect(body).toEqual({
      members: [
        { centralauthId: adminId, username: 'Ada', role: 'admin', addedAt },
        { centralauthId: '7', username: 'Émile', role: 'moderator', addedAt },
        { centralauthId: moderatorId, username: 'Mo', role: 'moderator', addedAt },
      ],
    });
  });

  test('get and lose their right with the next request', async () => {
    const { channel, members } = await newTeam();
    const strangerId = await idOf(stranger);
    expect((await stranger.get(channel)).status).toBe(403);
    const put = await admin.put(`${members}/${strangerId}`, { username: 'stranger_of_note', role: 'moderator' });
    expect([put.status, put.body]).toEqual([
      201,
      { centralauthId: strangerId, username: 'Stranger of note', role: 'moderator', addedAt: expect.any(String) },
    ]);
    expect((await stranger.get(channel)).body.role).toBe('moderator');

    const changed = await superadmin.put(`${members}/${strangerId}`, { username: 'Stranger', role: 'admin' });
    expect([changed.status, changed.body]).toEqual([200, { ...put.body, username: 'Stranger', role: 'admin' }]);
    expect((await stranger.get(channel)).body.role).toBe('admin');

    expect((await superadmin.delete(`${members}/${strangerId}`)).status).toBe(204);
    expect((await stranger.get(channel)).status).toBe(403);
    expect((await superadmin.delete(`${members}/${strangerId}`)).status).toBe(404);
  });

  test('that are admins only a superadmin grants, changes and removes', async () => {
    const { channel, members, adminId, moderatorId } = await newTeam();
    const otherAdmin = `${members}/42`;
    await superadmin.put(otherAdmin, { username: 'Other', role: 'admin' });
    const refusals = [
      await admin.put(`${members}/${moderatorId}`, { username: 'Mo', role: 'admin' }),
      await admin.put(`${members}/99`, { username: 'New', role: 'admin' }),
      await admin.put(`${members}/${adminId}`, { username: 'Ada', role: 'moderator' }),
      await admin.put(`${members}/${adminId}`, { username: 'Ada', role: 'admin' }),
      await admin.put(otherAdmin, { username: 'Other', role: 'moderator' }),
      await admin.delete(`${members}/${adminId}`),
      await admin.delete(otherAdmin),
    ];
    expect(refusals.map(({ status }) => status)).toEqual(Array(7).fill(403));
    expect((await admin.get(members)).body.members.map(({ role }: { role: string }) => role)).toEqual([
      'admin',
      'moderator',
      'admin',
    ]);
    expect((await superadmin.delete(`${members}/${adminId}`)).status).toBe(204);
    expect((await admin.get(channel)).status).toBe(403);
  });

  test('of one id added many times at once are one', async () => {
    const { members } = await newTeam();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => admin.put(`${members}/1234567`, { username: 'Twin', role: 'moderator' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
    expect((await admin.get(members)).body.members).toHaveLength(3);
  });

  test.each(['0', '-1', '007', '1.5', '9007199254740992', '99999999999999999999999', 'Ada', '%00', '1%20', '１'])(
    'with the id %s do not exist',
    async (id) => {
      const { members } = await newTeam();
      expect((await admin.put(`${members}/${id}`, { username: 'X', role: 'moderator' })).status).toBe(400);
      expect((await admin.delete(`${members}/${id}`)).status).toBe(404);
    },
  );

  test('who was removed while their requests waited gives nobody anything any more', async () => {
    // SQLite has one writer: there nothing can come between.
    if (kind === 'sqlite') return;
    const { id, channel, members, adminId } = await newTeam();
    const before = (await superadmin.get(channel)).body.displayToken;
    const source = await connected(database);
    const holder = source.createQueryRunner();
    try {
      await holder.startTransaction();
      await holder.query(`SELECT channel_id FROM channel_state WHERE channel_id = '${id}' FOR UPDATE`);
      const removal = superadmin.delete(`${members}/${adminId}`);
      await sleep(300);
      const late = [
        admin.post(`${channel}/tokens`, { name: 'Late', scopes: ['admin'] }),
        admin.put(`${members}/5`, { username: 'Friend', role: 'moderator' }),
        admin.post(`${channel}/display-token`),
      ];
      await sleep(300);
      await holder.commitTransaction();
      expect((await removal).status).toBe(204);
      expect((await Promise.all(late)).map(({ status }) => status)).toEqual([403, 403, 403]);
    } finally {
      await holder.release();
      await source.destroy();
    }
    expect((await superadmin.get(`${channel}/tokens`)).body.tokens).toEqual([]);
    expect((await superadmin.get(members)).body.members).toHaveLength(1);
    expect((await superadmin.get(channel)).body.displayToken).toBe(before);
  });

  test.each([
    ['no body', undefined],
    ['no username', { role: 'moderator' }],
    ['no role', { username: 'X' }],
    ['an unknown role', { username: 'X', role: 'owner' }],
    ['a list of roles', { username: 'X', role: ['moderator'] }],
    ['null as username', { username: null, role: 'moderator' }],
    ['a blank username', { username: ' _ ', role: 'moderator' }],
    ['a username with a control character', { username: 'X\u0007', role: 'moderator' }],
    ['a username of 256 characters', { username: 'x'.repeat(256), role: 'moderator' }],
    ['a username that grows beyond its column when normalised', { username: '\u0958'.repeat(200), role: 'moderator' }],
    ['an unknown key', { username: 'X', role: 'moderator', addedAt: 5 }],
  ])('are not added with %s', async (_, body) => {
    const { members } = await newTeam();
    const answer = await admin.put(`${members}/5`, body);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toEqual(expect.arrayContaining([expect.any(String)]));
    expect((await admin.get(members)).body.members).toHaveLength(2);
  });

  test('are refused in order: 401, CSRF, 404 unknown channel, 403, 404 not a member, 400', async () => {
    const { members, adminId } = await newTeam();
    const bad = { role: 'admin', nonsense: 1 };
    const unknown = '/api/v1/channels/nowhere/members';
    const noToken = { headers: { 'x-csrf-token': undefined } };
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const tail = method === 'GET' ? '' : `/${adminId}`;
      expect((await nobody.request(method, unknown + tail, method === 'PUT' ? bad : undefined)).status).toBe(401);
      if (method !== 'GET') expect((await admin.request(method, unknown + tail, undefined, noToken)).status).toBe(403);
      expect((await moderator.request(method, unknown + tail, method === 'PUT' ? bad : undefined)).status).toBe(404);
      expect((await moderator.request(method, members + tail, method === 'PUT' ? bad : undefined)).status).toBe(403);
    }
    expect((await admin.put(`${members}/5`, bad)).status).toBe(403);
    expect((await admin.put(`${members}/${adminId}`, { nonsense: 1 })).status).toBe(403);
    expect((await admin.put(`${members}/nonsense`, bad)).status).toBe(403);
    expect((await admin.delete(`${members}/5`)).status).toBe(404);
    expect((await admin.put(`${members}/5`, { nonsense: 1 })).status).toBe(400);
  });
});
