import fc from 'fast-check';
import { NestFactory } from '@nestjs/core';
import { Database } from '../../src/database/database';
import { ImportModule } from '../../src/import/import.module';
import { Importer } from '../../src/import/importer';
import { Original } from '../../src/import/original/original';
import { openSqliteSource } from '../../src/import/original/sqlite-source';
import type { Settings } from '../../src/settings';
import { databaseSettings } from '../support/data-source';
import { freshDatabase } from '../support/databases';
import {
  makeSqliteOriginal,
  originalChannel,
  originalLogRow,
  originalMessage,
  type OriginalRows,
} from '../support/original';

/** After everything that the original decided; what is blocked here is rejected at the time of the import, which differs. */
const LONG_AGO = Date.UTC(2026, 8);

/** What an import leaves behind, without the numbers that the database gave. */
const LEFT = `SELECT m.channel_id, m.source_id, m.screen_name, m.text, m.status_rank, m.arrived_at, MIN(m.decided_at, ${LONG_AGO}) AS decided_at, m.decided_by,
    (SELECT group_concat(l.decision || l.from_rank || l.to_rank || MIN(l.decided_at, ${LONG_AGO})) FROM moderation_log l WHERE l.message_id = m.id) AS log,
    (SELECT anonymous_counter FROM channel_state s WHERE s.channel_id = m.channel_id) AS counter,
    (SELECT COUNT(*) FROM taken_keys) AS keys_taken, (SELECT COUNT(*) FROM moderation_log) AS logged,
    (SELECT group_concat(identity) FROM (SELECT identity FROM blocked_senders ORDER BY identity)) AS blocked
  FROM messages m ORDER BY m.channel_id, m.arrived_at, m.source_id`;

type Portion = [keyof OriginalRows, Record<string, unknown>];

/** Imports after each portion of rows that is added. */
async function importing(portions: Portion[][]): Promise<unknown[]> {
  const [source, target] = [await makeSqliteOriginal(), await freshDatabase('sqlite')];
  const database = await Database.open({ database: databaseSettings(target) });
  const settings = { database: databaseSettings(target), secretKey: 'k'.repeat(40) } as Settings;
  const context = await NestFactory.createApplicationContext(ImportModule.with(settings, database), { logger: false });
  for (const rows of portions) {
    for (const [table, row] of rows) await source.insert({ [table]: [row] });
    const connection = await openSqliteSource(source.from);
    await context.get(Importer).import(await Original.in(connection));
    await connection.close();
  }
  const left = await database.reader.query<unknown[]>(LEFT);
  await context.close();
  await Promise.all([source.drop(), target.drop()]);
  return left;
}

const CHANNELS: Portion[] = ['main-hall', 'side-hall'].map((id) => [
  'channels',
  originalChannel({ id, anonymous_counter: 9 }),
]);

/** A message with all that the original wrote about it, which is there from one moment on. */
const aStory: fc.Arbitrary<(id: number) => Portion[]> = fc
  .record({
    channel_id: fc.constantFrom('main-hall', 'side-hall'),
    status: fc.constantFrom('queued', 'approved', 'highlighted', 'rejected', 'odd'),
    screen_name: fc.constantFrom('Ada', 'Anonymous #3', 'Anonymous #12'),
    event: fc.integer({ min: 1, max: 8 }),
    decisions: fc.subarray(['highlight', 'approved', 'ban']),
    isBlocked: fc.boolean(),
  })
  .map(({ event, decisions, isBlocked, ...cells }) => (id) => {
    const { channel_id } = cells;
    const sender_id = isBlocked ? `blocked-${id}` : 'somebody';
    return [
      [
        'messages',
        originalMessage(id, {
          ...cells,
          sender_id,
          eventyay_message_id: String(event),
          processed_at: '2026-08-05 10:00:00',
        }),
      ],
      ...decisions.map((decision, i): Portion => [
        'moderation_log',
        originalLogRow(100 * id + i, { channel_id, message_id: id, decision }),
      ]),
      ...(isBlocked
        ? [['blacklist', { id, channel_id: 'side-hall', screen_name: '', sender_id, centralauth_id: null }] as Portion]
        : []),
    ];
  });

test('importing in portions, however they are cut, leaves what importing at once leaves', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(aStory, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat({ max: 3 }), { minLength: 6, maxLength: 6 }),
      async (stories, cuts) => {
        const whole = stories.map((story, i) => story(i + 1));
        const portions = [0, 1, 2, 3].map((n) => whole.filter((_, i) => [...cuts].sort()[i] === n).flat());
        const atOnce = await importing([[...CHANNELS, ...portions.flat()]]);
        expect(await importing([CHANNELS, ...portions])).toEqual(atOnce);
      },
    ),
    { numRuns: 8 },
  );
});
