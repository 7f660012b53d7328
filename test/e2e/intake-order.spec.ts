import fc from 'fast-check';
import { describeEachDatabase } from '../support/databases';
import { eventyayBytes, type Unchecked } from '../support/http';
import { isBalanced, onStage, TestChannel } from '../support/intake';
import { IntakeModel, isBlockedBy, type ListEntry, type ModelEvent, type ModelSettings } from '../support/intake-model';

// Few values, so that senders, texts, names and ids meet all the time.
const anId = fc.constantFrom<(string | number)[]>('1', 1, '2', 'a', 'A');
const anAccount = fc.constantFrom<(string | number)[]>('1', 1, '2', 3);
const aName = fc.constantFrom('Alice', 'ＡＬＩＣＥ', ' alice\u200b', 'Bob', 'Älice', '');
const aText = fc.constantFrom(
  'hey',
  'hay',
  'Buy it',
  'buy  it!',
  'BUY  IT',
  'buy it now',
  'Great talk',
  'great tork',
  'gréat talk!!',
  'great talk 👍',
  '👍',
);
const aSymbol = fc.constantFrom('👍', '👍', '👍', '👍🏿');

const anEntry: fc.Arbitrary<ListEntry> = fc
  .record(
    {
      senderId: anId.map(String),
      centralauthId: anAccount.map(String),
      screenName: aName.filter((name) => name !== ''),
    },
    { requiredKeys: [] },
  )
  .filter((entry) => Object.keys(entry).length > 0);
const hasId = ({ senderId, centralauthId }: ListEntry) => senderId !== undefined || centralauthId !== undefined;

/** Who names the same ids again finds the entry that is there, with the name that it has; by a name alone, the name is all. */
const sameEntry = ({ senderId, centralauthId, screenName }: ListEntry) =>
  JSON.stringify(hasId({ senderId, centralauthId }) ? [senderId, centralauthId] : [screenName]);
const entries = (entry: fc.Arbitrary<ListEntry>, size: fc.UniqueArrayConstraintsRecommended<ListEntry, string>) =>
  fc.uniqueArray(entry, { ...size, selector: sameEntry });

const settings: fc.Arbitrary<ModelSettings> = fc.record({
  emojiAutoApprove: fc.constantFrom(true, true, false),
  globalBlocks: entries(anEntry, { maxLength: 2 }),
  blocks: fc.array(anEntry, { maxLength: 1 }),
  allows: entries(anEntry.filter(hasId), { minLength: 1, maxLength: 3 }),
  patterns: fc.array(aText, { minLength: 1, maxLength: 3 }),
});

const anEvent: fc.Arbitrary<ModelEvent> = fc.record({
  message_id: fc.oneof(fc.constant(null), fc.nat({ max: 25 }), fc.nat({ max: 25 }).map(String)),
  message: aText,
  message_type: fc.constantFrom('text', 'emoji', 'emoji', 'qa'),
  screen_name: aName,
  sender_id: fc.option(anId),
  centralauth_id: fc.option(anAccount),
  meta: fc.record(
    { target_message_id: fc.nat({ max: 20 }), reaction: aSymbol, action: fc.constantFrom('add', 'add', 'remove') },
    { requiredKeys: [] },
  ),
});
/** Now and then a moderator decides on the card that has come last. */
type Step = { event: ModelEvent } | { decide: 'approve' | 'highlight' | 'reject' };
const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ event: anEvent }) },
  { weight: 1, arbitrary: fc.record({ decide: fc.constantFrom('approve', 'highlight', 'reject') }) },
);
const RANKS = ['queued', 'highlighted', 'approved', 'rejected'] as const;

describeEachDatabase(
  'The order of intake',
  (kind) => {
    const stage = onStage(kind);

    test('is the contract’s, whatever the lists hold and whatever comes', async () => {
      let seen: Record<string, number> = {};
      await fc.assert(
        fc.asyncProperty(settings, fc.array(aStep, { minLength: 40, maxLength: 60 }), async (wanted, steps) => {
          const outcomes = await playThrough(wanted, steps);
          for (const outcome of outcomes) seen = { ...seen, [outcome]: (seen[outcome] ?? 0) + 1 };
        }),
        { numRuns: 12, endOnFailure: true },
      );
      // It has proved nothing about an outcome that never came.
      expect(Object.keys(seen).sort()).toEqual(['approved', 'dropped', 'duplicate', 'ignored', 'queued']);
    }, 180_000);

    async function playThrough(wanted: ModelSettings, steps: Step[]): Promise<string[]> {
      const { admin } = stage;
      const channel = await TestChannel.create(admin, { emojiAutoApprove: wanted.emojiAutoApprove });
      const globalIds: string[] = [];
      for (const entry of wanted.globalBlocks) {
        globalIds.push((await admin.post('/api/v1/global-blocked-senders', entry)).body.entry.id);
      }
      try {
        for (const entry of wanted.blocks) await channel.api('POST', '/blocked-senders', entry);
        for (const text of wanted.patterns) await channel.api('POST', '/blocked-patterns', { text });
        const allows = [];
        for (const entry of wanted.allows) {
          const { status } = await admin.post(`/api/v1/channels/${channel.id}/allowed-senders`, entry);
          const isBlocked = [...wanted.globalBlocks, ...wanted.blocks].some((block) => isBlockedBy(block, entry));
          expect(status === 409).toBe(isBlocked);
          if (!isBlocked) allows.push(entry);
        }
        return await playEvents(channel, new IntakeModel({ ...wanted, allows }), steps);
      } finally {
        for (const id of globalIds) await admin.delete(`/api/v1/global-blocked-senders/${id}`);
      }
    }

    async function playEvents(channel: TestChannel, model: IntakeModel, steps: Step[]): Promise<string[]> {
      const timestamp = new Date().toISOString();
      const [expected, answered]: string[][] = [[], []];
      for (const step of steps) {
        if ('event' in step) {
          const payload = { ...step.event, timestamp };
          expected.push(model.receive(step.event, eventyayBytes(payload).toString()));
          answered.push(String(await channel.outcome(payload)));
        } else if (model.messages.length > 0) {
          const last = model.messages[model.messages.length - 1];
          await channel.decide((await channel.messages()).at(-1).id, step.decide);
          const to = ({ approve: 'approved', highlight: 'highlighted', reject: 'rejected' } as const)[step.decide];
          if (RANKS.indexOf(to) > RANKS.indexOf(last.status)) last.status = to;
        }
      }
      expect(answered).toEqual(expected);

      const shown = (await channel.messages()).map(({ type, text, status }) => ({ type, text, status }));
      expect(shown).toEqual(model.messages.map(({ type, text, status }) => ({ type, text, status })));
      const { entries } = await channel.api('GET', '/log?limit=500');
      const causes = entries.filter(({ automatic }: Unchecked) => automatic).map(({ cause }: Unchecked) => cause);
      expect(causes.reverse()).toEqual(model.messages.flatMap(({ automatic }) => automatic ?? []));
      const intake = await channel.intake();
      expect(intake).toMatchObject({ received: answered.length, dropped: model.dropped });
      expect(isBalanced(intake)).toBe(true);
      return answered;
    }
  },
  ['sqlite', 'mariadb'],
);
