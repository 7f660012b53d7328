import fc from 'fast-check';
import { Candidate, Facts, IntakeRule, intakeRules, judge, judgeBy, Verdict } from '../../src/moderation/intake-rules';
import { IncomingMessage } from '../../src/moderation/message';
import { SenderIdentity, SenderList } from '../../src/moderation/sender';
import { normalise, PatternIndex } from '../../src/moderation/similarity';

const SENDER: SenderIdentity = { senderId: 's', centralauthId: '1', nameKey: 'bob' };
const nobody = new SenderList([]);
const somebody = new SenderList([SENDER]);

function candidate(overrides: Partial<IncomingMessage> = {}, taken = false): Candidate {
  const message: IncomingMessage = {
    type: 'text',
    key: 'k',
    sourceId: '5',
    targetId: null,
    text: 'buy cheap watches',
    ownName: 'Bob',
    wikiUsername: null,
    senderId: 's',
    centralauthId: '1',
    profileImage: null,
    userLanguage: null,
    sourceChannel: null,
    sentAt: null,
    ...overrides,
  };
  return { reading: { kind: 'message', message, sender: SENDER, normalText: normalise(message.text) }, taken };
}

const reaction = (taken = false): Candidate => candidate({ type: 'emoji', text: '👍' }, taken);

function facts(overrides: Partial<Facts> = {}): Facts {
  return {
    globalBlocks: nobody,
    blocks: nobody,
    patterns: new PatternIndex([]),
    allows: nobody,
    emojiAutoApprove: true,
    symbolApproved: () => false,
    nameSeen: () => true,
    ...overrides,
  };
}

const PATTERNS = new PatternIndex(['buy cheap watches']);

describe('the rules', () => {
  it('stand in this order', () => {
    expect(intakeRules.map(({ name }) => name)).toEqual([
      'removal',
      'duplicate',
      'global blocklist',
      'channel blocklist',
      'blocked pattern',
      'allowlist',
      'emoji auto-approve',
    ]);
  });

  // For each two neighbours, a case that both have a verdict on: turned round, it would end otherwise.
  it.each<[string, string, Candidate, Partial<Facts>]>([
    ['removal', 'duplicate', { reading: { kind: 'ignored' }, taken: true }, {}],
    ['duplicate', 'global blocklist', candidate({}, true), { globalBlocks: somebody }],
    ['global blocklist', 'channel blocklist', candidate(), { globalBlocks: somebody, blocks: somebody }],
    ['channel blocklist', 'blocked pattern', candidate(), { blocks: somebody, patterns: PATTERNS }],
    ['blocked pattern', 'allowlist', candidate(), { patterns: PATTERNS, allows: somebody }],
    ['allowlist', 'emoji auto-approve', reaction(), { allows: somebody, symbolApproved: () => true }],
  ])('%s goes before %s', (first, second, c, known) => {
    const at = intakeRules.findIndex(({ name }) => name === first);
    expect(intakeRules[at + 1]?.name).toBe(second);
    const turned = [...intakeRules];
    turned.splice(at, 2, intakeRules[at + 1], intakeRules[at]);
    const verdict = judgeBy(intakeRules, c, facts(known));
    expect(verdict).toEqual(intakeRules[at].judge(c, facts(known)));
    expect(judgeBy(turned, c, facts(known))).not.toEqual(verdict);
  });
});

