import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { Database } from '../../database/database';
import { Crowd } from './crowd';
import { LoopbackWebhook } from './loopback-webhook';
import { Playback } from './playback';
import { raid } from './raid';
import type { RecordedEvent } from './recording';
import { Reenactment } from './reenactment';

/** What can be played on top of the ordinary stream, or without one. */
@Injectable()
export class Playbacks implements OnModuleDestroy {
  private readonly raids: Playback;
  private readonly replays: Playback;

  constructor(
    database: Database,
    webhook: LoopbackWebhook,
    private readonly crowd: Crowd,
  ) {
    this.raids = new Playback(database, webhook, 'raid');
    this.replays = new Playback(database, webhook, 'replay');
  }

  async status() {
    return { raid: await this.raids.status(), replay: await this.replays.status() };
  }

  /** @throws ConflictException while there is one */
  async startRaid(): Promise<void> {
    const messages = raid(Math.floor(Math.random() * 2 ** 32));
    await this.raids.start(
      messages.map(({ at, senderId, screenName, text }) => ({
        at,
        event: (now) => this.crowd.stranger(now, senderId, screenName, text),
      })),
    );
  }

  /**
   * @param speed how many times as fast as it was recorded
   * @throws ConflictException while there is one
   */
  async startReplay(events: readonly RecordedEvent[], speed: number): Promise<void> {
    const reenactment = new Reenactment(() => this.crowd.newId());
    await this.replays.start(
      events.map(({ at, line }) => ({ at: at / speed, event: (now) => reenactment.event(line, now) })),
    );
  }

  async stop(): Promise<void> {
    await Promise.all([this.raids.stop(), this.replays.stop()]);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.raids.close(), this.replays.close()]);
  }
}
