import { type DatabaseKind, describeEachDatabase } from '../support/databases';
import { event, reaction } from '../support/http';
import { eventually, isBalanced, onStage, type Stage, TestChannel } from '../support/intake';
import { postTogether } from '../support/pipeline';

const MATES = 12;
const POISON = 'The database will not have this one';

/** Makes the database itself refuse a row for what it holds. */
const REFUSE: Record<DatabaseKind, string[]> = {
  sqlite: [
    `CREATE TRIGGER refuse BEFORE INSERT ON messages WHEN NEW.text = '${POISON}' BEGIN SELECT RAISE(ABORT, 'refused'); END`,
  ],
  mariadb: [
    `CREATE TRIGGER refuse BEFORE INSERT ON messages FOR EACH ROW
       IF NEW.text = '${POISON}' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'refused'; END IF`,
  ],
  postgres: [
    `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN IF NEW.text = '${POISON}' THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW; END $$`,
    `CREATE TRIGGER refuse BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION refuse()`,
  ],
};
const RELENT: Record<DatabaseKind, string> = {
  sqlite: 'DROP TRIGGER refuse',
  mariadb: 'DROP TRIGGER refuse',
  postgres: 'DROP TRIGGER refuse ON messages',
};
async function run(stage: Stage, statements: string[]): Promise<void> {
  for (const statement of statements) await stage.database.query(statement);
}

describeEachDatabase('A row that the database refuses', (kind) => {
  const stage = onStage(kind);

  /** The numbers of the transactions that wrote the texts; each has one of its own. */
  async function transactionsOf(channel: TestChannel, texts: unknown[]): Promise<number[]> {
    const rows = await stage.database.query<{ text: string; change_seq: number }>(
      'SELECT text, change_seq FROM messages WHERE channel_id = ? ORDER BY id',
      [channel.id],
    );
    return rows.filter(({ text }) => texts.includes(text)).map(({ change_seq }) => change_seq);
  }

  test('is refused alone: its batch mates are stored, counted and answered', async () => {
    const channel = await TestChannel.create(stage.admin);
    const batch = () => Array.from({ length: MATES }, () => event());

    // So many at once do share a batch.
    const before = batch();
    await postTogether(channel, before);
    expect(
      new Set(
        await transactionsOf(
          channel,
          before.map(({ message }) => message),
        ),
      ).size,
    ).toBe(1);

    await run(stage, REFUSE[kind]);
    const mates = batch();
    const poison = event({ message: POISON, screen_name: '' });
    const like = reaction(mates[0], '👍', { screen_name: '' });
    const together = [...mates.slice(0, 5), poison, like, mates[0], ...mates.slice(5), poison];
    const answers = await postTogether(channel, together);
    expect(answers.map(({ status, body }) => body.outcome ?? status)).toEqual([
      ...Array(5).fill('queued'),
      ...[400, 'queued', 'duplicate'],
      ...Array(MATES - 5).fill('queued'),
      400,
    ]);
    expect(answers[5].body).toEqual({ statusCode: 400, error: 'Bad Request', message: expect.any(String) });

    // Each mate has a transaction of its own now, so the batch that they shared was indeed undone and tried again.
    const transactions = await transactionsOf(
      channel,
      mates.map(({ message }) => message),
    );
    expect(transactions).toHaveLength(MATES);
    expect(new Set(transactions).size).toBe(MATES);
    const intake = await channel.intake();
    expect(intake).toMatchObject({ received: MATES + MATES + 2, queued: MATES + MATES + 1, duplicate: 1 });
    expect(isBalanced(intake)).toBe(true);
    await eventually(async () => (await channel.intake()).refused['400'] === 2, 'two refusals counted');
    // The undone batch took no number either.
    expect((await channel.messages('type=emoji'))[0].screenName).toBe('Anonymous #1');
    expect(stage.servers[0].output()).not.toContain(POISON);

    // Nothing of it was remembered: once the database takes it, it is new.
    await run(stage, [RELENT[kind]]);
    expect([await channel.outcome(poison), await channel.outcome(poison)]).toEqual(['queued', 'duplicate']);
  });

  test('does no harm to another channel in its batch', async () => {
    const [one, other] = [await TestChannel.create(stage.admin), await TestChannel.create(stage.admin)];
    await run(stage, REFUSE[kind]);
    const [bad, good] = await Promise.all([
      postTogether(one, [event(), event({ message: POISON }), event()]),
      postTogether(other, [event(), event(), event()]),
    ]);
    await run(stage, [RELENT[kind]]);
    expect(bad.map(({ status }) => status)).toEqual([200, 400, 200]);
    expect(good.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await one.messages()).length + (await other.messages()).length).toBe(5);
  });

  if (kind === 'sqlite') return;
  for (const [what, table, column] of [
    ['a message', 'messages', 'text'],
    ['the log row of its approval', 'moderation_log', 'text'],
    ['its sender’s number', 'anonymous_senders', 'number'],
  ]) {
    test(`is refused alone where a constraint is violated by ${what}`, async () => {
      const channel = await TestChannel.create(stage.admin);
      const bad = `Refused in ${table}`;
      await channel.api('POST', '/allowed-senders', { senderId: bad });
      const nameless = (message: string) => event({ sender_id: message, message, screen_name: '' });
      const condition = column === 'text' ? `text <> '${bad}'` : `number <> 3 OR channel_id <> '${channel.id}'`;
      await run(stage, [`ALTER TABLE ${table} ADD CONSTRAINT refuse CHECK (${condition})`]);
      const answers = await postTogether(channel, ['a', 'b', bad].map(nameless));
      expect(await channel.outcome(nameless('a'))).toBe('queued');
      await run(stage, [`ALTER TABLE ${table} DROP CONSTRAINT refuse`]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 400]);
      expect((await channel.messages()).map(({ text }) => text)).toEqual(['a', 'b', 'a']);
      expect(await channel.outcome(nameless(bad))).toBe('approved');
    });
  }
});
