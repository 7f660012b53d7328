import { MigrationInterface, QueryRunner, Table, TableColumnOptions, TableIndexOptions } from 'typeorm';

type Column = Omit<TableColumnOptions, 'type'>;

const varchar = (name: string, length: number, more?: Partial<Column>): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: String(length),
  ...more,
});
const text = (name: string): TableColumnOptions => ({ name, type: 'text' });
// The one name of it that all three know by: what SQLite was told once it compares with later.
const int = (name: string, more?: Partial<Column>): TableColumnOptions => ({ name, type: 'integer', ...more });
const bigint = (name: string, more?: Partial<Column>): TableColumnOptions => ({ name, type: 'bigint', ...more });
const smallint = (name: string, more?: Partial<Column>): TableColumnOptions => ({ name, type: 'smallint', ...more });
const boolean = (name: string): TableColumnOptions => ({ name, type: 'boolean' });
const id: Partial<Column> = { isPrimary: true, isGenerated: true, generationStrategy: 'increment' };
const key: Partial<Column> = { isPrimary: true };
const nullable: Partial<Column> = { isNullable: true };

const channelId = varchar('channel_id', 64);
const senderColumns = [
  varchar('identity', 43),
  varchar('sender_id', 255, nullable),
  varchar('centralauth_id', 20, nullable),
  varchar('screen_name', 255, nullable),
  varchar('name_key', 255, nullable),
  varchar('added_by', 255),
  bigint('added_at'),
];

/** Tables carry no foreign keys: every writer holds the channel's row, and deleting a channel names each table. */
export class Initial1763800000000 implements MigrationInterface {
  name = 'Initial1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    const generated = int('id', id);
    const create = (
      name: string,
      columns: TableColumnOptions[],
      more: { indices?: TableIndexOptions[]; uniques?: TableIndexOptions[] } = {},
    ) => createTable(runner, name, columns, more);

