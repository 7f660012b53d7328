import { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns } from './columns';

const COLUMNS = [{ table: 'imported_rows', column: 'changes', type: 'text' }];

/** What an import had to change about a row, so that the report of a repeated one still tells. */
export class ImportChanges1764400000002 implements MigrationInterface {
  name = 'ImportChanges1764400000002';

  up = (runner: QueryRunner) => addColumns(runner, COLUMNS);
  down = (runner: QueryRunner) => dropColumns(runner, COLUMNS);
}
