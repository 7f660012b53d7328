import { describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';
import { Client, event, reaction, send } from '../support/http';
import { startServer, type TestServer } from '../support/server';
import { missingParsers, readFeeds, xmllint } from '../feed/feed-readers';
import { conditionsOf, Room } from '../feed/room';

const FORMATS = ['rss', 'atom', 'jsonfeed'];
const VIEWS = ['', '/highlights'];
const itWithParsers = missingParsers.length === 0 ? it : it.skip;

describeEachDatabase('feeds', (kind) => {
  let database: TestDatabase;
  let server: TestServer;
  let superadmin: Client;

  beforeAll(async () => {
    database = await freshDatabase(kind, 'cs_feed');
    server = await startServer({ database, env: { SUPERADMIN_USERS: 'Root', PUBLIC_URL: 'https://chat.example.org' } });
    superadmin = await new Client(server.url).signIn('Root');
  });

  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });

  const newRoom = (settings?: object) => Room.open(server, superadmin, settings);

  describe('show', () => {
    it('what is approved, from the next answer on, and not what is rejected, from the next answer on', async () => {
      const room = await newRoom();
      const feeds = () => Promise.all(FORMATS.map(async (format) => (await room.feed(`/${format}/${room.id}`)).text));
      const card = await room.say('A word of wisdom');
      for (const text of await feeds()) expect(text).not.toContain('A word of wisdom');
      const approved = await room.decide(card, 'approve');
      for (const text of await feeds()) expect(text).toContain('A word of wisdom');
      const rejected = await room.decide(approved, 'reject');
      for (const text of await feeds()) expect(text).not.toContain('A word of wisdom');
      await room.reconsider(rejected, 'highlighted');
      for (const text of await feeds()) expect(text).toContain('A word of wisdom');
    });

    it('highlights in both views, approved messages in one, and neither once it is undone', async () => {
      const room = await newRoom();
      const star = await room.decide(await room.say('star'), 'highlight');
      await room.publish('plain');
      expect(await room.shown()).toEqual(['plain', 'star']);
      expect(await room.shown('/highlights')).toEqual(['star']);
      const approved = await room.decide(star, 'approve');
      expect(await room.shown()).toEqual(['star', 'plain']);
      expect(await room.shown('/highlights')).toEqual([]);
      await room.reconsider(approved, 'queued');
      expect(await room.shown()).toEqual(['plain']);
    });

    it('the newest decisions first, however old the messages', async () => {
      const room = await newRoom();
      const cards = [];
      for (const text of ['a', 'b', 'c', 'd']) cards.push(await room.say(text));
      for (const i of [2, 0, 3, 1]) await room.decide(cards[i], i === 0 ? 'highlight' : 'approve');
      expect(await room.shown()).toEqual(['b', 'd', 'a', 'c']);
    });

    it('the newest 50', async () => {
      const room = await newRoom();
      await superadmin.post(`${room.api}/allowed-senders`, { senderId: 'speaker' });
      for (let i = 1; i <= 55; i++) await room.post(event({ sender_id: 'speaker', message: `talk ${i}` }));
      const expected = Array.from({ length: 50 }, (_, i) => `talk ${55 - i}`);
      expect(await room.shown()).toEqual(expected);
      await room.publish('and more');
      expect(await room.shown()).toEqual(['and more', ...expected.slice(0, 49)]);
    });

    it('nothing of a banned sender, and all of it again when the ban is undone', async () => {
      const room = await newRoom();
      for (const text of ['one', 'two', 'three']) await room.publish(text, { sender_id: 'pest' });
      await room.publish('other');
      await room.shown('/highlights');
      const { body } = await superadmin.post(`${room.api}/blocked-senders`, { senderId: 'pest' });
      expect(await room.shown()).toEqual(['other']);
      expect((await room.feed()).text).not.toMatch(/one|two|three/);
      await superadmin.post(`${room.api}/operations/${body.operation}/undo`);
      expect((await room.shown()).sort()).toEqual(['one', 'other', 'three', 'two']);
    });

    it('an automatically approved emoji under the label, for nobody has looked at the name', async () => {
      const room = await newRoom({ anonymousLabel: 'Guest' });
      const talk = event({ message: 'A talk' });
      await room.post(talk);
      await room.post(reaction(talk, '🎉', { screen_name: 'Known' }));
      const { messages } = (await superadmin.get(`${room.api}/messages?type=emoji`)).body;
      await room.decide(messages[0], 'approve');
      const { body } = await room.post(reaction(talk, '🎉', { screen_name: 'Rude words' }));
      expect(body.outcome).toBe('approved');
      const items = (await room.feed(`/jsonfeed/${room.id}`)).body.items as { title: string; content_text: string }[];
      expect(items.map(({ title, content_text: text }) => [title, text])).toEqual([
        [expect.stringMatching(/^Guest/), '🎉'],
        ['Known', '🎉'],
      ]);
    });

    it('the name of the channel as it is', async () => {
      const room = await newRoom({ name: 'Old name' });
      expect((await room.feed()).text).toContain('<title>Old name</title>');
      const before = await room.feed();
      await room.change({ name: 'New & better' });
      const after = await room.feed(undefined, conditionsOf(before).date);
      expect([after.status, after.text]).toEqual([200, expect.stringContaining('<title>New &amp; better</title>')]);
    });
  });

  describe('an answer', () => {
    it.each([
      ['rss', 'application/rss+xml'],
      ['atom', 'application/atom+xml'],
      ['jsonfeed', 'application/feed+json'],
    ])('of /%s is %s, to be asked for each time, readable from anywhere', async (format, type) => {
      const room = await newRoom();
      for (const view of VIEWS) {
        const path = `/${format}/${room.id}${view}`;
        const { status, headers, text } = await room.feed(path);
        expect(status).toBe(200);
        expect(headers).toMatchObject({
          'content-type': `${type}; charset=utf-8`,
          'cache-control': 'no-cache',
          'access-control-allow-origin': '*',
          'x-content-type-options': 'nosniff',
        });
        expect(headers['set-cookie']).toBeUndefined();
        expect(text).toContain(`https://chat.example.org${path}"`);
        const head = await send(`${server.url}${path}`, { method: 'HEAD' });
        expect([head.status, head.text, head.headers.etag]).toEqual([200, '', headers.etag]);
        expect(head.headers['content-length']).toBe(String(Buffer.byteLength(text)));
      }
    });

    it('makes no session', async () => {
      const room = await newRoom();
      const sessions = () => database.query('SELECT * FROM sessions');
      const before = await sessions();
      await room.feed();
      await room.feed('/rss/nowhere');
      expect(await sessions()).toHaveLength(before.length);
    });

    it('of an unknown channel is 404 in JSON', async () => {
      for (const path of [
        '/rss/nowhere',
        '/atom/nowhere/highlights',
        '/jsonfeed/NOWHERE',
        '/rss/%00',
        `/rss/${'x'.repeat(300)}`,
      ]) {
        const { status, body, headers } = await send(`${server.url}${path}`, { headers: { accept: 'text/html' } });
        expect([path, status, body]).toEqual([
          path,
          404,
          { statusCode: 404, error: 'Not Found', message: expect.any(String) },
        ]);
        expect(headers.etag).toBeUndefined();
      }
    });

    it('is given also when the channel is inactive or archived: displays may show the end', async () => {
      const room = await newRoom();
      await room.publish('The end');
      await room.change({ active: false });
      expect(await room.shown()).toEqual(['The end']);
      await room.change({ active: true });
      await superadmin.post(`${room.api}/archive`);
      expect(await room.shown()).toEqual(['The end']);
    });

    it('of a deleted channel is 404, and one made anew under its id begins with nothing', async () => {
      const room = await newRoom();
      await room.publish('Long gone');
      const before = await room.feed();
      await superadmin.delete(room.api);
      expect((await room.feed()).status).toBe(404);
      await superadmin.post('/api/v1/channels', { id: room.id, name: 'Again' });
      const after = await room.feed(undefined, conditionsOf(before).tag);
      expect([after.status, after.text]).toEqual([200, expect.not.stringContaining('Long gone')]);
    });
  });

  describe('304', () => {
    it.each(FORMATS.flatMap((format) => VIEWS.map((view) => [format, view])))(
      'is answered for /%s/{id}%s while nothing changes',
      async (format, view) => {
        const room = await newRoom();
        const card = await room.decide(await room.say('Once'), 'highlight');
        const path = `/${format}/${room.id}${view}`;
        const first = await room.feed(path);
        const { tag, date } = conditionsOf(first);
        for (const conditions of [
          tag,
          date,
          { 'if-none-match': `"other", W/${first.headers.etag}` },
          { 'if-none-match': '*' },
          { ...tag, 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
        ]) {
          const { status, text, headers } = await room.feed(path, conditions);
          expect([status, text, headers.etag]).toEqual([304, '', first.headers.etag]);
          expect(headers['content-type']).toBeUndefined();
        }
        const head = await send(`${server.url}${path}`, { method: 'HEAD', headers: tag });
        expect(head.status).toBe(304);
        expect((await room.feed(path, { ...date, 'if-none-match': '"other"' })).status).toBe(200);
        await room.decide(card, 'reject');
        for (const conditions of [tag, date]) expect((await room.feed(path, conditions)).text).not.toContain('Once');
        expect((await room.feed(path, tag)).status).toBe(200);
        expect((await room.feed(path, date)).status).toBe(200);
      },
    );

    it('is never answered for two changes within one second, nor for a hundred', async () => {
      const room = await newRoom();
      let card = await room.publish('On and off');
      let before = await room.feed();
      const tags = new Set([before.headers.etag]);
      const dates = new Set([before.headers['last-modified']]);
      const changes = 70;
      for (let i = 0; i < changes; i++) {
        const isOn = i % 2 === 1;
        card = isOn ? await room.reconsider(card, 'approved') : await room.decide(card, 'reject');
        const { tag, date } = conditionsOf(before);
        const answers = [await room.feed(undefined, tag)];
        // It may be withheld; then there is nothing to ask with.
        if (date['if-modified-since']) answers.push(await room.feed(undefined, date));
        for (const answer of answers) {
          expect(answer.status).toBe(200);
          expect(answer.text.includes('On and off')).toBe(isOn);
        }
        before = answers[0];
        tags.add(before.headers.etag);
        if (before.headers['last-modified']) dates.add(before.headers['last-modified']);
      }
      expect(tags.size).toBe(changes + 1);
      expect(dates.size).toBeGreaterThan(changes / 2);
    });
  });

  describe('a private channel', () => {
    const paths = FORMATS.flatMap((format) => VIEWS.map((view) => (id: string) => `/${format}/${id}${view}`));

    it('is read with its token, kept by no shared cache, and the token is in nothing that is answered', async () => {
      const room = await newRoom({ public: false });
      await room.decide(await room.say('Among us'), 'highlight');
      for (const path of paths) {
        const url = path(room.id);
        for (const query of [
          '',
          '?token=',
          '?token=wrong',
          `?token=${room.token}x`,
          `?token=${room.token}&token=${room.token}`,
          `?token[]=${room.token}`,
          `?Token=${room.token}`,
        ]) {
          const { status, body, text, headers } = await room.feed(url + query, { 'if-none-match': '*' });
          expect([query, status, body.statusCode]).toEqual([query, 403, 403]);
          expect(text + JSON.stringify(headers)).not.toContain(room.token);
          expect(headers.etag).toBeUndefined();
        }
        const answer = await room.feed(`${url}?token=${room.token}`);
        expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'private, no-cache']);
        expect(answer.text).toContain('Among us');
        expect(answer.text + JSON.stringify(answer.headers)).not.toContain(room.token);
        expect((await room.feed(`${url}?token=${room.token}`, conditionsOf(answer).tag)).status).toBe(304);
      }
    });

    it('forgets the old token with the next answer, and being private too', async () => {
      const room = await newRoom({ public: false });
      const status = async (token: string) => (await room.feed(`/rss/${room.id}?token=${token}`)).status;
      expect(await status(room.token)).toBe(200);
      const { displayToken } = (await superadmin.post(`${room.api}/display-token`)).body;
      expect([await status(room.token), await status(displayToken)]).toEqual([403, 200]);
      await room.change({ public: true });
      expect(await status('none')).toBe(200);
      await room.change({ public: false });
      expect([await status('none'), await status(displayToken)]).toEqual([403, 200]);
    });

    it('has its token echoed by nothing, whatever is asked', async () => {
      const room = await newRoom({ public: false });
      const query = `?token=${room.token}`;
      for (const [method, path] of [
        ['GET', `/rss/${room.id}/other${query}`],
        ['GET', `/rss/nowhere${query}`],
        ['GET', `/rss/%zz${query}`],
        ['POST', `/rss/${room.id}${query}`],
        ['PUT', `/atom/${room.id}${query}`],
        ['OPTIONS', `/jsonfeed/${room.id}${query}`],
      ] as const) {
        const { text, headers } = await send(server.url + path, { method });
        expect([method, path, (text + JSON.stringify(headers)).includes(room.token)]).toEqual([method, path, false]);
      }
      expect(server.output()).not.toContain(room.token);
    });
  });

  describe('whatever the messages hold', () => {
    const texts = [
      'a < b && c > d',
      '<script>alert("x")</script>',
      '&lt;b&gt; &nbsp; &amp;amp; &#0; &bogus;',
      ']]> <![CDATA[ x ]]>',
      '<!-- --> <?pi?> <!DOCTYPE x [<!ENTITY y "z">]>',
      'مرحبا \u202eabc\u202c שלום',
      '👩‍👩‍👧‍👦 👍🏽 🇩🇪 ❤️',
      'it\'s "quoted"',
      'x'.repeat(5_000),
    ];

    itWithParsers('feeds are valid, and say it', async () => {
      const room = await newRoom({ description: 'Talks & <more>' });
      for (const text of texts) await room.publish(text, { screen_name: text.slice(0, 60) });
      // Kept without what no text may hold; what remains is the moderators' business, see webhook tests.
      for (const rough of ['\ud800 alone', 'bell\u0007 and \u0000nul', 'no\ufffe character\uffff'])
        await room.publish(rough, { screen_name: `</b>${rough}<![x[` });
      const cards = (await superadmin.get(`${room.api}/messages?status=approved&limit=500`)).body.messages as {
        text: string;
      }[];
      expect(cards).toHaveLength(texts.length + 3);
      for (const format of ['rss', 'atom']) {
        const document = (await room.feed(`/${format}/${room.id}`)).text;
        expect(xmllint(document)).toBe('');
        const [read] = readFeeds([document]);
        expect(read).toMatchObject({ bozo: null, entries: cards.length });
        expect(read?.items.flatMap(({ tags }) => tags)).toEqual([]);
        expect(read?.items.map(({ text }) => text).sort()).toEqual(cards.map(({ text }) => text).sort());
        expect(read?.items.map(({ text }) => text)).toEqual(expect.arrayContaining(texts));
      }
    });
  });
});
