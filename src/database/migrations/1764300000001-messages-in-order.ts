import { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets what reads all messages of a channel in their order go on where it was; otherwise each portion sorts them all. */
export class MessagesInOrder1764300000001 implements MigrationInterface {
  name = 'MessagesInOrder1764300000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX IF NOT EXISTS messages_channel ON messages (channel_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('messages', 'messages_channel');
  }
}
