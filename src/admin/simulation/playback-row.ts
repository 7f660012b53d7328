import { In } from 'typeorm';
import type { Database } from '../../database/database';
import { execute, insertNewKeys } from '../../database/statements';
import { Simulation } from '../../entities/simulation.entity';

export interface Progress {
  sent: number;
  failed: number;
}

/** Long beside the second between two beats, so that a busy moment or a skewed clock makes no second player. */
const LASTS_MS = 20_000;

/**
 * Who plays, and how far it is, as a row of `simulations` beside the ordinary one's: `per_minute` holds how many messages
 * there are in all, and `runs_until` is a lease that the player renews, so that a crashed one blocks nobody for long.
 * What `runs_until` was last set to tells players apart.
 */
export class PlaybackRow {
  /** @param id with a colon, which no channel's id has */
  constructor(
    private readonly database: Database,
    private readonly id: string,
  ) {}

  async read(): Promise<Progress & { running: boolean; total: number }> {
    const row = await this.database.reader.findOneBy(Simulation, { channelId: this.id });
    if (!row) return { running: false, sent: 0, failed: 0, total: 0 };
    return { running: row.runsUntil > Date.now(), sent: row.sent, failed: row.failed, total: row.perMinute };
  }

  /** @returns what to renew it by, or null while somebody plays */
  async claim(total: number): Promise<number | null> {
    const now = Date.now();
    const until = now + LASTS_MS;
    return this.database.write(async (tx) => {
      const taken = await execute(
        tx,
        'UPDATE simulations SET per_minute = ?, runs_until = ?, sent = 0, failed = 0 WHERE channel_id = ? AND runs_until <= ?',
        [total, until, this.id, now],
      );
      if (taken > 0) return until;
      const columns = ['channel_id', 'per_minute', 'runs_until', 'sent', 'failed'];
      return (await insertNewKeys(tx, 'simulations', columns, [[this.id, total, until, 0, 0]])).length > 0
        ? until
        : null;
    });
  }

  /** @returns what to renew it by the next time, or null when it has been stopped */
  async renew(until: number, { sent, failed }: Progress): Promise<number | null> {
    const next = Math.max(Date.now() + LASTS_MS, until + 1);
    const renewed = await this.database.write((tx) =>
      execute(
        tx,
        'UPDATE simulations SET runs_until = ?, sent = ?, failed = ? WHERE channel_id = ? AND runs_until = ?',
        [next, sent, failed, this.id, until],
      ),
    );
    return renewed > 0 ? next : null;
  }

  /** The last word of a player, unless somebody else has begun since it was stopped. */
  async finish(until: number, { sent, failed }: Progress): Promise<void> {
    await this.database.write((tx) =>
      tx.update(Simulation, { channelId: this.id, runsUntil: In([until, 0]) }, { runsUntil: 0, sent, failed }),
    );
  }

  async stop(): Promise<void> {
    await this.database.write((tx) => tx.update(Simulation, { channelId: this.id }, { runsUntil: 0 }));
  }
}
