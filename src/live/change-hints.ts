import { BeforeApplicationShutdown, Inject, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import Redis from 'ioredis';
import { In } from 'typeorm';
import { type ChannelChange, ChannelWriter } from '../database/channel-writer';
import { Database } from '../database/database';
import { ChannelState } from '../entities/channel-state.entity';
import { SETTINGS, type Settings } from '../settings';

type Listener = (change: ChannelChange) => void;

/** Milliseconds between two looks at what other processes changed. */
const LOOK = 500;

/**
 * Tells who watches a channel that it changed, in whatever process. Only a hint: it may be late, come twice or not at
 * all, and says nothing but up to which number the channel's rows are committed.
 *
 * In this process it comes with the commit. From others it comes through Redis where there is one, and in any case from
 * looking at the watched channels' numbers twice a second: so Redis makes it sooner, and nothing depends on it.
 */
@Injectable()
export class ChangeHints implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ChangeHints.name);
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly told = new Map<string, number>();
  private redis: { publisher: Redis; subscriber: Redis } | null = null;
  private looking = false;

  constructor(
    private readonly channels: ChannelWriter,
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @returns stops watching */
  watch(channelId: string, listener: Listener): () => void {
    const watching = this.listeners.get(channelId) ?? new Set();
    this.listeners.set(channelId, watching.add(listener));
    return () => {
      watching.delete(listener);
      if (watching.size > 0 || this.listeners.get(channelId) !== watching) return;
      this.listeners.delete(channelId);
      this.told.delete(channelId);
    };
  }

  onApplicationBootstrap(): void {
    this.channels.changes.subscribe((change) => {
      this.tell(change);
      void this.redis?.publisher.publish(this.topic, JSON.stringify(change)).catch(() => undefined);
    });
    if (this.settings.redis) this.connect(this.settings.redis.url);
  }

  /** ioredis' keyPrefix does not cover the names of topics. */
  private get topic(): string {
    return `${this.settings.redis?.prefix ?? ''}changes`;
  }

  /** Nobody waits for it: Redis may be away for now, and is asked again for as long as this process runs. */
  private connect(url: string): void {
    const options = { lazyConnect: true, enableOfflineQueue: false, maxRetriesPerRequest: 1 };
    // The one that subscribes does so anew with each connection; otherwise ioredis would give up with the first failure.
    const redis = {
      publisher: new Redis(url, options),
      subscriber: new Redis(url, { ...options, autoResubscribe: false }),
    };
    let away = false;
    for (const client of Object.values(redis)) {
      client.on('error', () => {
        if (!away) this.logger.warn('Redis does not answer; until it does, changes are looked up in the database');
        away = true;
      });
      client.connect().catch(() => undefined);
    }
    redis.subscriber.on('ready', () => {
      away = false;
      redis.subscriber.subscribe(this.topic).catch(() => undefined);
    });
    redis.subscriber.on('message', (_topic, text) => this.hear(text));
    this.redis = redis;
  }

  private hear(text: string): void {
    try {
      const change = JSON.parse(text) as Partial<ChannelChange>;
      if (typeof change.channelId === 'string' && Number.isSafeInteger(change.seq)) this.tell(change as ChannelChange);
    } catch {
      // Redis may be shared with other tools; what is not ours is no hint.
    }
  }

  private tell(change: ChannelChange): void {
    const listeners = this.listeners.get(change.channelId);
    if (!listeners || change.seq <= (this.told.get(change.channelId) ?? -1)) return;
    this.told.set(change.channelId, change.seq);
    for (const listener of [...listeners]) listener(change);
  }

  /** SQLite has no other process. */
  @Interval(LOOK)
  async look(): Promise<void> {
    if (this.database.kind === 'sqlite' || this.listeners.size === 0 || this.looking) return;
    this.looking = true;
    try {
      const states = await this.database.reader.find(ChannelState, {
        select: { channelId: true, changeSeq: true },
        where: { channelId: In([...this.listeners.keys()]) },
      });
      for (const { channelId, changeSeq } of states) this.tell({ channelId, seq: changeSeq });
    } catch {
      // The database is away; there is nothing to tell until it is back.
    } finally {
      this.looking = false;
    }
  }

  beforeApplicationShutdown(): void {
    this.redis?.publisher.disconnect();
    this.redis?.subscriber.disconnect();
  }
}
