import { MigrationInterface, QueryRunner } from 'typeorm';
import { numberPlaceholders } from '../statements';
import { addColumns, dropColumns } from './columns';

interface Replaced {
  id: string;
  secret: string;
  ends: number | string | null;
}

const COLUMNS = [
  { table: 'channels', column: 'previous_secrets', type: 'text' },
  { table: 'channel_state', column: 'previous_secret_used_until', type: 'bigint' },
];

/**
 * Each webhook secret that was replaced counts for its own day, so a channel may have several. The columns for the last
 * one stay: a process of the version before may still be at work, and reads them.
 */
export class PreviousSecrets1764400000001 implements MigrationInterface {
  name = 'PreviousSecrets1764400000001';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, COLUMNS);
    const channels = (await runner.query(
      `SELECT id, previous_secret AS secret, previous_secret_expires_at AS ends FROM channels WHERE previous_secret IS NOT NULL`,
    )) as Replaced[];
    for (const { id, secret, ends } of channels) {
      const expiresAt = ends === null ? null : Number(ends);
      await runner.query(numberPlaceholders(runner.manager, 'UPDATE channels SET previous_secrets = ? WHERE id = ?'), [
        JSON.stringify([{ secret, expiresAt }]),
        id,
      ]);
    }
  }

  down = (runner: QueryRunner) => dropColumns(runner, COLUMNS);
}
