import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { LessThan } from 'typeorm';
import { Database } from '../database/database';
import { IntakeMinute, minuteOf } from '../entities/intake-minute.entity';
import { Leases } from './leases';

const KEPT_MS = 24 * 60 * 60_000;
const EVERY_MS = 15 * 60_000;
/** Longer than the time between two turns: the process that has it keeps it. */
const LEASE_MS = 2 * EVERY_MS;

/** Removes what was counted minute by minute when it is a day old; one process does, the others find the lease taken. */
@Injectable()
export class OldMinutes {
  private readonly logger = new Logger(OldMinutes.name);

  constructor(
    private readonly database: Database,
    private readonly leases: Leases,
  ) {}

  @Interval(EVERY_MS)
  async remove(): Promise<void> {
    try {
      if ((await this.leases.acquire('old-minutes', LEASE_MS)) === null) return;
      const limit = minuteOf(Date.now() - KEPT_MS);
      // Nobody counts in minutes so old, so no channel has to be locked.
      await this.database.write((tx) => tx.delete(IntakeMinute, { minute: LessThan(limit) }));
    } catch (error) {
      this.logger.warn(`old minutes stay until the next turn: ${(error as Error).name}`);
    }
  }
}
