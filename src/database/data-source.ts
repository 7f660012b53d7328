import { DataSource, DataSourceOptions } from 'typeorm';
import type BetterSqlite3 from 'better-sqlite3';
import type { DatabaseSettings } from '../settings';
import { AllowedSender } from '../entities/allowed-sender.entity';
import { AnonymousSender } from '../entities/anonymous-sender.entity';
import { ApiToken } from '../entities/api-token.entity';
import { BlockedPattern } from '../entities/blocked-pattern.entity';
import { BlockedSender } from '../entities/blocked-sender.entity';
import { ChannelMember } from '../entities/channel-member.entity';
import { ChannelState } from '../entities/channel-state.entity';
import { Channel } from '../entities/channel.entity';
import { GlobalBlockedSender } from '../entities/global-blocked-sender.entity';
import { IntakeMinute } from '../entities/intake-minute.entity';
import { ImportedRow } from '../entities/imported-row.entity';
import { IntakeRefusal } from '../entities/intake-refusal.entity';
import { Lease } from '../entities/lease.entity';
import { LogEntry } from '../entities/log-entry.entity';
import { Message } from '../entities/message.entity';
import { Operation } from '../entities/operation.entity';
import { Presence } from '../entities/presence.entity';
import { Session } from '../entities/session.entity';
import { Simulation } from '../entities/simulation.entity';
import { Superadmin } from '../entities/superadmin.entity';
import { TakenKey } from '../entities/taken-key.entity';
import { User } from '../entities/user.entity';
import { ROWS_PER_STATEMENT } from './statements';
import { Initial1763800000000 } from './migrations/1763800000000-initial';
import { FewerMessageIndices1764200000000 } from './migrations/1764200000000-fewer-message-indices';
import { MessagesInOrder1764300000001 } from './migrations/1764300000001-messages-in-order';
import { Retention1764300000002 } from './migrations/1764300000002-retention';
import { TokenMakers1764400000000 } from './migrations/1764400000000-token-makers';
import { PreviousSecrets1764400000001 } from './migrations/1764400000001-previous-secrets';
import { ImportChanges1764400000002 } from './migrations/1764400000002-import-changes';
import { Deletion1764400000003 } from './migrations/1764400000003-deletion';

const shared = {
  entities: [
    AllowedSender,
    AnonymousSender,
    ApiToken,
    BlockedPattern,
    BlockedSender,
    Channel,
    ChannelMember,
    ChannelState,
    GlobalBlockedSender,
    IntakeMinute,
    ImportedRow,
    IntakeRefusal,
    Lease,
    LogEntry,
    Message,
    Operation,
    Presence,
    Session,
    Simulation,
    Superadmin,
    TakenKey,
    User,
  ],
  migrations: [
    Initial1763800000000,
    FewerMessageIndices1764200000000,
    MessagesInOrder1764300000001,
    Retention1764300000002,
    TokenMakers1764400000000,
    PreviousSecrets1764400000001,
    ImportChanges1764400000002,
    Deletion1764400000003,
  ],
  migrationsTransactionMode: 'each' as const,
  synchronize: false,
  logging: false,
};

/** Connections that the server database may see from one process; ToolsDB allows a tool about 20. */
const POOL_SIZE = 8;

/** The data source that writes; on a server database also the one that reads. */
export function writerOptions(database: DatabaseSettings): DataSourceOptions {
  switch (database.type) {
    case 'sqlite':
      return {
        ...shared,
        type: 'better-sqlite3',
        database: database.path,
        prepareDatabase: prepareSqlite,
        // Every size that the batches of intake come in, for two tables, and everything else.
        statementCacheSize: 2 * ROWS_PER_STATEMENT.sqlite + 100,
      };
    case 'mariadb':
      return {
        ...shared,
        type: 'mariadb',
        ...login(database),
        charset: 'utf8mb4',
        timezone: 'Z',
        isolationLevel: 'READ COMMITTED',
        // The server drops idle connections, and ToolsDB forbids keeping them: none outlives ten idle seconds.
        extra: { connectionLimit: POOL_SIZE, maxIdle: 0, idleTimeout: 10_000 },
      };
    case 'postgres':
      return {
        ...shared,
        type: 'postgres',
        ...login(database),
        isolationLevel: 'READ COMMITTED',
        extra: { max: POOL_SIZE, idleTimeoutMillis: 10_000 },
      };
  }
}

/** SQLite reads through a second connection, for a statement on the writer's would join its open transaction. */
export function readerOptions(path: string): DataSourceOptions {
  return { ...shared, type: 'better-sqlite3', database: path, readonly: true, migrations: [] };
}

function login(database: Exclude<DatabaseSettings, { type: 'sqlite' }>) {
  const { host, port, user, password, name } = database;
  return { host, port, username: user, password, database: name };
}

function prepareSqlite(db: BetterSqlite3.Database): void {
  db.pragma('journal_mode = WAL');
  // The driver's default, NORMAL, may lose an acknowledged message when the power fails.
  db.pragma('synchronous = FULL');
  // A page that many batches wrote to is copied into the database once, and few batches wait for that: 16 MiB of log.
  db.pragma('wal_autocheckpoint = 4000');
  // Each INSERT of many rows would open, fill and remove a file for the case that it is undone.
  db.pragma('temp_store = MEMORY');
  // What was removed or erased is not to be found in the file either.
  db.pragma('secure_delete = ON');
}

/** The writer's data source, not connected yet. */
export function writerDataSource(database: DatabaseSettings): DataSource {
  return new DataSource(writerOptions(database));
}
