import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { Database } from '../../database/database';
import { Crowd } from './crowd';
import { LoopbackWebhook } from './loopback-webhook';
import { Playback } from './playback';
import { raid } from './raid';

/** What can be played on top of the ordinary stream, or without one. */
@Injectable()
export class Playbacks implements OnModuleDestroy {
  private readonly raids: Playback;

  constructor(
    database: Database,
    webhook: LoopbackWebhook,
    private readonly crowd: Crowd,
  ) {
    this.raids = new Playback(database, webhook, 'raid');
  }

  async status() {
    return { raid: await this.raids.status() };
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

  async stop(): Promise<void> {
    await this.raids.stop();
  }

  async onModuleDestroy(): Promise<void> {
    await this.raids.close();
  }
}
