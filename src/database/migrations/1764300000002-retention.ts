import { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = [
  { table: 'channels', column: 'retention_days', type: 'integer' },
  { table: 'channel_state', column: 'removed_seq', type: 'bigint' },
];

/** How long a channel keeps its messages, and when some were last removed. */
export class Retention1764300000002 implements MigrationInterface {
  name = 'Retention1764300000002';

  /** MariaDB keeps what was done before an interruption: the next start goes on from there. */
  async up(runner: QueryRunner): Promise<void> {
    for (const { table, column, type } of COLUMNS) {
      if (await runner.hasColumn(table, column)) continue;
      await runner.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${type} NULL`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { table, column } of COLUMNS) await runner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  }
}
