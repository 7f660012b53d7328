import { IncomingMessage } from './message';
import { SenderIdentity, SenderList } from './sender';
import { PatternIndex } from './similarity';

export type Cause = 'allowlist' | 'emoji';
export type DropReason = 'global-blocklist' | 'blocklist' | 'pattern';

/** `underLabel`: published under the channel's anonymous label instead of the sender's name. */
export type Verdict =
  | { outcome: 'ignored' }
  | { outcome: 'duplicate' }
  | { outcome: 'dropped'; reason: DropReason }
  | { outcome: 'approved'; cause: Cause; underLabel: boolean }
  | { outcome: 'queued' };

export interface Candidate {
  reading:
    { kind: 'ignored' } | { kind: 'message'; message: IncomingMessage; sender: SenderIdentity; normalText: string };
  /** Its key was there before. */
  taken: boolean;
}

/** What the rules may know: the channel's lists and settings, and what its moderators have lately decided. */
export interface Facts {
  globalBlocks: SenderList;
  blocks: SenderList;
  patterns: PatternIndex;
  allows: SenderList;
  emojiAutoApprove: boolean;
  /** Whether the same symbol has been approved in this channel within the last seconds. */
  symbolApproved(symbol: string): boolean;
  /** Whether a moderator has already published that sender under that name. */
  nameSeen(message: IncomingMessage): boolean;
}

/** Sees plain facts; returns a verdict, or null for nothing to say. */
export interface IntakeRule {
  name: string;
  judge: (c: Candidate, f: Facts) => Verdict | null;
}

/**
 * The policy. The first rule that says something decides; where none does, the message is queued.
 * The language is no verdict: whatever it is, the message goes on. It is told in language.ts.
 */
export const intakeRules: readonly IntakeRule[] = [
  // Nothing to moderate: a reaction taken back, or one without a symbol. Not remembered, so that a later one still counts.
  { name: 'removal', judge: (c) => (c.reading.kind === 'ignored' ? { outcome: 'ignored' } : null) },
  { name: 'duplicate', judge: (c) => (c.taken ? { outcome: 'duplicate' } : null) },

  // Blocks, the widest first. All of them come before every allow: a block wins.
  rule('global blocklist', ({ sender }, f) => (f.globalBlocks.blocks(sender) ? dropped('global-blocklist') : null)),
  rule('channel blocklist', ({ sender }, f) => (f.blocks.blocks(sender) ? dropped('blocklist') : null)),
  rule('blocked pattern', ({ message, normalText }, f) =>
    message.type !== 'emoji' && f.patterns.find(normalText) !== null ? dropped('pattern') : null,
  ),

  // What no moderator needs to look at.
  rule('allowlist', ({ sender, message }, f) =>
    f.allows.allows(sender)
      ? { outcome: 'approved', cause: 'allowlist', underLabel: message.type === 'emoji' && !f.nameSeen(message) }
      : null,
  ),
  // A symbol that a moderator has just approved is known; the name beside it may not be, and would be unseen text.
  rule('emoji auto-approve', ({ message }, f) =>
    message.type === 'emoji' && f.emojiAutoApprove && f.symbolApproved(message.text)
      ? { outcome: 'approved', cause: 'emoji', underLabel: !f.nameSeen(message) }
      : null,
  ),
];

/**
 * The verdict on a message. A rule that throws holds it back for a moderator: the rules after it can still drop it, and
 * none can approve it.
 *
 * @param onFault is told which rule threw what
 */
export function judge(c: Candidate, f: Facts, onFault?: (rule: string, error: unknown) => void): Verdict {
  return judgeBy(intakeRules, c, f, onFault);
}

export function judgeBy(
  rules: readonly IntakeRule[],
  c: Candidate,
  f: Facts,
  onFault?: (rule: string, error: unknown) => void,
): Verdict {
  let held = false;
  for (const { name, judge: judgeOne } of rules) {
    try {
      const verdict = judgeOne(c, f);
      if (verdict !== null && !(held && verdict.outcome === 'approved')) return verdict;
    } catch (error) {
      held = true;
      onFault?.(name, error);
    }
  }
  return { outcome: 'queued' };
}

type Judged = Extract<Candidate['reading'], { kind: 'message' }>;

/** A rule about messages only. */
function rule(name: string, judgeMessage: (reading: Judged, f: Facts) => Verdict | null): IntakeRule {
  return { name, judge: ({ reading }, f) => (reading.kind === 'message' ? judgeMessage(reading, f) : null) };
}

function dropped(reason: DropReason): Verdict {
  return { outcome: 'dropped', reason };
}
