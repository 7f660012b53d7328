import { digestOf } from '../../src/moderation/ids';
import { describeEachDatabase, freshDatabase, type TestDatabase } from '../support/databases';
import { Client, event, reaction, send, webhook } from '../support/http';
import {
  makeMariadbOriginal,
  makeSqliteOriginal,
  originalChannel,
  originalLogRow,
  originalMessage,
  type OriginalRows,
  runImport,
  type TestOriginal,
} from '../support/original';
import { startServer, type TestServer } from '../support/server';

const CHANNEL = '/api/v1/channels/main-hall';
const BY_MO = { processed_by_centralauth_id: 71, processed_at: '2026-08-05 11:00:00.500000' };
const TEAM = { added_by_centralauth_id: 71, added_by_wiki_username: 'Mo', added_at: '2026-02-03 04:05:06' };

/** What nobody may read in a report. */
const PRIVATE = ['secret-of', 'token-of', 'Text number', 'Guest', 'Mo', 'Troll', 'p:w/d', 'buy cheap'];

/** Everything in order but for what is said beside it. */
const ROWS: OriginalRows = {
  channels: [
    originalChannel(),
    originalChannel({ id: 'old-hall', is_public: 0, display_token: 'other-token', archived_at: '2026-03-01T00:00:00' }),
    originalChannel({ id: 'simulation', name: 'Simulation' }),
    originalChannel({ id: 'X Y' }),
    originalChannel({
      id: 'odd',
      is_active: 7,
      likely_languages: '[broken',
      default_language: 'no language',
      webhook_hmac_secret: '',
    }),
  ],
  channel_members: [
    {
      id: 1,
      channel_id: 'main-hall',
      centralauth_id: 71,
      wiki_username: 'Mo',
      role: 'moderator',
      added_at: '2026-02-01 00:00:00',
    },
    { id: 2, channel_id: 'main-hall', centralauth_id: 72, wiki_username: 'Ada', role: 'admin', added_at: 'when?' },
    {
      id: 3,
      channel_id: 'main-hall',
      centralauth_id: 73,
      wiki_username: 'Eve',
      role: 'owner',
      added_at: '2026-02-01 00:00:00',
    },
    {
      id: 4,
      channel_id: 'main-hall',
      centralauth_id: null,
      wiki_username: 'Nobody',
      role: 'admin',
      added_at: '2026-02-01 00:00:00',
    },
    {
      id: 5,
      channel_id: 'gone',
      centralauth_id: 74,
      wiki_username: 'Ghost',
      role: 'admin',
      added_at: '2026-02-01 00:00:00',
    },
    {
      id: 6,
      channel_id: 'main-hall',
      centralauth_id: 71,
      wiki_username: 'Mo',
      role: 'admin',
      added_at: '2026-02-01 00:00:00',
    },
  ],
  blacklist: [
    { id: 1, channel_id: 'main-hall', screen_name: 'Troll', sender_id: 'troll-1', centralauth_id: null, ...TEAM },
    { id: 2, channel_id: 'main-hall', screen_name: 'Name  Only', sender_id: null, centralauth_id: null, ...TEAM },
    { id: 3, channel_id: 'main-hall', screen_name: ' ', sender_id: '', centralauth_id: 0, ...TEAM },
    { id: 5, channel_id: 'main-hall', screen_name: 'Troll', sender_id: 'troll-1', centralauth_id: null, ...TEAM },
    {
      id: 4,
      channel_id: 'main-hall',
      screen_name: 'Another name',
      sender_id: 'troll-1',
      centralauth_id: null,
      ...TEAM,
    },
  ],
  whitelist: [
    { id: 1, channel_id: 'main-hall', screen_name: 'Friend', sender_id: 'friend-1', centralauth_id: 900, ...TEAM },
    { id: 2, channel_id: 'main-hall', screen_name: 'Friend', sender_id: null, centralauth_id: null, ...TEAM },
    { id: 3, channel_id: 'main-hall', screen_name: 'Troll', sender_id: 'troll-1', centralauth_id: null, ...TEAM },
    { id: 4, channel_id: 'main-hall', screen_name: 'Friend', sender_id: null, centralauth_id: null, ...TEAM },
  ],
  global_blacklist: [{ id: 1, screen_name: 'World Troll', sender_id: 'world-troll', centralauth_id: 666, ...TEAM }],
  blocked_patterns: [
    {
      id: 1,
      channel_id: 'main-hall',
      pattern_text: 'buy cheap watches',
      added_by_centralauth_id: 71,
      added_at: '2026-02-03 04:05:06',
    },
    {
      id: 2,
      channel_id: 'main-hall',
      pattern_text: '  ',
      added_by_centralauth_id: 99,
      added_at: '2026-02-03 04:05:06',
    },
  ],
  messages: [
    // Ids are no order: the last of these arrived first.
    originalMessage(1, { arrived_at: '2026-08-05 10:00:00' }),
    originalMessage(2, { status: 'approved', ...BY_MO, centralauth_id: 55, wiki_username: 'Two (WMDE)' }),
    originalMessage(3, { status: 'highlighted', processed_by_centralauth_id: 98, processed_at: '2026-08-05T12:00:00' }),
    originalMessage(4, { status: 'rejected', ...BY_MO }),
    originalMessage(5, { message_type: 'qa', detected_language: null, user_language: 'de' }),
    originalMessage(6, { screen_name: 'Anonymous #2', sender_id: 'nameless' }),
    originalMessage(7, {
      message_type: 'emoji',
      eventyay_message_id: '555',
      message: 'a text that was banned',
      sender_id: 'fan',
      meta: '{"target_message_id": 555, "reaction": "👍", "action": "add"}',
      status: 'approved',
      processed_at: '2026-08-05 10:59:00',
    }),
    originalMessage(8, { status: 'pending', arrived_at: '2026-08-05 08:00:00' }),
    // And what cannot be taken, or not as it is.
    originalMessage(9, { status: 'spam' }),
    originalMessage(10, { message: ' \u200B ' }),
    originalMessage(11, { arrived_at: null }),
    originalMessage(12, { channel_id: 'X Y' }),
    originalMessage(13, { message_type: 'emoji', message: 'words', meta: '{broken' }),
    originalMessage(14, { status: 'approved', processed_at: null }),
    originalMessage(15, { sender_id: 'troll-1', status: 'approved', ...BY_MO }),
    originalMessage(16, { message: 'buy  CHEAP watches!', status: 'queued' }),
    originalMessage(17, { eventyay_message_id: null, arrived_at: '2026-08-05 09:17:00' }),
    originalMessage(18, {
      eventyay_message_id: null,
      arrived_at: '2026-08-05 09:17:00',
      sender_id: 'sender-17',
      screen_name: 'Guest 17',
      message: 'Text number 17',
    }),
    // One event twice: once as it was, once with other words, of which only the first are kept.
    originalMessage(19, { eventyay_message_id: '1002', message: 'Text number 2', arrived_at: '2026-08-05 11:00:01' }),
    originalMessage(20, { eventyay_message_id: '1002', message: 'Other words', arrived_at: '2026-08-05 11:00:02' }),
  ],
  moderation_log: [
    originalLogRow(4, { decision: 'reject', decided_at: '2026-08-05 11:00:00' }),
    originalLogRow(2, { decision: 'highlighted', decided_at: '2026-08-05 10:30:00' }),
    originalLogRow(102, { message_id: 2, screen_name: 'Guest 2', message_text: 'Text number 2' }),
    originalLogRow(3, {
      decision: 'Highlight',
      moderator_centralauth_id: 98,
      moderator_wiki_username: '',
      decided_at: '2026-08-05 12:00:00',
    }),
    originalLogRow(200, { message_id: null, decision: 'ban', decided_at: '2026-08-05 09:00:00' }),
    originalLogRow(201, {
      message_id: 7,
      message_type: 'emoji',
      message_text: 'a text that was banned',
      decision: 'allow',
      decided_at: '2026-08-05 10:59:00',
    }),
    originalLogRow(202, { decision: 'pondered' }),
    originalLogRow(203, { decided_at: null }),
  ],
};

