import { type DatabaseKind, describeEachDatabase } from '../support/databases';
import { event, reaction, type Unchecked } from '../support/http';
import { onStage, TestChannel } from '../support/intake';
import { arriveAll, ask, decide, expectBadInput, type Shown } from '../support/queue';

describeEachDatabase('The list of messages', (kind: DatabaseKind) => {
  const stage = onStage(kind);
  let channel: TestChannel;

  const list = async (query: string): Promise<Unchecked> => channel.api('GET', `/messages?${query}`);
  /** The texts that are found, the oldest first. */
  const found = async (query: string): Promise<string[]> =>
    (await list(`order=oldest&${query}`)).messages.map(({ text }: Shown) => text);

  describe('filters', () => {
    beforeAll(async () => {
      channel = await TestChannel.create(stage.admin);
      const one = event({ message: 'one', user_language: 'de', sender_id: 'S', centralauth_id: 7 });
      const arrived = await arriveAll(channel, [
        one,
        { message: 'two', user_language: 'de', sender_id: 'T', message_type: 'qa' },
        { message: 'three', user_language: 'pt_BR', sender_id: 'S' },
        { message: 'four', user_language: 'de', sender_id: '7' },
        { message: 'five', user_language: 'ar', sender_id: null, screen_name: '' },
      ]);
      for (const symbol of ['👍', '👎']) await channel.post(reaction(one, symbol, { user_language: 'de' }));
      await decide(stage.admin, channel, arrived[2].id, { decision: 'highlight' });
      await decide(stage.admin, channel, arrived[3].id, { decision: 'approve' });
      await decide(stage.admin, channel, arrived[4].id, { decision: 'reject' });
    });

    test.each([
      ['nothing said: the queue', '', ['one', 'two', '👍', '👎']],
      ['a status', 'status=rejected', ['five']],
      ['several statuses', 'status=rejected&status=highlighted', ['three', 'five']],
      ['a type', 'type=emoji', ['👍', '👎']],
      ['several types', 'type=text&type=qa', ['one', 'two']],
      ['a language', 'lang=de', ['one', 'two']],
      ['several languages', 'status=approved&status=highlighted&status=rejected&lang=pt&lang=ar', ['three', 'five']],
      ['a language in one region, with others', 'status=approved&status=highlighted&lang=pt-BR&lang=ar', ['three']],
      ['a language with its region', 'status=highlighted&lang=pt-BR', ['three']],
      ['a language, whose regions are meant too, and all else', 'status=queued&lang=pt&lang=de&type=text', ['one']],
      ['a sender by id', 'status=queued&status=highlighted&sender=S', ['one', 'three']],
      ['a sender by account or id', 'status=queued&status=approved&sender=7', ['one', 'four']],
      ['a sender by account with zeros', 'status=queued&status=approved&sender=007', ['one']],
      ['nobody’s id', 'sender=s', []],
      ['all at once', 'status=queued&type=qa&lang=de&sender=T&q=W', ['two']],
      ['empty ones, which mean none', 'type=&lang=&q=&sender=&limit=&offset=&cursor=', ['one', 'two', '👍', '👎']],
    ])('by %s', async (_, query, expected) => {
      const { total, nextCursor } = await list(query);
      expect(await found(query)).toEqual(expected);
      expect([total, nextCursor]).toEqual([expected.length, null]);
    });

    test('newest first, unless told otherwise', async () => {
      const texts = async (query: string) => (await list(query)).messages.map(({ text }: Shown) => text);
      expect(await texts('')).toEqual(['👎', '👍', 'two', 'one']);
      expect(await texts('order=newest')).toEqual(['👎', '👍', 'two', 'one']);
      expect(await texts('order=oldest')).toEqual(['one', 'two', '👍', '👎']);
    });

    test('and counts: languages without that filter, the channel’s stats without any', async () => {
      const every = 'status=queued&status=highlighted&status=approved&status=rejected';
      const { languages, stats } = await list(`${every}&lang=ar&limit=1`);
      expect(languages).toEqual([
        { code: 'de', count: 3 },
        { code: 'ar', count: 1 },
        { code: 'pt-BR', count: 1 },
      ]);
      expect(stats).toEqual({ queued: 4, highlighted: 1, approved: 1, rejected: 1 });
      expect((await list('type=qa&lang=ar')).languages).toEqual([{ code: 'de', count: 1 }]);
    });

    test('shows a message with all that is known of it', async () => {
      const [one] = (await list('order=oldest&limit=1')).messages;
      expect(one).toEqual({
        id: expect.stringMatching(/^\d+$/),
        sourceId: expect.stringMatching(/^\d+$/),
        screenName: expect.stringContaining('Guest'),
        wikiUsername: null,
        senderId: 'S',
        centralauthId: '7',
        text: 'one',
        type: 'text',
        language: 'de',
        profileImage: null,
        status: 'queued',
        revision: 0,
        arrivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        decidedAt: null,
        decidedBy: null,
        count: 1,
      });
    });
  });

  describe('is searched', () => {
    const texts = [
      '100% Käse',
      '100 KÄSE',
      'a_b',
      'axb',
      'wow!',
      'wow',
      'back\\slash',
      'مرحبا بالعالم',
      '你好，世界',
      'Hi 👋🏽',
    ];

    beforeAll(async () => {
      channel = await TestChannel.create(stage.admin, { anonymousLabel: 'Gast' });
      const names = ['Ünal Öz', '50%', 'x_y', 'Ευα', '王小明', 'Bob!', 'ALICE', '', 'Ｗｉｄｅ', 'بسمة'];
      await arriveAll(
        channel,
        texts.map((message, i) => ({ message, screen_name: names[i] })),
      );
    });

    test.each([
      ['in any case', 'käse', ['100% Käse', '100 KÄSE']],
      ['in any case', 'KÄSE', ['100% Käse', '100 KÄSE']],
      ['with % as it is', '100%', ['100% Käse']],
      ['with % alone', '%', ['100% Käse', '100 KÄSE']],
      ['with _ as it is', 'a_b', ['a_b']],
      ['with ! as it is', 'wow!', ['wow!']],
      ['with \\ as it is', 'k\\s', ['back\\slash']],
      ['in Arabic', 'بالعالم', ['مرحبا بالعالم']],
      ['in Chinese', '世界', ['你好，世界']],
      ['by emoji', '👋', ['Hi 👋🏽']],
      ['by another emoji', '👍', []],
      ['by name', 'ünal', ['100% Käse']],
      ['by a part of a name', 'öz', ['100% Käse']],
      ['by a Greek name', 'ΕΥΑ', ['axb']],
      ['by a name in another width', 'wide', ['你好，世界']],
      ['by a name in any width', 'ａｌｉｃｅ', ['back\\slash']],
      ['by a name that was made here', 'gast #', ['مرحبا بالعالم']],
      ['with quotes', `'"--`, []],
      ['for words with any space between them', ' hi \t 👋', ['Hi 👋🏽']],
      ['for blanks, which is no search', ' \u200B ', texts],
      ['for what no text holds', '\0', texts],
    ])('%s: %s', async (_, q, expected) => {
      expect(await found(`q=${encodeURIComponent(q)}`)).toEqual(expected);
    });
  });

  describe('refuses', () => {
    beforeAll(async () => {
      channel = await TestChannel.create(stage.admin);
    });

    test.each([
      ...['status=open', 'status=queued&status=open', 'status[]=queued', 'type=image', 'type=text,qa', 'order=random'],
      ...['lang=d%00e', `lang=${'x'.repeat(36)}`, 'lang=%27', `q=${'x'.repeat(201)}`, 'q=a&q=b', 'sender=a&sender=b'],
      ...[
        'limit=0',
        'limit=501',
        'limit=-1',
        'limit=1.5',
        'limit=many',
        'limit=1&limit=2',
        'limit=1e3',
        'limit=NaN',
        'limit=0x10',
        'limit=%201',
      ],
      ...['offset=-1', 'offset=x', 'offset=1e9', 'cursor=0', 'cursor=-1', 'cursor=x', 'cursor=1&cursor=2', 'cursor=1;'],
      ...['cursor=99999999999', 'since=1', 'foo=bar'],
    ])('%s', async (query) => {
      expectBadInput(await ask(stage.admin, channel, 'GET', `/messages?${query}`));
    });

    test.each([
      '',
      'since=',
      'since=-1',
      'since=x',
      'since=1.5',
      'since=9007199254740993',
      'since=1&since=2',
      'since=1&a=b',
    ])('changes?%s', async (query) => {
      expectBadInput(await ask(stage.admin, channel, 'GET', `/changes?${query}`));
    });

    test('nothing that is merely odd', async () => {
      for (const query of [
        'cursor=9999999999',
        'cursor=2147483648',
        'sender=%00',
        'sender=%EF%BF%BD',
        'q=%F0%9F',
        'offset=10000000',
      ]) {
        const { status, body } = await ask(stage.admin, channel, 'GET', `/messages?${query}`);
        expect([query, status, body.messages]).toEqual([query, 200, []]);
      }
    });
  });
});