describe('judge', () => {
  it.each<[string, Candidate, Partial<Facts>, Verdict]>([
    ['queues what no rule speaks of', candidate(), {}, { outcome: 'queued' }],
    ['ignores what is nothing to moderate', { reading: { kind: 'ignored' }, taken: false }, {}, { outcome: 'ignored' }],
    ['knows a duplicate', candidate({}, true), {}, { outcome: 'duplicate' }],
    [
      'drops by the global list',
      candidate(),
      { globalBlocks: somebody },
      { outcome: 'dropped', reason: 'global-blocklist' },
    ],
    ['drops by the channel’s list', candidate(), { blocks: somebody }, { outcome: 'dropped', reason: 'blocklist' }],
    [
      'drops what is like a pattern',
      candidate({ text: 'BUY  cheap watchez' }),
      { patterns: PATTERNS },
      { outcome: 'dropped', reason: 'pattern' },
    ],
    [
      'drops a question like a pattern',
      candidate({ type: 'qa' }),
      { patterns: PATTERNS },
      { outcome: 'dropped', reason: 'pattern' },
    ],
    ['leaves reactions out of patterns', reaction(), { patterns: new PatternIndex(['👍']) }, { outcome: 'queued' }],
    [
      'approves who is allowed',
      candidate(),
      { allows: somebody },
      { outcome: 'approved', cause: 'allowlist', underLabel: false },
    ],
    [
      'keeps a name that nobody has seen to itself, also of who is allowed',
      reaction(),
      { allows: somebody, nameSeen: () => false },
      { outcome: 'approved', cause: 'allowlist', underLabel: true },
    ],
    [
      'shows the name of who is allowed once it was seen',
      reaction(),
      { allows: somebody, nameSeen: () => true },
      { outcome: 'approved', cause: 'allowlist', underLabel: false },
    ],
    [
      'lets a block win over an allow',
      candidate(),
      { blocks: somebody, allows: somebody },
      { outcome: 'dropped', reason: 'blocklist' },
    ],
    [
      'drops a blocked sender’s reaction',
      reaction(),
      { blocks: somebody, symbolApproved: () => true },
      { outcome: 'dropped', reason: 'blocklist' },
    ],
    [
      'approves a symbol just approved',
      reaction(),
      { symbolApproved: (symbol) => symbol === '👍' },
      { outcome: 'approved', cause: 'emoji', underLabel: false },
    ],
    [
      'hides a name that no moderator has seen',
      reaction(),
      { symbolApproved: () => true, nameSeen: () => false },
      { outcome: 'approved', cause: 'emoji', underLabel: true },
    ],
    [
      'queues a symbol not approved',
      reaction(),
      { symbolApproved: (symbol) => symbol === '👎' },
      { outcome: 'queued' },
    ],
    [
      'queues reactions where the setting is off',
      reaction(),
      { symbolApproved: () => true, emojiAutoApprove: false },
      { outcome: 'queued' },
    ],
    [
      'never takes a text for a symbol',
      candidate({ text: '👍' }),
      { symbolApproved: () => true },
      { outcome: 'queued' },
    ],
  ])('%s', (_, c, known, verdict) => {
    expect(judge(c, facts(known))).toEqual(verdict);
  });
});

describe('a rule that throws', () => {
  const failing: IntakeRule = {
    name: 'failing',
    judge() {
      throw new Error('unreadable');
    },
  };

  it('holds the message back, wherever it stands: nothing is approved after it, and what is blocked stays blocked', () => {
    const all: Partial<Facts>[] = [
      { allows: somebody },
      { symbolApproved: () => true },
      { blocks: somebody },
      { patterns: PATTERNS },
      {},
    ];
    fc.assert(
      fc.property(
        fc.nat({ max: intakeRules.length }),
        fc.constantFrom(...all),
        fc.constantFrom(candidate(), reaction()),
        (at, known, c) => {
          const rules = [...intakeRules.slice(0, at), failing, ...intakeRules.slice(at)];
          const usual = judge(c, facts(known));
          const before = judgeBy(intakeRules.slice(0, at), c, facts(known));
          const held = usual.outcome === 'approved' && before.outcome !== 'approved';
          expect(judgeBy(rules, c, facts(known))).toEqual(held ? { outcome: 'queued' } : usual);
        },
      ),
    );
  });

  it('is told', () => {
    const told = jest.fn();
    const unreadable = new SenderList([]);
    jest.spyOn(unreadable, 'blocks').mockImplementation(() => {
      throw new Error('away');
    });
    const broken = facts({ allows: somebody, blocks: unreadable });
    expect(judge(candidate(), broken, told)).toEqual({ outcome: 'queued' });
    expect(told).toHaveBeenCalledWith('channel blocklist', new Error('away'));
  });
});
