import { BadRequestException, ConflictException, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { In } from 'typeorm';
import type { Principal } from '../auth/access';
import { ChannelWriter, LockedChannel } from '../database/channel-writer';
import { Database } from '../database/database';
import { decideEach, decideWhere, type Ruling } from '../database/decide';
import { allowedWhere, blockedWhere } from '../database/sender-where';
import { SenderVeil } from '../database/sender-veil';
import { numberPlaceholders } from '../database/statements';
import { AllowedSender } from '../entities/allowed-sender.entity';
import { BlockedSender } from '../entities/blocked-sender.entity';
import { rankOf } from '../moderation/decision';
import { isVeiled, type SenderIdentity, type Veil } from '../moderation/sender';
import { entryOf, recordOperation } from './operations';
import { entryView, hasId, identitiesOf, isNobody, newEntry, resolveTarget, type Target } from './sender-target';
import { permitted, standingBlocks } from './standing-rules';
import type { ListedSenderDto, SenderEntryDto, SenderTargetDto } from './sender.dto';

type List = typeof BlockedSender | typeof AllowedSender;

/** What listing somebody led to, and whether the entry is new. */
export interface Listed {
  created: boolean;
  answer: ListedSenderDto;
}

/** A channel's blocked and allowed senders. */
@Injectable()
export class SendersService {
  constructor(
    private readonly channels: ChannelWriter,
    private readonly database: Database,
    private readonly veil: SenderVeil,
  ) {}

  async list(list: List, channelId: string): Promise<SenderEntryDto[]> {
    const entries = await this.database.reader.find(list, { where: { channelId }, order: { id: 'DESC' } });
    return entries.map(entryView);
  }

  /** Rejects whatever of the sender is not rejected yet, and drops what comes. Repeating it finds the entry and sweeps again. */
  async block(channelId: string, dto: SenderTargetDto, moderator: Principal): Promise<Listed> {
    return this.channels.write(channelId, async (channel) => {
      const target = await resolveTarget(channel.tx, channelId, dto);
      return put(channel, BlockedSender, target, moderator, this.veil.veil, (entry, ruling) =>
        decideWhere(channel, ruling, blockedWhere(entry)),
      );
    });
  }

  /** Approves what of the sender is queued, and what comes. @throws ConflictException when the sender is blocked */
  async allow(channelId: string, dto: SenderTargetDto, moderator: Principal): Promise<Listed> {
    return this.channels.write(channelId, async (channel) => {
      const target = await resolveTarget(channel.tx, channelId, dto);
      if (!hasId(target))
        throw new BadRequestException([
          'a sender can be allowed by senderId or centralauthId only: anybody can take a name',
        ]);
      if ((await standingBlocks(channel, this.veil.veil)).blocks(target))
        throw new ConflictException('This sender is blocked. Remove the block first.');
      return put(channel, AllowedSender, target, moderator, this.veil.veil, async (entry, ruling) =>
        decideEach(channel, ruling, await permitted(channel, await queuedOf(channel, entry), this.veil.veil)),
      );
    });
  }

  async remove(list: List, channelId: string, id: number): Promise<void> {
    await this.channels.write(channelId, async (channel) => {
      await channel.tx.delete(list, { id, channelId });
      channel.raiseRules();
    });
  }
}

/** What of the sender is queued; a block may mean some of it by another id or name than the one that is allowed. */
async function queuedOf({ tx, id: channelId }: LockedChannel, entry: SenderIdentity): Promise<number[]> {
  const { sql, parameters } = allowedWhere(entry);
  const rows = await tx.query<{ id: number }[]>(
    numberPlaceholders(tx, `SELECT id FROM messages WHERE channel_id = ? AND status_rank = ? AND (${sql})`),
    [channelId, rankOf('queued'), ...parameters],
  );
  return rows.map(({ id }) => id);
}

/**
 * What is decided is what the entry on the list means: one that was there may carry another name than `target`; but of
 * one that is veiled only `target` tells whom.
 */
async function put(
  channel: LockedChannel,
  list: List,
  target: Target,
  moderator: Principal,
  veil: Veil,
  sweep: (entry: SenderIdentity, ruling: Ruling) => Promise<number>,
): Promise<Listed> {
  const operation = randomUUID();
  const cause = list === BlockedSender ? 'block' : 'allow';
  const ruling: Ruling = {
    decision: { decision: cause === 'block' ? 'reject' : 'approve' },
    cause,
    operation,
    moderator,
  };
  const { created, entry } = await findOrAdd(channel, list, target, moderator, veil);
  const affected = entry
    ? await sweep(isVeiled(entry) ? target : entry, ruling)
    : await decideEach(channel, ruling, [target.messageId as number]);
  const entryId = entry && (await entryOf(channel, cause, { created, entryId: entry.id }));
  await recordOperation(channel, { id: operation, cause, entryId, moderator });
  return { created, answer: { entry: entry && entryView(entry), affected, operation } };
}

async function findOrAdd(channel: LockedChannel, list: List, target: Target, moderator: Principal, veil: Veil) {
  if (isNobody(target)) return { created: true, entry: null };
  const { tx, id: channelId } = channel;
  const row = { channelId, ...newEntry(target, moderator.username, channel.now) };
  const known = await tx.findOneBy(list, { channelId, identity: In(identitiesOf(target, veil)) });
  if (known) return { created: false, entry: known };
  const entry = await tx.save(tx.create(list, row));
  channel.raiseRules();
  return { created: true, entry };
}
