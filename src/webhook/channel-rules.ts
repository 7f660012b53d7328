import { Injectable } from '@nestjs/common';
import { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { SenderVeil } from '../database/sender-veil';
import { AllowedSender } from '../entities/allowed-sender.entity';
import { BlockedPattern } from '../entities/blocked-pattern.entity';
import { BlockedSender } from '../entities/blocked-sender.entity';
import { ChannelState } from '../entities/channel-state.entity';
import { Channel, CHANNEL_ID } from '../entities/channel.entity';
import { GlobalBlockedSender } from '../entities/global-blocked-sender.entity';
import { SenderList } from '../moderation/sender';
import { PatternIndex } from '../moderation/similarity';

/** Everything that judging a message of a channel takes, as of one rules version. */
export interface ChannelRules {
  version: number;
  channel: Channel;
  globalBlocks: SenderList;
  blocks: SenderList;
  allows: SenderList;
  patterns: PatternIndex;
}

/** Whether a channel may have this id; what may not is not worth a query, and PostgreSQL fails on some of it. */
export function isChannelId(id: string): boolean {
  return CHANNEL_ID.test(id);
}

interface Loading {
  answer: Promise<ChannelRules | null>;
  /** For those who asked after it had begun. */
  next?: Promise<ChannelRules | null>;
}

/**
 * What this process remembers of each channel's rules. It may be out of date at any time; who acts on it compares the
 * version under the channel's lock and asks for `at`.
 */
@Injectable()
export class ChannelRulesCache {
  private readonly byChannel = new Map<string, ChannelRules>();
  private readonly loading = new Map<string, Loading>();

  constructor(
    private readonly database: Database,
    private readonly veil: SenderVeil,
  ) {}

  remembered(channelId: string): ChannelRules | undefined {
    return this.byChannel.get(channelId);
  }

  /**
   * What the database says now. Requests that ask together share an answer, but never one that was begun before they
   * asked: it might be older than the secret they were signed with.
   */
  async current(channelId: string): Promise<ChannelRules | null> {
    if (!isChannelId(channelId)) return null;
    const underWay = this.loading.get(channelId);
    if (!underWay) return this.begin(channelId);
    underWay.next ??= underWay.answer.catch(() => null).then(() => this.begin(channelId));
    return underWay.next;
  }

  private begin(channelId: string): Promise<ChannelRules | null> {
    const answer = this.load(channelId).finally(() => {
      if (this.loading.get(channelId)?.answer === answer) this.loading.delete(channelId);
    });
    this.loading.set(channelId, { answer });
    return answer;
  }

  /** The rules of the version that `tx` has locked. */
  async at(tx: EntityManager, state: ChannelState): Promise<ChannelRules> {
    const rules = await this.rememberedOrRead(tx, state);
    if (!rules) throw new Error('a channel has a state but no row of its own');
    return rules;
  }

  private async rememberedOrRead(
    manager: EntityManager,
    { channelId, rulesVersion }: ChannelState,
  ): Promise<ChannelRules | null> {
    const remembered = this.byChannel.get(channelId);
    return remembered?.version === rulesVersion ? remembered : this.read(manager, channelId, rulesVersion);
  }

  private async load(channelId: string): Promise<ChannelRules | null> {
    const state = await this.database.reader.findOneBy(ChannelState, { channelId });
    if (!state) {
      this.byChannel.delete(channelId);
      return null;
    }
    return this.rememberedOrRead(this.database.reader, state);
  }

  /**
   * The version is always read before the rest. Outside a lock the rest may be newer than the version says, never
   * older: then the next batch finds the version outdated and reads again. Null when the channel was deleted meanwhile.
   */
  private async read(manager: EntityManager, channelId: string, version: number): Promise<ChannelRules | null> {
    const channel = await manager.findOneBy(Channel, { id: channelId });
    if (!channel) return null;
    const globalBlocks = await manager.find(GlobalBlockedSender);
    const blocks = await manager.findBy(BlockedSender, { channelId });
    const allows = await manager.findBy(AllowedSender, { channelId });
    const patterns = await manager.findBy(BlockedPattern, { channelId });
    const rules: ChannelRules = {
      version,
      channel,
      globalBlocks: new SenderList(globalBlocks, this.veil.veil),
      blocks: new SenderList(blocks, this.veil.veil),
      allows: new SenderList(allows),
      patterns: new PatternIndex(patterns.map(({ normalText }) => normalText)),
    };
    this.byChannel.set(channelId, rules);
    return rules;
  }
}
