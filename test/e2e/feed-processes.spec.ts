import { describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';
import { Client, event } from '../support/http';
import { startServer, type TestServer } from '../support/server';
import { conditionsOf, Room } from '../feed/room';

const kinds = ['mariadb', 'postgres'] as const;

describeEachDatabase(
  'feeds of two processes without Redis',
  (kind) => {
    let database: TestDatabase;
    let one: TestServer;
    let other: TestServer;
    let superadmin: Client;

    beforeAll(async () => {
      database = await freshDatabase(kind, 'cs_feed');
      const env = { SUPERADMIN_USERS: 'Root', PUBLIC_URL: 'https://chat.example.org' };
      [one, other] = await Promise.all([startServer({ database, env }), startServer({ database, env })]);
      superadmin = await new Client(one.url).signIn('Root');
    });

    afterAll(async () => {
      await Promise.all([one?.stop(), other?.stop()]);
      await database?.drop();
    });

    it('what one has answered, the next answer of the other obeys', async () => {
      const room = await Room.open(one, superadmin);
      for (let i = 0; i < 15; i++) {
        const card = await room.say(`m${i}`);
        const approved = await room.decide(card, i % 3 === 0 ? 'highlight' : 'approve');
        expect((await room.shown('', other))[0]).toBe(`m${i}`);
        await room.decide(approved, 'reject');
        expect(await room.shown('', other)).toEqual([]);
        expect(await room.shown('/highlights', other)).toEqual([]);
      }
    });

    it('a ban here takes everything of that sender off there, though displays never stop asking', async () => {
      const room = await Room.open(one, superadmin);
      let asking = true;
      const poll = async () => {
        while (asking) await room.feed(undefined, {}, other);
      };
      const polls = [poll(), poll(), poll()];
      for (let i = 0; i < 8; i++) {
        const sender = `pest ${i}`;
        for (const text of ['x', 'y']) await room.publish(`${text}${i}`, { sender_id: sender });
        expect(await room.shown('', other)).toEqual([`y${i}`, `x${i}`]);
        await superadmin.post(`${room.api}/blocked-senders`, { senderId: sender });
        expect((await room.feed(undefined, {}, other)).text).not.toMatch(/[xy]\d</);
        expect((await room.post(event({ sender_id: sender }))).body.outcome).toBe('dropped');
      }
      asking = false;
      await Promise.all(polls);
    });

    it('both answer the same bytes and tags, so a cache may ask either', async () => {
      const room = await Room.open(one, superadmin);
      let card = await room.publish('Hello');
      for (const format of ['rss', 'atom', 'jsonfeed']) {
        for (const view of ['', '/highlights']) {
          const path = `/${format}/${room.id}${view}`;
          const here = await room.feed(path);
          const there = await room.feed(path, {}, other);
          expect([there.text, there.headers.etag, there.headers['last-modified']]).toEqual([
            here.text,
            here.headers.etag,
            here.headers['last-modified'],
          ]);
          for (const conditions of Object.values(conditionsOf(here)))
            expect((await room.feed(path, conditions, other)).status).toBe(304);
        }
      }
      const before = conditionsOf(await room.feed());
      card = await room.decide(card, 'reject');
      for (const conditions of Object.values(before))
        expect((await room.feed(undefined, conditions, other)).status).toBe(200);
      await room.reconsider(card, 'approved');
      for (const conditions of Object.values(before))
        expect((await room.feed(undefined, conditions, other)).status).toBe(200);
    });

    it('a token taken away here is dead there', async () => {
      const room = await Room.open(one, superadmin, { public: false });
      const path = `/rss/${room.id}?token=${room.token}`;
      expect((await room.feed(path, {}, other)).status).toBe(200);
      await superadmin.post(`${room.api}/display-token`);
      expect((await room.feed(path, {}, other)).status).toBe(403);
    });
  },
  kinds,
);
