import { Global, Injectable, Module } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Database } from '../database/database';
import { execute, insertNewKeys } from '../database/statements';

/**
 * The right to do a job that only one process may do, as a row of the table `leases`. It ends by itself, so a process
 * that crashed blocks nobody. Expiry is judged by the clock of whoever asks: a lease has to last much longer than the
 * clocks of the machines differ, ten seconds or more, and be renewed well before its end.
 */
@Injectable()
export class Leases {
  private readonly holder = randomUUID();

  constructor(private readonly database: Database) {}

  /**
   * Takes the lease, or renews it when this process has it.
   * @returns epoch ms until which this process may act, or null while another process has the lease
   */
  async acquire(name: string, lastsMs: number): Promise<number | null> {
    const now = Date.now();
    const expiresAt = now + lastsMs;
    return this.database.write(async (tx) => {
      const renewed = await execute(
        tx,
        'UPDATE leases SET holder = ?, expires_at = ? WHERE name = ? AND (holder = ? OR expires_at <= ?)',
        [this.holder, expiresAt, name, this.holder, now],
      );
      if (renewed > 0) return expiresAt;
      const taken = await insertNewKeys(
        tx,
        'leases',
        ['name', 'holder', 'expires_at'],
        [[name, this.holder, expiresAt]],
      );
      return taken.length > 0 ? expiresAt : null;
    });
  }

  /** Gives the lease back if this process has it. */
  async release(name: string): Promise<void> {
    await this.database.write((tx) =>
      execute(tx, 'DELETE FROM leases WHERE name = ? AND holder = ?', [name, this.holder]),
    );
  }
}

@Global()
@Module({ providers: [Leases], exports: [Leases] })
export class LeasesModule {}