    await create('channels', [
      varchar('id', 64, key),
      varchar('name', 255),
      text('description'),
      boolean('active'),
      bigint('archived_at', nullable),
      boolean('is_public'),
      boolean('emoji_auto_approve'),
      varchar('anonymous_label', 64),
      boolean('language_detection'),
      varchar('default_language', 35),
      text('likely_languages'),
      text('custom_css'),
      varchar('webhook_secret', 255),
      varchar('previous_secret', 255, nullable),
      bigint('previous_secret_expires_at', nullable),
      int('silence_warning_minutes', nullable),
      bigint('opened_at', nullable),
      varchar('display_token', 255),
      bigint('created_at'),
    ]);
    await create('channel_state', [
      { ...channelId, ...key },
      int('rules_version'),
      bigint('change_seq'),
      bigint('published_version'),
      bigint('published_modified'),
      int('anonymous_counter'),
      ...[
        'received',
        'queued',
        'approved',
        'duplicate',
        'ignored',
        'dropped_global',
        'dropped_blocked',
        'dropped_pattern',
      ].map((name) => bigint(name)),
      bigint('last_received_at', nullable),
      bigint('previous_secret_used_at', nullable),
    ]);
    // The row that stands for all channels; database/channel-writer.ts says what for.
    await runner.query(`DELETE FROM channel_state WHERE channel_id = '*'`);
    await runner.query(
      `INSERT INTO channel_state (channel_id, rules_version, change_seq, published_version, published_modified, anonymous_counter,
        received, queued, approved, duplicate, ignored, dropped_global, dropped_blocked, dropped_pattern)
        VALUES ('*', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)`,
    );
    await create(
      'channel_members',
      [
        { ...channelId, ...key },
        varchar('centralauth_id', 20, key),
        varchar('username', 255),
        varchar('role', 16),
        bigint('added_at'),
      ],
      { indices: [{ name: 'channel_members_account', columnNames: ['centralauth_id'] }] },
    );
    await create(
      'messages',
      [
        generated,
        channelId,
        bigint('change_seq'),
        varchar('source_id', 255),
        varchar('source_channel', 255, nullable),
        varchar('target_id', 255, nullable),
        varchar('type', 8),
        text('text'),
        text('normal_text'),
        int('normal_length'),
        varchar('symbol', 64, nullable),
        varchar('screen_name', 255),
        varchar('name_key', 255, nullable),
        varchar('published_name', 255, nullable),
        varchar('wiki_username', 255, nullable),
        varchar('sender_id', 255, nullable),
        varchar('centralauth_id', 20, nullable),
        varchar('language', 35, nullable),
        varchar('profile_image', 1000, nullable),
        smallint('status_rank'),
        int('revision'),
        bigint('arrived_at'),
        bigint('sent_at', nullable),
        bigint('decided_at', nullable),
        varchar('decided_by', 255, nullable),
      ],
      {
        indices: [
          { name: 'messages_queue', columnNames: ['channel_id', 'status_rank', 'id'] },
          { name: 'messages_published', columnNames: ['channel_id', 'status_rank', 'decided_at'] },
          { name: 'messages_changes', columnNames: ['channel_id', 'change_seq'] },
          { name: 'messages_sender', columnNames: ['channel_id', 'sender_id'] },
          { name: 'messages_account', columnNames: ['channel_id', 'centralauth_id'] },
          { name: 'messages_name', columnNames: ['channel_id', 'name_key'] },
          { name: 'messages_symbol', columnNames: ['channel_id', 'symbol', 'decided_at'] },
          { name: 'messages_length', columnNames: ['channel_id', 'normal_length'] },
        ],
      },
    );
    await create('taken_keys', [{ ...channelId, ...key }, varchar('digest', 43, key)]);
    await create('anonymous_senders', [{ ...channelId, ...key }, varchar('sender_digest', 43, key), int('number')]);
    for (const name of ['blocked_senders', 'allowed_senders']) {
      await create(name, [generated, channelId, ...senderColumns], {
        uniques: [{ name: `${name}_identity`, columnNames: ['channel_id', 'identity'] }],
      });
    }
    await create('global_blocked_senders', [generated, ...senderColumns], {
      uniques: [{ name: 'global_blocked_senders_identity', columnNames: ['identity'] }],
    });
    await create(
      'blocked_patterns',
      [
        generated,
        channelId,
        varchar('digest', 43),
        text('text'),
        text('normal_text'),
        varchar('added_by', 255),
        bigint('added_at'),
      ],
      { uniques: [{ name: 'blocked_patterns_text', columnNames: ['channel_id', 'digest'] }] },
    );
    await create(
      'moderation_log',
      [
        generated,
        channelId,
        int('message_id'),
        varchar('decision', 16),
        smallint('from_rank'),
        smallint('to_rank'),
        int('revision'),
        boolean('automatic'),
        varchar('cause', 16, nullable),
        varchar('operation', 36, nullable),
        varchar('moderator', 255, nullable),
        varchar('moderator_id', 20, nullable),
        varchar('screen_name', 255),
        text('text'),
        varchar('type', 8),
        bigint('arrived_at'),
        bigint('decided_at'),
      ],
      {
        indices: [
          { name: 'moderation_log_channel', columnNames: ['channel_id', 'id'] },
          { name: 'moderation_log_message', columnNames: ['message_id'] },
          { name: 'moderation_log_operation', columnNames: ['operation'] },
        ],
      },
    );
    await create('operations', [
      varchar('id', 36, key),
      channelId,
      varchar('cause', 16),
      int('created_id', nullable),
      varchar('made_by', 255),
      bigint('made_at'),
    ]);
    await create(
      'presences',
      [
        varchar('process_id', 36, key),
        { ...channelId, ...key },
        varchar('centralauth_id', 20, key),
        varchar('username', 255),
        bigint('expires_at'),
      ],
      { indices: [{ name: 'presences_channel', columnNames: ['channel_id'] }] },
    );
    await create('users', [varchar('centralauth_id', 20, key), varchar('username', 255), bigint('signed_in_at')]);
    await create('superadmins', [varchar('username', 255, key), varchar('centralauth_id', 20)]);
    await create(
      'sessions',
      [
        varchar('digest', 43, key),
        varchar('centralauth_id', 20, nullable),
        text('data'),
        bigint('created_at'),
        bigint('expires_at'),
      ],
      {
        indices: [
          { name: 'sessions_expiry', columnNames: ['expires_at'] },
          { name: 'sessions_account', columnNames: ['centralauth_id'] },
        ],
      },
    );
    await create('intake_refusals', [
      { ...channelId, ...key },
      smallint('status', key),
      varchar('reason', 32, key),
      bigint('count'),
      bigint('last_at'),
    ]);
    await create(
      'intake_minutes',
      [
        { ...channelId, ...key },
        int('minute', key),
        ...['queued', 'approved', 'duplicate', 'dropped', 'ignored', 'refused'].map((name) => int(name)),
      ],
      { indices: [{ name: 'intake_minutes_minute', columnNames: ['minute'] }] },
    );
    await create('simulations', [
      { ...channelId, ...key },
      int('per_minute'),
      bigint('runs_until'),
      bigint('sent'),
      bigint('failed'),
    ]);
    await create(
      'api_tokens',
      [
        generated,
        channelId,
        varchar('digest', 43),
        varchar('name', 255),
        text('scopes'),
        varchar('created_by', 255),
        bigint('created_at'),
        bigint('last_used_at', nullable),
      ],
      {
        indices: [{ name: 'api_tokens_channel', columnNames: ['channel_id'] }],
        uniques: [{ name: 'api_tokens_digest', columnNames: ['digest'] }],
      },
    );
    await create('imported_rows', [
      { ...channelId, ...key },
      varchar('source_table', 16, key),
      varchar('source_key', 43, key),
      bigint('target', nullable),
      smallint('status_rank', nullable),
    ]);
    await create('leases', [varchar('name', 64, key), varchar('holder', 64), bigint('expires_at')]);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of [...TABLES].reverse()) await runner.dropTable(name);
  }
}

const TABLES = [
  'channels',
  'channel_state',
  'channel_members',
  'messages',
  'taken_keys',
  'anonymous_senders',
  'blocked_senders',
  'allowed_senders',
  'global_blocked_senders',
  'blocked_patterns',
  'moderation_log',
  'operations',
  'presences',
  'users',
  'superadmins',
  'sessions',
  'intake_refusals',
  'intake_minutes',
  'simulations',
  'api_tokens',
  'imported_rows',
  'leases',
];

async function createTable(
  runner: QueryRunner,
  name: string,
  columns: TableColumnOptions[],
  { indices, uniques }: { indices?: TableIndexOptions[]; uniques?: TableIndexOptions[] },
): Promise<void> {
  const { type } = runner.dataSource.options;
  // MariaDB knows a unique constraint only as a unique index.
  const unique =
    type === 'mariadb'
      ? { indices: [...(indices ?? []), ...(uniques ?? []).map((index) => ({ ...index, isUnique: true }))] }
      : {
          indices,
          uniques: uniques?.map(({ name: uniqueName, columnNames }) => ({
            name: uniqueName,
            columnNames: columnNames ?? [],
          })),
        };
  // MariaDB keeps what a migration has done before it was interrupted: the next start goes on from there.
  await runner.createTable(new Table({ name, columns, ...unique }), type === 'mariadb');
  // The usual collations say that two emoji are equal and ignore case and trailing blanks: compare byte by byte.
  if (type === 'mariadb')
    await runner.query(`ALTER TABLE ${name} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin`);
}
