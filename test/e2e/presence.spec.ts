import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DatabaseKind, describeOnOneServer } from '../support/databases';
import { EventReader } from '../support/event-reader';
import { eventually, onStage, TestChannel } from '../support/intake';
import { startServer } from '../support/server';
import { ask, moderatorOf } from '../support/queue';

describeOnOneServer('Who else is there', (kind: DatabaseKind) => {
  const stage = onStage(kind, 2);
  const open: EventReader[] = [];
  let channel: TestChannel;

  beforeEach(async () => {
    channel = await TestChannel.create(stage.admin);
  });
  afterEach(() => open.splice(0).forEach((reader) => reader.close()));

  /** At the first or the second process; SQLite has but one. */
  async function join(name: string, place = 0, of = channel): Promise<EventReader> {
    const moderator = await moderatorOf(of, stage.servers[place].url, name);
    const reader = await EventReader.open(moderator, of.id);
    open.push(reader);
    return reader;
  }

  const sees = (reader: EventReader, ...names: string[]) =>
    eventually(() => JSON.stringify(reader.present) === JSON.stringify(names), `that it sees ${names.join(' and ')}`);

  test('is told to all, through whichever process they came, and to whoever comes last', async () => {
    const ada = await join('Ada');
    await sees(ada, 'Ada');
    const bob = await join('Bob', 1);
    for (const reader of [ada, bob]) await sees(reader, 'Ada', 'Bob');
    const again = await join('Bob', 0);
    for (const reader of [ada, bob, again]) await sees(reader, 'Ada', 'Bob');

    const elsewhere = await join('Eve', 1, await TestChannel.create(stage.admin));
    await sees(elsewhere, 'Eve');
    expect([ada.present, bob.present]).toEqual([
      ['Ada', 'Bob'],
      ['Ada', 'Bob'],
    ]);
  });

  // What follows is the same on every database.
  if (kind !== 'mariadb') return;

  test('ends with the last page of somebody, not with one of several, nor when it is loaded again', async () => {
    const ada = await join('Ada');
    const [first, second] = [await join('Bob'), await join('Bob', 1)];
    await sees(ada, 'Ada', 'Bob');
    const seen: (string[] | null)[] = [];
    const watch = setInterval(() => seen.push(ada.present), 50);
    const bob = await moderatorOf(channel, stage.servers[1].url, 'Bob');
    first.close();
    second.close();
    // Long enough to be looked for and not found.
    await sleep(1_500);
    const back = await EventReader.open(bob, channel.id);
    open.push(back);
    await sees(back, 'Ada', 'Bob');
    const carol = await join('Carol', 1);
    await sees(carol, 'Ada', 'Bob', 'Carol');
    await sees(ada, 'Ada', 'Bob', 'Carol');
    clearInterval(watch);
    expect(seen.filter((names) => !names?.includes('Bob'))).toEqual([]);

    back.close();
    carol.close();
    await sees(ada, 'Ada');
  });

  test('ends with the right to be there', async () => {
    const ada = await join('Ada');
    const name = `Mo ${randomUUID()}`;
    const mo = await moderatorOf(channel, stage.servers[1].url, name);
    open.push(await EventReader.open(mo, channel.id));
    await sees(ada, 'Ada', name);
    const { user } = (await mo.get('/api/v1/session')).body;
    await channel.api('DELETE', `/members/${user.centralauthId}`);
    expect((await ask(mo, channel, 'GET', '/events')).status).toBe(403);
    await sees(ada, 'Ada');
  });

  test('ends soon with a process that stops, and with one that crashed when it has not spoken for long', async () => {
    const [stopping, crashing] = await Promise.all([
      startServer({ database: stage.database }),
      startServer({ database: stage.database }),
    ]);
    const ada = await join('Ada');
    for (const [name, server] of [
      ['Bob', stopping],
      ['Eve', crashing],
    ] as const) {
      const moderator = await moderatorOf(channel, server.url, name);
      open.push(await EventReader.open(moderator, channel.id));
    }
    await sees(ada, 'Ada', 'Bob', 'Eve');
    await Promise.all([stopping.stop(), crashing.kill()]);
    const expiry = async (name: string) => {
      const [row] = await stage.database.query<{ at: number }>(
        'SELECT expires_at AS at FROM presences WHERE channel_id = ? AND username = ?',
        [channel.id, name],
      );
      return row.at;
    };
    // Both have spoken within the last ten seconds; the one that stopped has said that it would not speak again.
    expect(await expiry('Bob')).toBeLessThan((await expiry('Eve')) - 10_000);
    await sees(ada, 'Ada', 'Eve');
    await stage.database.query("UPDATE presences SET expires_at = expires_at - 30000 WHERE username = 'Eve'");
    await sees(ada, 'Ada');
  });
});
