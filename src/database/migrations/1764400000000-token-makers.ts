import { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns } from './columns';

const COLUMNS = [{ table: 'api_tokens', column: 'created_by_id', type: 'varchar(20)' }];

/** Who made a token, by account: names change, and are given to others. */
export class TokenMakers1764400000000 implements MigrationInterface {
  name = 'TokenMakers1764400000000';

  /**
   * A token whose maker's name means nobody any more, or several, gets none, and does not work any more: nobody could say
   * whose right it has.
   */
  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, COLUMNS);
    await runner.query(`UPDATE api_tokens SET created_by_id =
      (SELECT MIN(centralauth_id) FROM users WHERE users.username = api_tokens.created_by HAVING COUNT(*) = 1)`);
  }

  down = (runner: QueryRunner) => dropColumns(runner, COLUMNS);
}
