import { randomUUID } from 'node:crypto';
import { describeEachDatabase } from '../support/databases';
import { EventReader } from '../support/event-reader';
import { type Client, event, reaction, send, type Unchecked } from '../support/http';
import { eventually, isBalanced, onStage, TestChannel } from '../support/intake';
import { arrive, ask, decide, expectBadInput, logOf, moderatorOf, onDisplay, shown } from '../support/queue';
import { findEverywhere } from '../support/scan';

describeEachDatabase('Erasing a sender', (kind) => {
  const stage = onStage(kind, 2);
  let channel: TestChannel;
  let mo: Client;

  beforeEach(async () => {
    channel = await TestChannel.create(stage.admin);
    mo = await moderatorOf(channel, stage.admin.base, 'Mo');
  });

  const erase = (senderId: string, who = stage.admin) =>
    ask(who, channel, 'DELETE', `/senders/${encodeURIComponent(senderId)}`);
  const about = (senderId: string, who = stage.admin) =>
    ask(who, channel, 'GET', `/senders/${encodeURIComponent(senderId)}`);
  const adminOf = async (name: string) => {
    const who = await moderatorOf(channel, stage.admin.base, name);
    const { user } = (await who.get('/api/v1/session')).body;
    await channel.api('PUT', `/members/${user.centralauthId}`, { username: name, role: 'admin' });
    return who;
  };
  const elsewhere = () => stage.servers[1].url;

  /** Without the chart, whose minutes go by while the erasure runs. */
  const totals = ({ perMinute: _, ...rest }: Unchecked) => rest;

  /** Somebody whose every trace can be told from others'. */
  function somebody() {
    const mark = randomUUID().replaceAll('-', '').slice(0, 12);
    const account = String(7_000_000_000 + Math.floor(Math.random() * 1e9));
    const fields = {
      sender_id: `sender-${mark}`,
      screen_name: `Name ${mark}`,
      centralauth_id: Number(account),
      centralauth_username: `Wiki ${mark}`,
      profile_img: `https://example.org/${mark}.png`,
    };
    return { mark, account, fields, words: [mark, account] };
  }

  test('leaves nothing of them in any column of any table, and the block stays effective in every process', async () => {
    const { mark, account, fields, words } = somebody();
    const other = await arrive(channel, { screen_name: 'Bystander' });
    const first = event({ ...fields, message: `text ${mark}` });
    await channel.post(first);
    await channel.post(reaction(first, '👍', fields));
    await channel.post(event({ ...fields, sender_id: null, message: `by account ${mark}` }));
    await channel.post(event({ ...fields, sender_id: `second-${mark}`, message: `second id ${mark}` }));
    await channel.post(event({ ...fields, screen_name: '', message: `nameless ${mark}` }));
    for (const { id } of await shown(channel)) await decide(mo, channel, id, { decision: 'approve' });
    const { body: allowed } = await ask(mo, channel, 'POST', '/allowed-senders', { centralauthId: account });
    expect(allowed.entry.centralauthId).toBe(account);
    await ask(mo, channel, 'DELETE', `/allowed-senders/${allowed.entry.id}`);
    await ask(mo, channel, 'POST', '/allowed-senders', { senderId: `sender-${mark}` });
    const [{ id: listed }] = (await channel.api('GET', '/allowed-senders')).entries;
    expect(listed).toBeDefined();
    const { id } = (await shown(channel)).find(({ text }) => text === `text ${mark}`)!;
    const { body: ban } = await ask(mo, channel, 'POST', '/blocked-senders', { messageId: id });
    await ask(mo, channel, 'POST', '/blocked-senders', { screenName: fields.screen_name });
    await stage.admin.post('/api/v1/global-blocked-senders', { senderId: `sender-${mark}` });
    expect(ban.affected).toBe(5);
    // As an import leaves it whose message was gone already.
    await stage.database.query(
      `INSERT INTO moderation_log (channel_id, message_id, decision, from_rank, to_rank, revision, automatic, screen_name,
        text, type, arrived_at, decided_at) VALUES (?, 0, 'reject', 0, 3, 0, ${kind === 'postgres' ? 'false' : '0'}, ?, ?, 'text', 1, 1)`,
      [channel.id, fields.screen_name, `imported ${mark}`],
    );
    expect((await findEverywhere(stage.database, words)).length).toBeGreaterThan(10);
    const decisions = (await logOf(channel)).length;
    const counts = totals(await channel.intake());

    expect((await erase(`sender-${mark}`)).status).toBe(204);
    expect(await findEverywhere(stage.database, words)).toEqual([]);
    expect((await shown(channel)).map((message) => message.id)).toEqual([other.id]);
    expect((await logOf(channel)).length).toBe(decisions);
    expect(totals(await channel.intake())).toEqual(counts);
    expect(await channel.outcome(first)).toBe('duplicate');

    for (const base of [undefined, elsewhere()])
      for (const who of [
        fields,
        { ...fields, sender_id: randomUUID() },
        { ...fields, centralauth_id: null },
        { ...fields, sender_id: null, centralauth_id: null },
      ])
        expect(await channel.outcome(event(who), base)).toBe('dropped');
    expect(await channel.outcome(event({ screen_name: 'Somebody else' }), elsewhere())).toBe('queued');
    expect(isBalanced(await channel.intake())).toBe(true);
    const { entries } = await channel.api('GET', '/blocked-senders');
    expect(entries).toHaveLength(2);
    for (const entry of entries)
      expect(entry).toMatchObject({
        senderId: null,
        centralauthId: null,
        screenName: null,
        erased: true,
        addedBy: 'Mo',
      });

    // What named them before goes on working.
    const again = await ask(mo, channel, 'POST', '/blocked-senders', {
      senderId: fields.sender_id,
      centralauthId: account,
    });
    expect([again.status, again.body.entry.erased]).toEqual([200, true]);
    expect((await ask(stage.admin, channel, 'POST', `/blocked-senders/${ban.entry.id}/export`)).status).toBe(409);
    const undone = await ask(mo, channel, 'POST', `/operations/${ban.operation}/undo`);
    expect([undone.status, undone.body.undone]).toEqual([200, 0]);
    expect((await erase(`sender-${mark}`)).status).toBe(204);
  });

  test('is seen by feeds and open pages at once, in every process', async () => {
    const { fields, mark } = somebody();
    const seen = await arrive(channel, { ...fields, message: `published ${mark}` });
    await decide(mo, channel, seen.id, { decision: 'approve' });
    await arrive(channel, { ...fields, message: `queued ${mark}` });
    const rss = async (base: string) => (await send(`${base}/rss/${channel.id}`)).text;
    for (const { url } of stage.servers) expect(await rss(url)).toContain(mark);
    const there = await moderatorOf(channel, elsewhere(), 'Flo');
    const pages = [await EventReader.open(mo, channel.id), await EventReader.open(there, channel.id)];
    const { seq } = (await ask(mo, channel, 'GET', '/messages')).body;

    expect((await erase(fields.sender_id)).status).toBe(204);
    for (const { url } of stage.servers) expect(await rss(url)).not.toContain(mark);
    expect(await onDisplay(channel)).toEqual([]);
    for (const page of pages) {
      await eventually(() => page.of('reset').length > 0, 'a reset');
      expect(page.of('stats').at(-1)!.data.stats).toMatchObject({ queued: 0, approved: 0 });
      page.close();
    }
    const changes = (await ask(mo, channel, 'GET', `/changes?since=${seq}`)).body;
    expect(changes).toMatchObject({ reset: true, messages: [] });
    expect((await ask(mo, channel, 'GET', `/changes?since=${changes.seq}`)).body.reset).toBe(false);
    expect((await decide(mo, channel, seen.id, { decision: 'reject' })).status).toBe(404);
  });

  test('leaves others alone, other channels too, and whoever is not blocked may write again', async () => {
    const { fields, account } = somebody();
    const other = await TestChannel.create(stage.admin);
    for (const one of [channel, other]) await arrive(one, fields);
    await channel.post(event({ sender_id: account, screen_name: 'Looks like an account' }));
    expect((await erase(fields.sender_id)).status).toBe(204);
    expect((await shown(channel)).map(({ senderId }) => senderId)).toEqual([account]);
    expect(await shown(other)).toHaveLength(1);
    expect(await channel.outcome(event(fields))).toBe('queued');
    // It is somebody's own id, so it is not taken for an account's number.
    expect((await erase(account)).status).toBe(204);
    expect((await shown(channel)).map(({ senderId }) => senderId)).toEqual([fields.sender_id]);
  });

  test('finds who has nothing but an account by its number', async () => {
    const { fields, account } = somebody();
    await arrive(channel, { ...fields, sender_id: null });
    await erase(account);
    expect(await shown(channel)).toEqual([]);
  });

  test('hides on the global list whom a superadmin erases, and whom their own channel knows', async () => {
    const { fields, mark } = somebody();
    const { sender_id: id } = fields;
    const listed = () => findEverywhere(stage.database, [id]);
    await stage.admin.post('/api/v1/global-blocked-senders', { senderId: id });
    const ada = await adminOf(`Ada ${mark}`);
    expect((await about(id, ada)).body.known).toBe(false);
    expect((await erase(id, ada)).status).toBe(204);
    expect(await listed()).toEqual([`global_blocked_senders.sender_id: ${id}`]);
    expect((await about(id)).body).toMatchObject({ known: true, messages: 0, senderIds: [] });
    expect((await erase(id)).status).toBe(204);
    expect(await listed()).toEqual([]);

    const said = await arrive(channel, { ...fields, sender_id: `x-${id}`, centralauth_id: null });
    const blocked = await ask(mo, channel, 'POST', '/blocked-senders', { messageId: said.id });
    await ask(ada, channel, 'POST', `/blocked-senders/${blocked.body.entry.id}/export`);
    expect((await erase(`x-${id}`, ada)).status).toBe(204);
    expect(await listed()).toEqual([]);
    for (const sender_id of [id, `x-${id}`])
      for (const base of [undefined, elsewhere()])
        expect(await channel.outcome(event({ ...fields, sender_id, centralauth_id: null }), base)).toBe('dropped');
  });

  test('hides nobody on the global list whom an admin’s own entries say to be somebody else', async () => {
    const { fields, mark, account } = somebody();
    const ada = await adminOf(`Ada ${mark}`);
    const name = fields.screen_name;
    for (const entry of [{ centralauthId: account, screenName: `Troll ${mark}` }, { screenName: name }])
      await stage.admin.post('/api/v1/global-blocked-senders', entry);
    const entries = async () =>
      (await stage.admin.get('/api/v1/global-blocked-senders')).body.entries.filter((one: Unchecked) =>
        String(one.screenName).includes(mark),
      );
    const before = await entries();
    expect(before).toHaveLength(2);
    await ask(ada, channel, 'POST', '/blocked-senders', { senderId: 'foo', centralauthId: account, screenName: name });
    expect((await erase('foo', ada)).status).toBe(204);
    // By a name that anybody may give themselves.
    await channel.post(event({ sender_id: 'bar', screen_name: name }));
    expect((await erase('bar', ada)).status).toBe(204);
    expect(await entries()).toEqual(before);
  });

  test('is the superadmin’s also of an account that the global list alone knows', async () => {
    const { account, mark } = somebody();
    await stage.admin.post('/api/v1/global-blocked-senders', { centralauthId: account, screenName: mark });
    expect((await about(account)).body).toMatchObject({ known: true, messages: 0, centralauthIds: [] });
    expect((await erase(account)).status).toBe(204);
    expect(await findEverywhere(stage.database, [account, mark])).toEqual([]);
    expect(await channel.outcome(event({ centralauth_id: Number(account) }))).toBe('dropped');
  });

  test('means by a name whoever wrote under it without any id', async () => {
    const { mark } = somebody();
    const name = `Name ${mark}`;
    const nameless = { sender_id: null, centralauth_id: null };
    await channel.post(event({ ...nameless, screen_name: name, message: 'one' }));
    await channel.post(event({ ...nameless, screen_name: name.toUpperCase(), message: 'two' }));
    await channel.post(event({ sender_id: `has-${mark}`, screen_name: name, message: 'by somebody with an id' }));
    await ask(mo, channel, 'POST', '/blocked-senders', { screenName: name });
    expect((await about(name)).body).toMatchObject({ known: true, messages: 2, senderIds: [] });
    expect((await erase(name)).status).toBe(204);
    expect((await shown(channel)).map(({ text }) => text)).toEqual(['by somebody with an id']);
    expect(await channel.outcome(event({ ...nameless, screen_name: name }))).toBe('dropped');
    expect((await erase(`has-${mark}`)).status).toBe(204);
    expect(await findEverywhere(stage.database, [mark, mark.toUpperCase()])).toEqual([]);

    // As an import leaves it whose message was gone already.
    await stage.database.query(
      `INSERT INTO moderation_log (channel_id, message_id, decision, from_rank, to_rank, revision, automatic, screen_name,
        text, type, arrived_at, decided_at) VALUES (?, 0, 'reject', 0, 3, 0, ${kind === 'postgres' ? 'false' : '0'}, ?, 'said', 'text', 1, 1)`,
      [channel.id, `Ghost ${mark}`],
    );
    expect((await about(`Ghost ${mark}`)).body).toMatchObject({ known: true, messages: 0 });
    expect((await erase(`Ghost ${mark}`)).status).toBe(204);
    expect(await findEverywhere(stage.database, [mark])).toEqual([]);
  });

  test('repeated as what it was means nobody else', async () => {
    const { account } = somebody();
    const nobodys = { sender_id: null, centralauth_id: null };
    await arrive(channel, { screen_name: 'By id', sender_id: account });
    await arrive(channel, { screen_name: 'By account', sender_id: null, centralauth_id: Number(account) });
    await arrive(channel, { ...nobodys, screen_name: account });
    const left = async () => (await shown(channel)).map(({ screenName }) => screenName);
    const as = (means: string) => ask(stage.admin, channel, 'DELETE', `/senders/${account}?means=${means}`);
    expect((await about(account)).body).toMatchObject({ means: 'senderId', messages: 1 });
    for (let n = 0; n < 3; n++) expect((await as('senderId')).status).toBe(204);
    expect((await left()).sort()).toEqual([account, 'By account'].sort());
    expect((await about(account)).body).toMatchObject({ means: 'centralauthId', messages: 1 });
    for (let n = 0; n < 2; n++) expect((await as('screenName')).status).toBe(204);
    expect(await left()).toEqual(['By account']);
    for (let n = 0; n < 2; n++) expect((await as('centralauthId')).status).toBe(204);
    expect(await left()).toEqual([]);
    expectBadInput(await as('nonsense'));
  });

  test('counts who has the number of their account as their id', async () => {
    const { account } = somebody();
    for (let n = 0; n < 2; n++) await arrive(channel, { sender_id: account, centralauth_id: Number(account) });
    expect((await about(account)).body).toMatchObject({ known: true, messages: 2, senderIds: [account] });
    expect((await erase(account)).status).toBe(204);
    expect(await shown(channel)).toEqual([]);
  });

  test('tells beforehand whom an id means, and changes nothing by it', async () => {
    const { fields, mark, account } = somebody();
    for (let n = 0; n < 3; n++) await arrive(channel, { ...fields, message: `said ${mark} ${n}` });
    await arrive(channel, { ...fields, sender_id: `second-${mark}`, screen_name: 'Another name', message: 'Once' });
    await arrive(channel, { ...fields, sender_id: null, message: `by account` });
    await arrive(channel, { message: 'BY ACCOUNT' });
    const words = async (text: string) => (await ask(mo, channel, 'POST', '/blocked-patterns', { text })).body.pattern;
    const [theirs, others] = [await words(`Said ${mark} 2`), await words('by accounts')];
    expect(others).toBeDefined();
    const before = await shown(channel);
    const known = {
      known: true,
      means: 'senderId',
      messages: 5,
      screenNames: expect.arrayContaining([fields.screen_name, 'Another name']),
      senderIds: expect.arrayContaining([fields.sender_id, `second-${mark}`]),
      centralauthIds: [account],
      patterns: [{ id: theirs.id, text: `Said ${mark} 2` }],
    };
    for (const id of [fields.sender_id, `second-${mark}`, account]) {
      const { status, body } = await about(id);
      // By its number the account that wrote once without an id; its ids are found by it, and theirs are the same.
      if (id === account) expect(body).toMatchObject({ known: true, messages: 5 });
      else expect([status, body]).toEqual([200, known]);
    }
    expect(await shown(channel)).toEqual(before);
    expect((await erase(fields.sender_id)).status).toBe(204);
    expect((await about(fields.sender_id)).body).toEqual({
      known: false,
      means: 'senderId',
      messages: 0,
      screenNames: [],
      senderIds: [],
      centralauthIds: [],
      patterns: [],
    });
  });

  test('tells beforehand of whom it would find nothing', async () => {
    const { fields, account } = somebody();
    const nothing = { known: false, messages: 0 };
    expect((await about(account)).body).toMatchObject(nothing);
    await arrive(channel, fields);
    // The account's number, of somebody who has a sender's id.
    expect((await about(account)).body).toMatchObject(nothing);
    expect((await erase(account)).status).toBe(204);
    expect(await shown(channel)).toHaveLength(1);
    await ask(mo, channel, 'POST', '/blocked-senders', { senderId: 'listed only' });
    expect((await about('listed only')).body).toMatchObject({ known: true, messages: 0, senderIds: ['listed only'] });
    expectBadInput(await about(' '));
    expect((await about('x', mo)).status).toBe(403);
  });

  test('goes through many messages', async () => {
    const rows = Array.from(
      { length: 1_100 },
      () => `('${channel.id}', 1, 's', 'text', 'x', 'x', 1, 'Flooder', 'flood', 0, 0, 1)`,
    );
    await stage.database.query(`INSERT INTO messages (channel_id, change_seq, source_id, type, text, normal_text,
      normal_length, screen_name, sender_id, status_rank, revision, arrived_at) VALUES ${rows.join(',')}`);
    expect((await erase('flood')).status).toBe(204);
    expect(await shown(channel)).toEqual([]);
  });

  test.each(['an id / with ? & %', '~abcdefghijklmnopqrs', 'ідентифікатор 👍', 'x'.repeat(300)])(
    'of the id %s',
    async (id) => {
      const message = await arrive(channel, { sender_id: id });
      await ask(mo, channel, 'POST', '/blocked-senders', { messageId: message.id });
      expect((await erase(id)).status).toBe(204);
      expect(await shown(channel)).toEqual([]);
      expect(await channel.outcome(event({ sender_id: id }))).toBe('dropped');
    },
  );

  test('of nobody known is no error, and of no id at all is one', async () => {
    expect((await erase(randomUUID())).status).toBe(204);
    expectBadInput(await erase(' '));
    expect((await erase('x', mo)).status).toBe(403);
  });
});
