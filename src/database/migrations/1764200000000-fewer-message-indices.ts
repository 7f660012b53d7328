import { MigrationInterface, QueryRunner, TableIndex } from 'typeorm';

/** What cost every message on its way in, and served no question that another index does not answer. */
const DROPPED = [
  { name: 'messages_sender', columnNames: ['channel_id', 'sender_id'] },
  { name: 'messages_account', columnNames: ['channel_id', 'centralauth_id'] },
  { name: 'messages_name', columnNames: ['channel_id', 'name_key'] },
  { name: 'messages_symbol', columnNames: ['channel_id', 'symbol', 'decided_at'] },
  { name: 'messages_length', columnNames: ['channel_id', 'normal_length'] },
];

/** Only of what a moderator decided, where the database can tell: those rows are few, and none is new. */
const where = 'decided_by IS NOT NULL';
const ADDED = [
  { name: 'messages_seen_sender', columnNames: ['channel_id', 'sender_id'], where },
  { name: 'messages_seen_account', columnNames: ['channel_id', 'centralauth_id'], where },
];

/** See docs/decisions/0012-few-indices-on-messages.md. */
export class FewerMessageIndices1764200000000 implements MigrationInterface {
  name = 'FewerMessageIndices1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await exchange(runner, DROPPED, ADDED);
  }

  async down(runner: QueryRunner): Promise<void> {
    await exchange(runner, ADDED, DROPPED);
  }
}

/** MariaDB keeps what a migration has done before it was interrupted: the next start goes on from there. */
async function exchange(
  runner: QueryRunner,
  old: ConstructorParameters<typeof TableIndex>[0][],
  fresh: ConstructorParameters<typeof TableIndex>[0][],
): Promise<void> {
  const table = await runner.getTable('messages');
  const there = new Set(table?.indices.map(({ name }) => name));
  for (const index of old) if (there.has(index.name)) await runner.dropIndex('messages', index.name as string);
  for (const index of fresh) if (!there.has(index.name)) await runner.createIndex('messages', new TableIndex(index));
}
