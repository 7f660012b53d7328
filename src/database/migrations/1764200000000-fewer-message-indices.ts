import { MigrationInterface, QueryRunner, TableIndex } from 'typeorm';

/** What cost every message on its way in, and served no question that another index does not answer. */
const DROPPED = [
  { name: 'messages_published', columnNames: ['channel_id', 'status_rank', 'decided_at'] },
  { name: 'messages_sender', columnNames: ['channel_id', 'sender_id'] },
  { name: 'messages_account', columnNames: ['channel_id', 'centralauth_id'] },
  { name: 'messages_name', columnNames: ['channel_id', 'name_key'] },
  { name: 'messages_symbol', columnNames: ['channel_id', 'symbol', 'decided_at'] },
  { name: 'messages_length', columnNames: ['channel_id', 'normal_length'] },
];

/** Only of rows that were decided, where the database can do that: none of them is new. */
const decided = 'decided_at IS NOT NULL';
const byModerator = 'decided_by IS NOT NULL';
const ADDED = [
  { name: 'messages_decided', columnNames: ['channel_id', 'status_rank', 'decided_at'], where: decided },
  { name: 'messages_seen_sender', columnNames: ['channel_id', 'sender_id'], where: byModerator },
  { name: 'messages_seen_account', columnNames: ['channel_id', 'centralauth_id'], where: byModerator },
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