const REPORT = `channels: 3 taken, 0 already there, 2 refused
  refused: there is a channel 'simulation' here already that does not come from this original (id simulation)
  refused: channel id 'X Y' is no valid id (row 4)
  changed: likely_languages is no JSON list: left empty (id odd)
  changed: default_language is not usable: left as in a new channel (id odd)
  changed: is_active is neither 0 nor 1: taken as 0 (id odd)
  changed: webhook_hmac_secret is not usable: a new one was made (id odd)
channel_members: 2 taken, 0 already there, 4 refused
  refused: role is neither admin nor moderator (id 3)
  refused: centralauth_id is no id of an account (id 4)
  refused: its channel was not taken (id 5)
  refused: the account has another role in an earlier row (id 6)
  changed: added_at is no time: taken as now (id 2)
blacklist: 2 taken, 2 already there, 1 refused
  refused: it names nobody (id 3)
global_blacklist: 1 taken, 0 already there, 0 refused
whitelist: 1 taken, 0 already there, 3 refused
  refused: an allow needs an id, for anybody can take a name (id 2, id 4)
  refused: this sender is blocked, and a block wins (id 3)
blocked_patterns: 1 taken, 0 already there, 1 refused
  refused: pattern_text is blank (id 2)
messages: 14 taken, 1 already there, 5 refused
  refused: arrived_at is no time (id 11)
  refused: message must not be blank (id 10)
  refused: its channel was not taken (id 12)
  refused: a reaction without a symbol (id 13)
  refused: another message with the same eventyay_message_id is here already (id 20)
  changed: status is none that is known: taken as queued (id 9)
  changed: processed_at is no time: taken as decided when it arrived (id 14)
  changed: its sender or its text is blocked here: taken as rejected (id 15, id 16)
moderation_log: 6 taken, 0 already there, 2 refused
  refused: decided_at is no time (id 203)
  refused: decision is none that is known (id 202)
`;

