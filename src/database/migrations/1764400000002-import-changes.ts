import { MigrationInterface, QueryRunner } from 'typeorm';

/** What an import had to change about a row, so that the report of a repeated one still tells. */
export class ImportChanges1764400000002 implements MigrationInterface {
  name = 'ImportChanges1764400000002';

  /** MariaDB keeps what was done before an interruption: the next start goes on from there. */
  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('imported_rows', 'changes')) return;
    await runner.query('ALTER TABLE imported_rows ADD COLUMN changes text NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE imported_rows DROP COLUMN changes');
  }
}
