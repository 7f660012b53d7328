import { type DatabaseKind, describeEachDatabase } from '../support/databases';
import { EventReader } from '../support/event-reader';
import { Client, event } from '../support/http';
import { eventually, onStage, TestChannel } from '../support/intake';
import { arrive, ask, decide, moderatorOf } from '../support/queue';

/** Everything is taken away at the first process; who loses it follows at the second, where there are two. */
describeEachDatabase(
  'A right that is gone is gone from an open stream:',
  (kind: DatabaseKind) => {
    const stage = onStage(kind, 2);
    const open: EventReader[] = [];
    let channel: TestChannel;

    beforeEach(async () => {
      channel = await TestChannel.create(stage.admin);
    });
    afterEach(() => open.splice(0).forEach((reader) => reader.close()));

    async function follow(who: Parameters<typeof EventReader.open>[0]): Promise<EventReader> {
      const reader = await EventReader.open(who, channel.id);
      open.push(reader);
      return reader;
    }

    const moderator = (name?: string) => moderatorOf(channel, stage.servers[1].url, name);
    const idOf = async (who: Client) => (await who.get('/api/v1/session')).body.user.centralauthId as string;

    /** Takes it away, and lets messages come and be decided before anybody has time to look. */
    async function expectSilence(loser: EventReader, takeAway: () => Promise<unknown>): Promise<void> {
      const witness = await follow(await moderator());
      await takeAway();
      // What was written earlier may still be on its way.
      const { seq } = (await ask(stage.admin, channel, 'GET', '/messages')).body;
      await channel.post(event({ message: 'Not for everybody' }));
      const { id } = await arrive(channel);
      await decide(stage.admin, channel, id, { decision: 'approve' });
      await eventually(() => witness.messages().get(id)?.status === 'approved', 'the message to who stayed');
      await eventually(() => loser.ended, 'the end');
      expect(loser.events.filter(({ data }) => data.seq > seq)).toEqual([]);
      expect(witness.ended).toBe(false);
    }

    test('a member who is removed', async () => {
      const mo = await moderator();
      const id = await idOf(mo);
      await expectSilence(await follow(mo), () => channel.api('DELETE', `/members/${id}`));
      await expect(follow(mo)).rejects.toThrow('403');
      expect((await ask(mo, channel, 'GET', '/changes?since=0')).status).toBe(403);
    });

    test('a superadmin who is one no longer', async () => {
      const admin = await new Client(stage.servers[1].url).signIn('Admin');
      const own = await idOf(admin);
      const bind = (id: string) => stage.database.query('UPDATE superadmins SET centralauth_id = ?', [id]);
      const reader = await follow(admin);
      try {
        await bind('1');
        await eventually(() => reader.ended, 'the end');
        await expect(follow(admin)).rejects.toThrow('403');
      } finally {
        await bind(own);
      }
    });

    test('a session that is signed out, of which no hint tells', async () => {
      const mo = await moderator();
      await expectSilence(await follow(mo), async () => expect((await mo.post('/logout')).status).toBe(302));
      await expect(follow(mo)).rejects.toThrow('401');
    });

    test('a token that is revoked', async () => {
      const { id, token } = await channel.api('POST', '/tokens', { name: 'Robot', scopes: ['moderate'] });
      const robot = {
        base: stage.servers[1].url,
        cookies: new Map<string, string>(),
        authorization: `Bearer ${token}`,
      };
      await expectSilence(await follow(robot), () => channel.api('DELETE', `/tokens/${id}`));
      await expect(follow(robot)).rejects.toThrow('401');
    });

    test('but an admin who is made a moderator goes on, and one session is not another', async () => {
      const [mo, twin] = [await moderator('Twin'), await new Client(stage.servers[1].url).signIn('Twin')];
      const [first, second] = [await follow(mo), await follow(twin)];
      const id = await idOf(mo);
      await channel.api('PUT', `/members/${id}`, { username: 'Twin', role: 'admin' });
      await channel.api('PUT', `/members/${id}`, { username: 'Twin', role: 'moderator' });
      await mo.post('/logout');
      await eventually(() => first.ended, 'the end of the one');
      const message = await arrive(channel);
      await eventually(() => second.messages().has(message.id), 'the message to the other');
    });

    test('who else is there is told to nobody who has been removed', async () => {
      const mo = await moderator('Mo');
      const reader = await follow(mo);
      await eventually(() => reader.present?.length === 1, 'oneself');
      const late = await moderator('Late');
      await channel.api('DELETE', `/members/${await idOf(mo)}`);
      const other = await follow(late);
      await eventually(() => other.present?.includes('Late') === true, 'the newcomer');
      await eventually(() => reader.ended, 'the end');
      expect(reader.present).toEqual(['Mo']);
    });
  },
  ['sqlite', 'mariadb'],
);
