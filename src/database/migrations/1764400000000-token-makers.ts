import { MigrationInterface, QueryRunner } from 'typeorm';

/** Who made a token, by account: names change, and are given to others. */
export class TokenMakers1764400000000 implements MigrationInterface {
  name = 'TokenMakers1764400000000';

  /**
   * MariaDB keeps what was done before an interruption: the next start goes on from there. A token whose maker's name
   * means nobody any more, or several, keeps none, and does not work any more: nobody could say whose right it has.
   */
  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn('api_tokens', 'created_by_id')))
      await runner.query('ALTER TABLE api_tokens ADD COLUMN created_by_id varchar(20) NULL');
    await runner.query(`UPDATE api_tokens SET created_by_id =
      (SELECT MIN(centralauth_id) FROM users WHERE users.username = api_tokens.created_by HAVING COUNT(*) = 1)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE api_tokens DROP COLUMN created_by_id');
  }
}
