import { BadRequestException, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { ChannelWriter, LockedChannel } from '../database/channel-writer';
import { SenderVeil } from '../database/sender-veil';
import { AllowedSender } from '../entities/allowed-sender.entity';
import { BlockedPattern } from '../entities/blocked-pattern.entity';
import { BlockedSender } from '../entities/blocked-sender.entity';
import { ChannelMember } from '../entities/channel-member.entity';
import { GlobalBlockedSender } from '../entities/global-blocked-sender.entity';
import type { Veil } from '../moderation/sender';
import { hasId, identitiesOf, newEntry, resolveTarget, type Target } from '../queue/sender-target';
import { newPattern } from '../queue/patterns.service';
import { standingBlocks } from '../queue/standing-rules';
import { type ImportRun, nameOf } from './import-run';
import { EVERYWHERE } from './marks';
import type { Cells } from './original/original';
import { type Mapped, refused } from './rows/mapped';
import {
  mapMember,
  mapPattern,
  mapSender,
  type OriginalMember,
  type OriginalPattern,
  type OriginalSender,
} from './rows/people-rows';
import { countOutcomes, type Outcome, takeNew, takeRows } from './take-rows';

const REFUSED_NAME_ALONE = 'an allow needs an id, for anybody can take a name';
const REFUSED_BLOCKED = 'this sender is blocked, and a block wins';

/** Takes who works in the channels, and whom and what their lists mean. Adds only: nothing is decided by it. */
@Injectable()
export class ListImport {
  constructor(
    private readonly writer: ChannelWriter,
    private readonly veil: SenderVeil,
  ) {}

  async takeMembers(run: ImportRun): Promise<void> {
    const roles = new Map<string, string>();
    const map = (cells: Cells): Mapped<OriginalMember> => {
      const mapped = mapMember(cells);
      if (mapped.kind === 'refused') return mapped;
      const { channelId, centralauthId, role } = mapped.row;
      const who = `${channelId} ${centralauthId}`;
      const earlier = roles.get(who) ?? role;
      roles.set(who, earlier);
      return earlier === role ? mapped : refused('the account has another role in an earlier row');
    };
    await takeRows(run, this.writer, 'channel_members', map, each(storeMember));
  }

  async takeBlocked(run: ImportRun): Promise<void> {
    await takeRows(run, this.writer, 'blacklist', mapSender, each(storeSender(run, BlockedSender, this.veil.veil)));
  }

  /** After every block: one that is blocked cannot be allowed. */
  async takeAllowed(run: ImportRun): Promise<void> {
    await takeRows(run, this.writer, 'whitelist', mapSender, async (channel, rows) => {
      const blocks = await standingBlocks(channel, this.veil.veil);
      const storeAllowed = storeSender(run, AllowedSender, this.veil.veil, (target) => {
        if (!hasId(target)) return REFUSED_NAME_ALONE;
        return blocks.blocks(target) ? REFUSED_BLOCKED : null;
      });
      return each(storeAllowed)(channel, rows);
    });
  }

  async takePatterns(run: ImportRun): Promise<void> {
    await takeRows(run, this.writer, 'blocked_patterns', mapPattern, each(storePattern(run)));
  }

  /** In one transaction that locks every channel, as any change of this list does. */
  async takeGloballyBlocked(run: ImportRun): Promise<void> {
    const table = 'global_blacklist';
    const tally = run.report.begin(table, run.original.has(table));
    const waiting: { row: OriginalSender; place: string; changes: string[] }[] = [];
    for await (const { place, cells } of run.original.rows(table)) {
      const mapped = mapSender(cells);
      if (mapped.kind === 'refused') tally.refuse(mapped.why, place);
      else waiting.push({ ...mapped, place });
    }
    if (waiting.length === 0) return;
    const outcomes = await this.writer.writeAll(async (channels, tx) => {
      const all = await takeNew(run, tx, { channelId: EVERYWHERE, table }, waiting, async (fresh) => {
        const stored: Outcome[] = [];
        for (const row of fresh) stored.push(await storeGlobal(tx, run, row, this.veil.veil));
        return stored;
      });
      if (all.some(({ kind }) => kind === 'taken')) for (const channel of channels.values()) channel.raiseRules();
      return all;
    });
    countOutcomes(tally, waiting, outcomes);
  }
}

type StoreOne<Row> = (channel: LockedChannel, row: Row) => Promise<Outcome>;

/** Lists are short: one by one, each sees those before it. */
function each<Row>(store: StoreOne<Row>) {
  return async (channel: LockedChannel, rows: Row[]): Promise<Outcome[]> => {
    const outcomes: Outcome[] = [];
    for (const row of rows) outcomes.push(await store(channel, row));
    return outcomes;
  };
}

async function storeMember(channel: LockedChannel, row: OriginalMember): Promise<Outcome> {
  const { channelId, centralauthId, username, role, addedAt } = row;
  if (await channel.tx.existsBy(ChannelMember, { channelId, centralauthId })) return { kind: 'present' };
  await channel.tx.insert(ChannelMember, { channelId, centralauthId, username, role, addedAt: addedAt ?? channel.now });
  channel.touch();
  return { kind: 'taken' };
}

function storeSender(
  run: ImportRun,
  list: typeof BlockedSender | typeof AllowedSender,
  veil: Veil,
  objection: (target: Target) => string | null = () => null,
): StoreOne<OriginalSender> {
  return async (channel, row) => {
    const { tx, id: channelId, now } = channel;
    const target = await targetOf(tx, row);
    const why = typeof target === 'string' ? target : objection(target);
    if (typeof target === 'string' || why !== null) return { kind: 'refused', why: String(why) };
    const entry = newEntry(target, nameOf(run, row.addedBy), row.addedAt ?? now);
    if (await tx.existsBy(list, { channelId, identity: In(identitiesOf(target, veil)) })) return { kind: 'present' };
    await tx.insert(list, { channelId, ...entry });
    channel.raiseRules();
    return { kind: 'taken' };
  };
}

async function storeGlobal(tx: EntityManager, run: ImportRun, row: OriginalSender, veil: Veil): Promise<Outcome> {
  const target = await targetOf(tx, row);
  if (typeof target === 'string') return { kind: 'refused', why: target };
  const entry = newEntry(target, nameOf(run, row.addedBy), row.addedAt ?? Date.now());
  if (await tx.existsBy(GlobalBlockedSender, { identity: In(identitiesOf(target, veil)) })) return { kind: 'present' };
  await tx.insert(GlobalBlockedSender, entry);
  return { kind: 'taken' };
}

/** Whom the API would take it for; or why it would take it for nobody. */
async function targetOf(tx: EntityManager, row: OriginalSender): Promise<Target | string> {
  const { senderId, centralauthId, screenName } = row;
  try {
    return await resolveTarget(tx, null, { senderId, centralauthId, screenName });
  } catch (error) {
    if (error instanceof BadRequestException) return 'it names nobody';
    throw error;
  }
}

function storePattern(run: ImportRun): StoreOne<OriginalPattern> {
  return async (channel, { text, addedBy, addedAt }) => {
    const { tx, id: channelId, now } = channel;
    const pattern = newPattern(text);
    if (await tx.existsBy(BlockedPattern, { channelId, digest: pattern.digest })) return { kind: 'present' };
    await tx.insert(BlockedPattern, { channelId, ...pattern, addedBy: nameOf(run, addedBy), addedAt: addedAt ?? now });
    channel.raiseRules();
    return { kind: 'taken' };
  };
}
