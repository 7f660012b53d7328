import { HttpException, Injectable, Logger } from '@nestjs/common';
import { ChannelWriter, LockedChannel } from '../database/channel-writer';
import { insertNewKeys } from '../database/statements';
import { minuteOf } from '../entities/intake-minute.entity';
import { Candidate, DropReason, judge, Verdict } from '../moderation/intake-rules';
import type { IncomingMessage } from '../moderation/message';
import { refusalOf, unknownChannel } from './admission.service';
import { ChannelRules, ChannelRulesCache } from './channel-rules';
import { ApprovedBefore } from './approved-before';
import { Accepted, storeMessages } from './message-rows';
import { countInMinute } from './minutes';
import { Outcome } from './webhook.dto';

/** A body that has been read, on its way to be judged. */
export interface Arrival {
  channelId: string;
  /** What it was signed with. */
  secret: string;
  reading: Candidate['reading'];
}

type Answer = Outcome | HttpException;

/**
 * Judges and stores a batch in one transaction: lock the channels, look at their rules, take the keys, judge in order
 * of arrival, store what goes on, count everything.
 */
@Injectable()
export class IntakeWriter {
  constructor(
    private readonly channels: ChannelWriter,
    private readonly rules: ChannelRulesCache,
  ) {}

  /** @returns an answer for each arrival; an exception is one that is refused after all */
  async write(arrivals: Arrival[]): Promise<Answer[]> {
    const byChannel = placesByChannel(arrivals);
    return this.channels.writeMany([...byChannel.keys()], async (locked) => {
      const answers = new Array<Answer>(arrivals.length);
      for (const [channelId, places] of byChannel) {
        const channel = locked.get(channelId);
        const group = places.map((i) => arrivals[i]);
        const results = channel ? await this.writeGroup(channel, group) : group.map(() => unknownChannel());
        places.forEach((place, i) => (answers[place] = results[i]));
      }
      return answers;
    });
  }

  private async writeGroup(channel: LockedChannel, group: Arrival[]): Promise<Answer[]> {
    // The rules may have changed since these were let in; what holds now is what counts.
    const rules = await this.rules.at(channel.tx, channel.state);
    const refusals = group.map(({ secret }) => refusalOf(rules.channel, secret));
    const admitted = group.filter((_, i) => refusals[i] === null);
    const verdicts = await judgeAll(channel, rules, admitted);
    const { webhookSecret, previousSecrets } = rules.channel;
    const replaced = admitted.find(({ secret }) => secret !== webhookSecret);
    if (replaced) {
      const used = previousSecrets.find(({ secret }) => secret === replaced.secret);
      channel.state.previousSecretUsedAt = channel.now;
      channel.state.previousSecretUsedUntil = used?.expiresAt ?? null;
    }
    let judged = 0;
    return refusals.map((refusal) => refusal ?? verdicts[judged++].outcome);
  }
}

/** Where the arrivals of each channel stand in the batch. */
function placesByChannel(arrivals: Arrival[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  arrivals.forEach(({ channelId }, i) => {
    const known = places.get(channelId);
    if (known) known.push(i);
    else places.set(channelId, [i]);
  });
  return places;
}

async function judgeAll(channel: LockedChannel, rules: ChannelRules, arrivals: Arrival[]): Promise<Verdict[]> {
  const messages = arrivals.flatMap(({ reading }) => (reading.kind === 'message' ? [reading.message] : []));
  const fresh = await takeKeys(channel, messages);
  const before = await ApprovedBefore.read(channel, messages);
  const facts = {
    globalBlocks: rules.globalBlocks,
    blocks: rules.blocks,
    allows: rules.allows,
    patterns: rules.patterns,
    emojiAutoApprove: rules.channel.emojiAutoApprove,
    symbolApproved: before.symbolApproved,
    nameSeen: before.nameSeen,
  };
  const accepted: Accepted[] = [];
  const verdicts = arrivals.map(({ reading }) => {
    // Of equal ones in a batch the first is taken.
    const taken = reading.kind === 'message' && !fresh.delete(reading.message.key);
    const verdict = judge({ reading, taken }, facts, tellFault);
    if (reading.kind === 'message' && (verdict.outcome === 'queued' || verdict.outcome === 'approved')) {
      accepted.push({ reading, verdict });
      if (verdict.outcome === 'approved') before.add(reading.message);
    }
    return verdict;
  });
  await storeMessages(channel, rules.channel, accepted);
  await countAll(channel, verdicts);
  return verdicts;
}

/** @returns the keys that nobody had taken; from now on they are taken */
async function takeKeys({ tx, id }: LockedChannel, messages: IncomingMessage[]): Promise<Set<string>> {
  const keys = new Set(messages.map(({ key }) => key));
  const rows = await insertNewKeys<{ digest: string }>(
    tx,
    'taken_keys',
    ['channel_id', 'digest'],
    [...keys].map((key) => [id, key]),
  );
  return new Set(rows.map(({ digest }) => digest));
}

const COUNTER = {
  'global-blocklist': 'droppedGlobal',
  blocklist: 'droppedBlocked',
  pattern: 'droppedPattern',
} as const satisfies Record<DropReason, string>;

async function countAll(channel: LockedChannel, verdicts: Verdict[]): Promise<void> {
  if (verdicts.length === 0) return;
  const { state, now } = channel;
  const counts = { queued: 0, approved: 0, duplicate: 0, dropped: 0, ignored: 0 };
  for (const verdict of verdicts) {
    counts[verdict.outcome] += 1;
    state[verdict.outcome === 'dropped' ? COUNTER[verdict.reason] : verdict.outcome] += 1;
  }
  state.received += verdicts.length;
  state.lastReceivedAt = now;
  channel.count();
  await countInMinute(channel, minuteOf(now), counts);
}

const logger = new Logger('Intake');
const tellFault = (rule: string, error: unknown) =>
  logger.error(`the rule "${rule}" failed and held a message back: ${(error as Error).name}`);