/** A target on each database, a source of each kind. */
const SOURCES = { sqlite: makeSqliteOriginal, mariadb: makeMariadbOriginal, postgres: makeSqliteOriginal };

describeEachDatabase('An import', (kind) => {
  let original: TestOriginal;
  let database: TestDatabase;
  let server: TestServer;
  let admin: Client;

  beforeAll(async () => {
    [original, database] = await Promise.all([SOURCES[kind](), freshDatabase(kind)]);
    await original.insert(ROWS);
    await open();
  });

  afterAll(async () => {
    await server?.stop();
    await Promise.all([database?.drop(), original?.drop()]);
  });

  async function open(): Promise<void> {
    server = await startServer({ database });
    admin = await new Client(server.url).signIn('Admin');
  }

  /** On a server database while the server is at work; a SQLite file is for one process at a time. */
  async function importOriginal(): Promise<string> {
    if (kind === 'sqlite') await server.stop();
    const before = await original.fingerprint();
    const { code, stdout, stderr } = await runImport(database, '--from', original.from);
    expect([code, stderr]).toEqual([0, '']);
    expect(await original.fingerprint()).toBe(before);
    for (const text of PRIVATE) expect(stdout).not.toContain(text);
    if (kind === 'sqlite') await open();
    return stdout;
  }

  const messages = async (query = '') =>
    (await admin.get(`${CHANNEL}/messages?order=oldest&limit=500&status=queued&status=highlighted&status=approved&status=rejected${query}`)).body.messages; // prettier-ignore
  const log = async () => (await admin.get(`${CHANNEL}/log?limit=500`)).body.entries;
  const titles = async () =>
    (await send(`${server.url}/jsonfeed/main-hall`)).body.items.map((item: { title: string }) => item.title);
  const list = async (name: string) => (await admin.get(`${CHANNEL}/${name}`)).body;
  const outcome = async (payload: Record<string, unknown>) =>
    (await webhook(`${server.url}/webhook/channel/main-hall`, 'secret-of-the-original', payload)).body.outcome;
  /** What waits is no setting of a channel: it grows with the messages, which are listed below. */
  const settings = async () =>
    (await admin.get('/api/v1/channels')).body.channels.map(
      ({ waiting: _, ...channel }: Record<string, unknown>) => channel,
    );
  const everything = async () =>
    JSON.stringify([
      await settings(),
      await messages(),
      await log(),
      ...(await Promise.all(['members', 'blocked-senders', 'allowed-senders', 'blocked-patterns'].map(list))),
    ]);

  test('takes what is in order, changes nothing at the source, and says what it could not take and why', async () => {
    expect(await importOriginal()).toBe(REPORT);
  });

  test('makes channels with their settings, their secret and their token', async () => {
    expect((await admin.get(CHANNEL)).body).toMatchObject({
      name: 'Main hall',
      description: 'Keynotes',
      active: true,
      public: true,
      archivedAt: null,
      emojiAutoApprove: true,
      anonymousLabel: 'Anonymous',
      languageDetection: false,
      defaultLanguage: 'en',
      likelyLanguages: ['en', 'pt-BR'],
      customCss: '.message { color: red }',
      displayToken: 'token-of-the-original',
      webhookSecret: 'secret-of-the-original',
      createdAt: '2026-01-02T03:04:05.679Z',
    });
    expect((await admin.get('/api/v1/channels/old-hall')).body.archivedAt).toBe('2026-03-01T00:00:00.000Z');
    expect((await send(`${server.url}/rss/old-hall`)).status).toBe(403);
    expect((await send(`${server.url}/rss/old-hall?token=other-token`)).status).toBe(200);
    const odd = (await admin.get('/api/v1/channels/odd')).body;
    expect(odd).toMatchObject({ active: false, likelyLanguages: [], defaultLanguage: 'en' });
    expect(odd.webhookSecret).toMatch(/^.{43}$/);
  });

  test('takes the team and the lists', async () => {
    expect((await list('members')).members).toEqual([
      { centralauthId: '72', username: 'Ada', role: 'admin', addedAt: expect.any(String) },
      { centralauthId: '71', username: 'Mo', role: 'moderator', addedAt: '2026-02-01T00:00:00.000Z' },
    ]);
    const added = { addedBy: 'Mo', addedAt: '2026-02-03T04:05:06.000Z' };
    expect((await list('blocked-senders')).entries).toMatchObject([
      { senderId: null, centralauthId: null, screenName: 'Name  Only', ...added },
      { senderId: 'troll-1', screenName: 'Troll', ...added },
    ]);
    expect((await list('allowed-senders')).entries).toMatchObject([
      { senderId: 'friend-1', centralauthId: '900', screenName: 'Friend', ...added },
    ]);
    expect((await list('blocked-patterns')).patterns).toMatchObject([{ text: 'buy cheap watches', ...added }]);
    expect((await admin.get('/api/v1/global-blocked-senders')).body.entries).toMatchObject([
      { senderId: 'world-troll', centralauthId: '666', ...added },
    ]);
  });

  test('takes the messages in the order of their arrival, and their state', async () => {
    const taken = await messages();
    const state = ({ text, status, decidedBy, decidedAt }: Record<string, string>) => [
      text,
      status,
      decidedBy,
      decidedAt,
    ];
    const atEleven = '2026-08-05T11:00:00.500Z';
    expect(taken.map(state)).toEqual([
      ['Text number 8', 'queued', null, null],
      ['Text number 2', 'approved', 'Mo', atEleven],
      ['Text number 3', 'highlighted', '#98', '2026-08-05T12:00:00.000Z'],
      ['Text number 4', 'rejected', 'Mo', atEleven],
      ['Text number 5', 'queued', null, null],
      ['Text number 6', 'queued', null, null],
      ['👍', 'approved', null, '2026-08-05T10:59:00.000Z'],
      ['Text number 9', 'queued', null, null],
      ['Text number 14', 'approved', null, '2026-08-05T09:14:00.123Z'],
      ['Text number 15', 'rejected', null, expect.any(String)],
      ['buy  CHEAP watches!', 'rejected', null, expect.any(String)],
      ['Text number 17', 'queued', null, null],
      ['Text number 17', 'queued', null, null],
      ['Text number 1', 'queued', null, null],
    ]);
    expect(taken[1]).toMatchObject({
      sourceId: '1002',
      screenName: 'Guest 2',
      wikiUsername: 'Two (WMDE)',
      senderId: 'sender-2',
      centralauthId: '55',
      type: 'text',
      language: 'en',
      revision: 0,
      arrivedAt: '2026-08-05T09:02:00.123Z',
    });
    expect(taken[4]).toMatchObject({ type: 'qa', language: 'de' });
    expect(taken[5]).toMatchObject({ screenName: 'Anonymous #2' });
    // The newest decision first; a name that only a rule has seen is not shown.
    expect(await titles()).toEqual(['Guest 3', 'Guest 2', 'Anonymous', 'Guest 14']);
  });

  test('takes the log in the order of the decisions, whatever they were called', async () => {
    const byId = new Map((await messages()).map(({ id, sourceId }: Record<string, string>) => [id, sourceId]));
    const entries = (await log()).map((entry: Record<string, string>) => [
      byId.get(entry.messageId) ?? null,
      `${entry.decision}: ${entry.from} → ${entry.to}`,
      entry.cause,
      entry.moderator,
      entry.text,
    ]);
    expect(entries.slice(0, 6)).toEqual([
      ['1003', 'highlight: queued → highlighted', null, '#98', 'Text number 3'],
      ['1002', 'approve: highlighted → approved', null, 'Mo', 'Text number 2'],
      ['1004', 'reject: queued → rejected', null, 'Mo', 'Text number 4'],
      ['555', 'approve: queued → approved', 'allow', 'Mo', '👍'],
      ['1002', 'highlight: queued → highlighted', null, 'Mo', 'Text number 2'],
      [null, 'reject: queued → rejected', 'block', 'Mo', 'Text number 200'],
    ]);
    expect(entries.slice(6).sort()).toEqual([
      ['1015', 'reject: approved → rejected', 'block', null, 'Text number 15'],
      ['1016', 'reject: queued → rejected', 'block', null, 'buy  CHEAP watches!'],
    ]);
  });

  test('knows again what Eventyay had sent before the move, and goes on numbering the nameless', async () => {
    expect(await outcome(event({ message_id: 1002 }))).toBe('duplicate');
    expect(await outcome(event({ message_id: '1005', message_type: 'question' }))).toBe('duplicate');
    const target = event({ message_id: 555, message: 'came here as well' });
    expect(await outcome(reaction(target, '👍', { sender_id: 'fan' }))).toBe('duplicate');
    expect(await outcome(reaction(target, '👎', { sender_id: 'fan' }))).toBe('queued');
    expect(await outcome(target)).toBe('queued');
    expect(await outcome(event({ sender_id: 'troll-1' }))).toBe('dropped');
    expect(await outcome(event({ sender_id: 'world-troll' }))).toBe('dropped');
    expect(await outcome(event({ message: 'Buy cheap watchez' }))).toBe('dropped');
    expect(await outcome(event({ sender_id: 'friend-1', message: 'from a friend' }))).toBe('approved');
    expect(await outcome(event({ screen_name: '' }))).toBe('queued');
    expect((await messages()).at(-1).screenName).toBe('Anonymous #4');
  });

  test('leaves no mark from which a name, an id or words could be guessed', async () => {
    const guesses = [
      digestOf('sender', JSON.stringify(['troll-1', null, 'Troll'])),
      digestOf('sender', JSON.stringify(['friend-1', '900', 'Friend'])),
      digestOf('sender', JSON.stringify(['world-troll', '666', 'World Troll'])),
      digestOf('pattern', 'buy cheap watches'),
    ];
    const marks = await database.query('SELECT source_key AS mark, source_table AS place FROM imported_rows');
    expect(marks.filter(({ mark }) => guesses.includes(mark as string))).toEqual([]);
    const numbers = marks.filter(({ mark }) => /^\d+$/.test(String(mark))).map(({ place }) => place);
    expect(new Set(numbers)).toEqual(new Set(['messages', 'channel_members', 'channels']));
  });

  test('repeated, adds nothing and changes nothing', async () => {
    const before = await everything();
    const report = await importOriginal();
    expect(report).toContain('channels: 0 taken, 3 already there, 2 refused');
    expect(report).toContain('messages: 0 taken, 15 already there, 5 refused');
    expect(report).toContain('moderation_log: 0 taken, 6 already there, 2 refused');
    expect(report.match(/\b0 taken/g)).toHaveLength(8);
    // Whenever a row was taken, the report tells what was changed about it: an earlier one may have been interrupted.
    const changes = REPORT.split('\n').filter((line) => line.startsWith('  changed:'));
    expect(report.split('\n')).toEqual(expect.arrayContaining(changes));
    expect(await everything()).toBe(before);
  });

  test('after more came at the source, takes only that, and leaves what was worked on here', async () => {
    const idOf = async (text: string) =>
      (await messages()).find((message: { text: string }) => message.text === text).id;
    const decide = async (text: string, decision: string) =>
      admin.post(`${CHANNEL}/messages/${await idOf(text)}/decisions`, { decision });
    await decide('Text number 1', 'reject');
    const [named] = (await list('blocked-senders')).entries;
    await admin.delete(`${CHANNEL}/blocked-senders/${named.id}`);
    await admin.patch(CHANNEL, { name: 'Renamed here' });
    await admin.delete(`${CHANNEL}/members/71`);
    const before = JSON.parse(await everything());

    await original.run("UPDATE channels SET name = 'Renamed there' WHERE id = 'main-hall'");
    await original.run("UPDATE messages SET status = 'approved' WHERE id IN (1, 5)");
    await original.insert({
      messages: [
        originalMessage(30, { status: 'approved', ...BY_MO }),
        // This number has been given here since; the next one has not.
        originalMessage(31, { screen_name: 'Anonymous #4' }),
        originalMessage(32, { screen_name: 'Anonymous #9' }),
        originalMessage(33, { eventyay_message_id: '555', message: 'came here as well' }),
      ],
      moderation_log: [originalLogRow(30), originalLogRow(5)],
      whitelist: [
        { id: 9, channel_id: 'main-hall', screen_name: '', sender_id: 'friend-2', centralauth_id: null, ...TEAM },
      ],
    });
    const report = await importOriginal();
    expect(report).toContain('messages: 3 taken, 16 already there, 5 refused');
    expect(report).toContain(
      'number of a sender without a name has been given here since: another one was given (id 31)',
    );
    expect(report).toContain('moderation_log: 1 taken, 6 already there, 3 refused');
    expect(report).toContain('its message had been imported before this was decided there (id 5)');
    expect(report).toContain('whitelist: 1 taken, 1 already there, 3 refused');

    const after = JSON.parse(await everything());
    expect(after[0]).toEqual(before[0]);
    expect(after[1].slice(0, -3)).toEqual(before[1]);
    expect(after[1].slice(-3).map(({ screenName, status }: Record<string, string>) => [screenName, status])).toEqual([
      ['Guest 30', 'approved'],
      ['Anonymous #5', 'queued'],
      ['Anonymous #9', 'queued'],
    ]);
    expect(after[2].slice(1)).toEqual(before[2]);
    expect(after.slice(3, 5)).toEqual(before.slice(3, 5));
    expect(await outcome(event({ screen_name: '' }))).toBe('queued');
    expect((await messages()).at(-1).screenName).toBe('Anonymous #10');
  });
});

