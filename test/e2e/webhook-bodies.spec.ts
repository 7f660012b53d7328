import { Agent } from 'node:http';
import { describeEachDatabase } from '../support/databases';
import { type Answer } from '../support/http';
import { eventually, isBalanced, onStage, TestChannel } from '../support/intake';
import { MALFORMED } from '../support/malformed-bodies';
import { SALVAGEABLE } from '../support/salvageable-bodies';

/** Where anything that was taken would leave a trace. */
const TABLES = ['messages', 'taken_keys', 'anonymous_senders', 'moderation_log'];

describeEachDatabase(
  'A signed body',
  (kind) => {
    const stage = onStage(kind);
    const agent = new Agent({ keepAlive: true });
    afterAll(() => agent.destroy());

    test('that cannot be used is refused in JSON, and leaves nothing behind', async () => {
      expect(MALFORMED.length).toBeGreaterThanOrEqual(150);
      const channel = await TestChannel.create(stage.admin);
      const isRefusal = ({ status, headers, body }: Answer) =>
        status === 400 &&
        /^application\/json/.test(headers['content-type'] ?? '') &&
        body.statusCode === 400 &&
        body.error === 'Bad Request' &&
        typeof body.message === 'string';

      const wrong: unknown[] = [];
      for (const { name, body } of MALFORMED) {
        const answer = await channel.post(body(Date.now()), { agent });
        if (!isRefusal(answer)) wrong.push([name, answer.status, answer.text]);
      }
      expect(wrong).toEqual([]);

      for (const table of TABLES) {
        const rows = await stage.database.query(`SELECT * FROM ${table} WHERE channel_id = ?`, [channel.id]);
        expect([table, rows]).toEqual([table, []]);
      }
      expect(await channel.intake()).toMatchObject({ received: 0, ignored: 0, lastReceivedAt: null });
      await eventually(
        async () => (await channel.intake()).refused['400'] === MALFORMED.length,
        'all refusals counted',
      );
      expect(stage.servers[0].output()).not.toMatch(/"level":(50|60)|error/i);
    });

    test('of which something can be salvaged is taken once, and kept as the contract says', async () => {
      expect(SALVAGEABLE.length).toBeGreaterThanOrEqual(60);
      const channel = await TestChannel.create(stage.admin);
      const outcomes: unknown[] = [];
      for (const { name, body } of SALVAGEABLE) {
        const bytes = body(Date.now());
        for (const expected of ['queued', 'duplicate']) {
          const { status, body: answer } = await channel.post(bytes, { agent });
          if (status !== 200 || answer.outcome !== expected) outcomes.push([name, status, answer]);
        }
      }
      expect(outcomes).toEqual([]);

      const messages = await channel.messages();
      expect(messages).toHaveLength(SALVAGEABLE.length);
      for (const [i, { name, expect: expected }] of SALVAGEABLE.entries()) {
        const named = {
          ...expected,
          ...(expected.screenName === null ? { screenName: expect.stringMatching(/^Anonymous #\d+$/) } : {}),
        };
        expect({ name, ...messages[i] }).toMatchObject({ name, status: 'queued', revision: 0, count: 1, ...named });
      }
      const intake = await channel.intake();
      expect(intake).toMatchObject({ received: 2 * SALVAGEABLE.length, queued: SALVAGEABLE.length });
      expect(isBalanced(intake)).toBe(true);
    });
  },
  ['sqlite', 'mariadb'],
);
