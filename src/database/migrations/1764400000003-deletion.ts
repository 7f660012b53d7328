import { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns } from './columns';

const COLUMNS = [{ table: 'channels', column: 'deleting_at', type: 'bigint' }];

/** Since when a channel is being deleted. */
export class Deletion1764400000003 implements MigrationInterface {
  name = 'Deletion1764400000003';

  up = (runner: QueryRunner) => addColumns(runner, COLUMNS);
  down = (runner: QueryRunner) => dropColumns(runner, COLUMNS);
}