describeEachDatabase(
  'An import that cannot be',
  () => {
    let database: TestDatabase;

    beforeAll(async () => {
      database = await freshDatabase('sqlite');
    });
    afterAll(() => database.drop());

    test.each([
      ['nothing', []],
      ['no address', ['--from']],
      ['an empty address', ['--from', '']],
      ['another argument', ['--from', 'a.db', '--force']],
      ['one argument too many', ['--from', 'a.db', 'b.db']],
      ['an address of something else', ['--from', 'postgres://localhost/original']],
      ['a server without a database', ['--from', 'mysql://root@127.0.0.1:3306']],
    ])('with %s shows how it is called', async (_, args) => {
      const { code, stdout, stderr } = await runImport(database, ...args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^usage: npm run import -- --from .*\n$/);
    });

    test('says in a sentence what is wrong with the source, and touches nothing', async () => {
      const original = await makeSqliteOriginal();
      const foreign = await freshDatabase('sqlite');
      await (await startServer({ database: foreign })).stop();
      const foreignFile = `${foreign.env.DATA_DIR}/chatstream.db`;
      const cases: [string, RegExp][] = [
        ['/nowhere/dev.db', /^The file cannot be read \(ENOENT\)\.\n$/],
        [__filename, /^The file is no SQLite database, or a broken one \(SQLITE_NOTADB\)\.\n$/],
        [foreignFile, /^This is not a database of the original: its table channels has no webhook_hmac_secret\.\n$/],
        [
          'mysql://root:hidden@127.0.0.1:1/original',
          /^The original's database cannot be reached \(ECONNREFUSED\)\.\n$/,
        ],
      ];
      for (const [from, sentence] of cases) {
        const { code, stdout, stderr } = await runImport(database, '--from', from);
        expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(sentence)]);
      }
      const itself = await runImport({ env: { ...database.env, DB_PATH: original.from } }, '--from', original.from);
      expect(itself).toMatchObject({ code: 1, stderr: expect.stringContaining('a database of its own') });
      await original.run('DROP TABLE messages');
      expect((await runImport(database, '--from', original.from)).stderr).toContain('it has no table messages');
      expect(await database.query('SELECT COUNT(*) AS n FROM sqlite_master')).toEqual([{ n: 0 }]);
      await Promise.all([original.drop(), foreign.drop()]);
    });

    test('does not make its tables among those of the original', async () => {
      const original = await makeMariadbOriginal();
      const { hostname, port, username, password, pathname } = new URL(original.from);
      const login = { DB_HOST: hostname, DB_PORT: port, DB_USER: username, DB_PASSWORD: decodeURIComponent(password) };
      const env = {
        ...database.env,
        ...login,
        DB_TYPE: 'mariadb',
        DB_NAME: pathname.slice(1),
        SECRET_KEY: 'k'.repeat(32),
      };
      const { code, stderr } = await runImport({ env }, '--from', original.from.replace(hostname, 'localhost'));
      expect([code, stderr]).toEqual([1, expect.stringContaining('a database of its own')]);
      await original.drop();
    });

    test('says that a server is running on the SQLite file, and that settings are faulty', async () => {
      const original = await makeSqliteOriginal();
      const server = await startServer({ database });
      const besideServer = await runImport(database, '--from', original.from);
      expect(besideServer).toMatchObject({ code: 1, stderr: expect.stringContaining('must be stopped first') });
      await server.stop();
      const faulty = await runImport({ env: { ...database.env, DB_TYPE: 'oracle' } }, '--from', original.from);
      expect(faulty).toMatchObject({ code: 1, stderr: expect.stringContaining('DB_TYPE') });
      await original.drop();
    });

    test('goes without tables that the original had not grown yet', async () => {
      const original = await makeSqliteOriginal();
      for (const table of ['whitelist', 'global_blacklist', 'moderation_log'])
        await original.run(`DROP TABLE ${table}`);
      await original.run('ALTER TABLE messages DROP COLUMN wiki_username');
      await original.insert({ channels: [originalChannel()] });
      const { code, stdout } = await runImport(database, '--from', `sqlite:///${original.from}`);
      expect([code, stdout]).toEqual([0, expect.stringContaining('whitelist: not there\n')]);
      expect(stdout).toContain('channels: 1 taken');
      await original.drop();
    });
  },
  ['mariadb'],
);
