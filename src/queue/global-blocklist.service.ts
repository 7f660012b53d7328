import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { type EntityManager, In } from 'typeorm';
import type { Principal } from '../auth/access';
import { ChannelWriter } from '../database/channel-writer';
import { Database } from '../database/database';
import { decideWhere } from '../database/decide';
import { SenderVeil } from '../database/sender-veil';
import { blockedWhere } from '../database/sender-where';
import { BlockedSender } from '../entities/blocked-sender.entity';
import { GlobalBlockedSender } from '../entities/global-blocked-sender.entity';
import { isVeiled } from '../moderation/sender';
import { entryView, identitiesOf, isNobody, newEntry, resolveTarget, type Target } from './sender-target';
import type { ExportedSenderDto, SenderEntryDto, SenderTargetDto } from './sender.dto';
import type { Listed } from './senders.service';

/** What an id column holds. */
const MAX_ID = 2 ** 31 - 1;

/** Senders blocked in every channel. Each change locks every channel, so that none goes on by the list it knew. */
@Injectable()
export class GlobalBlocklistService {
  constructor(
    private readonly channels: ChannelWriter,
    private readonly database: Database,
    private readonly veil: SenderVeil,
  ) {}

  async list(): Promise<SenderEntryDto[]> {
    const entries = await this.database.reader.find(GlobalBlockedSender, { order: { id: 'DESC' } });
    return entries.map(entryView);
  }

  async block(dto: SenderTargetDto, moderator: Principal): Promise<Listed> {
    return this.put((tx) => resolveTarget(tx, null, dto), moderator);
  }

  /** Puts a channel's entry on the list. @throws NotFoundException when it was removed meanwhile, ConflictException when the sender was erased */
  async export(
    channelId: string,
    id: number,
    moderator: Principal,
  ): Promise<{ created: boolean; answer: ExportedSenderDto }> {
    const { created, answer } = await this.put(async (tx) => {
      const entry = await tx.findOneBy(BlockedSender, { id, channelId });
      if (!entry) throw new NotFoundException('There is no such entry in this channel.');
      // Whom it means in other channels nobody can tell, so nothing could be rejected there.
      if (isVeiled(entry)) throw new ConflictException('This sender has been erased.');
      return { ...entry, messageId: null };
    }, moderator);
    const entry = answer.entry as SenderEntryDto;
    return { created, answer: { ...entry, entry, affected: answer.affected, operation: answer.operation } };
  }

  /** @throws NotFoundException */
  async remove(id: number): Promise<void> {
    if (id < 1 || id > MAX_ID) throw new NotFoundException('There is no such entry on the global list.');
    await this.channels.writeAll(async (channels, tx) => {
      const { affected } = await tx.delete(GlobalBlockedSender, { id });
      if (!affected) throw new NotFoundException('There is no such entry on the global list.');
      for (const channel of channels.values()) channel.raiseRules();
    });
  }

  private async put(resolve: (tx: EntityManager) => Promise<Target>, moderator: Principal): Promise<Listed> {
    return this.channels.writeAll(async (channels, tx) => {
      const target = await resolve(tx);
      const operation = randomUUID();
      const row = newEntry(target, moderator.username, Date.now());
      // A message whose sender cannot be told from others: reject it, list nobody.
      const anonymous = isNobody(target);
      const known = anonymous
        ? null
        : await tx.findOneBy(GlobalBlockedSender, { identity: In(identitiesOf(target, this.veil.veil)) });
      const entry = anonymous ? null : (known ?? (await tx.save(tx.create(GlobalBlockedSender, row))));
      const where = entry
        ? blockedWhere(isVeiled(entry) ? target : entry)
        : { sql: 'id = ?', parameters: [target.messageId as number] };
      let affected = 0;
      for (const channel of channels.values()) {
        if (!known && !anonymous) channel.raiseRules();
        affected += await decideWhere(
          channel,
          { decision: { decision: 'reject' }, cause: 'block', operation, moderator },
          where,
        );
      }
      return { created: !known, answer: { entry: entry && entryView(entry), affected, operation } };
    });
  }
}
