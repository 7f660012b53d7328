import { MigrationInterface, QueryRunner } from 'typeorm';
import { numberPlaceholders } from '../statements';

interface Replaced {
  id: string;
  secret: string;
  ends: number | string | null;
}

/** Each webhook secret that was replaced counts for its own day, so a channel may have several. */
export class PreviousSecrets1764400000001 implements MigrationInterface {
  name = 'PreviousSecrets1764400000001';

  /** MariaDB keeps what was done before an interruption: the next start goes on from there. */
  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn('channels', 'previous_secrets')))
      await runner.query(`ALTER TABLE channels ADD COLUMN previous_secrets text NULL`);
    if (!(await runner.hasColumn('channel_state', 'previous_secret_used_until')))
      await runner.query(`ALTER TABLE channel_state ADD COLUMN previous_secret_used_until bigint NULL`);
    if (await runner.hasColumn('channels', 'previous_secret')) {
      const channels = (await runner.query(
        `SELECT id, previous_secret AS secret, previous_secret_expires_at AS ends FROM channels WHERE previous_secret IS NOT NULL`,
      )) as Replaced[];
      for (const { id, secret, ends } of channels) {
        const expiresAt = ends === null ? null : Number(ends);
        await runner.query(
          numberPlaceholders(runner.manager, 'UPDATE channels SET previous_secrets = ? WHERE id = ?'),
          [JSON.stringify([{ secret, expiresAt }]), id],
        );
      }
      await runner.query('ALTER TABLE channels DROP COLUMN previous_secret');
    }
    if (await runner.hasColumn('channels', 'previous_secret_expires_at'))
      await runner.query('ALTER TABLE channels DROP COLUMN previous_secret_expires_at');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE channel_state DROP COLUMN previous_secret_used_until');
    await runner.query('ALTER TABLE channels DROP COLUMN previous_secrets');
    await runner.query('ALTER TABLE channels ADD COLUMN previous_secret varchar(255) NULL');
    await runner.query('ALTER TABLE channels ADD COLUMN previous_secret_expires_at bigint NULL');
  }
}
