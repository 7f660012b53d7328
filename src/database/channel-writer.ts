import { Injectable, NotFoundException } from '@nestjs/common';
import { Subject } from 'rxjs';
import { EntityManager } from 'typeorm';
import { ChannelState } from '../entities/channel-state.entity';
import { Database } from './database';
import { lockStates, saveState } from './channel-states';
import { nextModified } from './last-modified';
import { placeholders, type Where } from './statements';

/** A row of channel_state that is no channel: who locks it keeps out whatever concerns all of them. No channel's id has a star. */
const EVERY_CHANNEL = '*';

/** A channel changed: rows with this number and below are committed. */
export interface ChannelChange {
  channelId: string;
  seq: number;
}

/** A channel whose row this transaction has locked. What changes here is seen by nobody until it is all committed. */
export class LockedChannel {
  private dirty = false;
  private rowsChanged = false;
  private rulesRaised = false;
  private publishedRaised = false;

  constructor(
    readonly tx: EntityManager,
    readonly state: ChannelState,
    readonly now: number,
  ) {
    this.seq = state.changeSeq + 1;
  }

  /** The change number for every row written here. */
  readonly seq: number;

  get id(): string {
    return this.state.channelId;
  }

  /** To be called by whoever changes only the counters of `state`. */
  count(): void {
    this.dirty = true;
  }

  /** To be called by whoever changes anything that a page shows. */
  touch(): void {
    this.dirty = true;
    this.rowsChanged = true;
    this.state.changeSeq = this.seq;
  }

  /** Messages were removed: a page that knew the channel before has to look at it anew, for what is gone tells nothing. */
  markRemoved(): void {
    this.touch();
    this.state.removedSeq = this.seq;
  }

  /** Lists, patterns, settings or secrets changed: no process may judge by what it remembers. */
  raiseRules(): void {
    this.touch();
    if (this.rulesRaised) return;
    this.rulesRaised = true;
    this.state.rulesVersion += 1;
  }

  /** What is published changed: no process may answer feeds from memory. */
  raisePublished(): void {
    this.touch();
    if (this.publishedRaised) return;
    this.publishedRaised = true;
    this.state.publishedVersion += 1;
    this.state.publishedModified = nextModified(this.state.publishedModified, Math.floor(this.now / 1000));
  }

  /** @returns what to tell the pages, if there is anything to tell */
  async save(): Promise<ChannelChange | null> {
    if (!this.dirty) return null;
    await saveState(this.tx, this.state);
    return this.rowsChanged ? { channelId: this.id, seq: this.seq } : null;
  }
}

/**
 * Every transaction that changes a channel goes through here and begins by locking the channel's row, in the order of
 * ids where it is several: so the writes of one channel are serial, in whatever process, and none deadlocks.
 */
@Injectable()
export class ChannelWriter {
  /** Emits after the commit. A hint for this process only; see live/. */
  readonly changes = new Subject<ChannelChange>();

  constructor(private readonly database: Database) {}

  /** @throws NotFoundException when there is no such channel (any more) */
  async write<T>(channelId: string, work: (channel: LockedChannel) => Promise<T>): Promise<T> {
    return this.writeMany([channelId], (channels) => {
      const channel = channels.get(channelId);
      if (!channel) throw new NotFoundException('There is no such channel.');
      return work(channel);
    });
  }

  /** Locks those of the channels that exist. */
  async writeMany<T>(
    channelIds: readonly string[],
    work: (channels: Map<string, LockedChannel>) => Promise<T>,
  ): Promise<T> {
    if (channelIds.length === 0) return work(new Map());
    return this.writeWhere(
      { sql: `channel_id IN (${placeholders(channelIds)})`, parameters: [...channelIds] },
      (channels) => work(channels),
    );
  }

  /**
   * Locks every channel, and the making of new ones: a channel made meanwhile would judge by what it read before this
   * was committed.
   */
  async writeAll<T>(work: (channels: Map<string, LockedChannel>, tx: EntityManager) => Promise<T>): Promise<T> {
    return this.writeWhere({ sql: 'channel_id <> ?', parameters: [EVERY_CHANNEL] }, work, EVERY_CHANNEL);
  }

  /** For making a channel: one transaction that waits for, and keeps out, what concerns every channel. */
  async writeNew<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.writeWhere(only(EVERY_CHANNEL), (_channels, tx) => work(tx));
  }

  private async writeWhere<T>(
    where: Where,
    work: (channels: Map<string, LockedChannel>, tx: EntityManager) => Promise<T>,
    first?: string,
  ): Promise<T> {
    let changes: ChannelChange[] = [];
    const result = await this.database.write(async (tx) => {
      // In a statement of its own: PostgreSQL would not see rows that came while the other one waited.
      if (first !== undefined) await lockStates(tx, only(first));
      const states = await lockStates(tx, where);
      const now = Date.now();
      const locked = states.map((state) => new LockedChannel(tx, state, now));
      const outcome = await work(new Map(locked.map((channel) => [channel.id, channel])), tx);
      const saved: (ChannelChange | null)[] = [];
      for (const channel of locked) saved.push(await channel.save());
      changes = saved.filter((change) => change !== null);
      return outcome;
    });
    for (const change of changes) this.changes.next(change);
    return result;
  }
}

const only = (channelId: string): Where => ({ sql: 'channel_id = ?', parameters: [channelId] });
