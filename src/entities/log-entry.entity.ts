import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { MessageType } from '../moderation/message';
import { ID_LENGTH, NAME_LENGTH, wholeNumber } from './columns';

/**
 * One effective decision: written in the transaction that carried it out, never changed, except that retention and
 * erasure empty what it says of the message: `text` and `screenName`.
 */
@Entity('moderation_log')
@Index('moderation_log_channel', ['channelId', 'id'])
@Index('moderation_log_message', ['messageId'])
@Index('moderation_log_operation', ['operation'])
export class LogEntry {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;

  @Column({ name: 'message_id', type: 'int' })
  messageId!: number;

  @Column({ type: 'varchar', length: 16 })
  decision!: string;

  @Column({ name: 'from_rank', type: 'smallint' })
  fromRank!: number;

  @Column({ name: 'to_rank', type: 'smallint' })
  toRank!: number;

  /** The message's revision as this decision left it. */
  @Column({ type: 'int' })
  revision!: number;

  @Column({ type: 'boolean' })
  automatic!: boolean;

  @Column({ type: 'varchar', length: 16, nullable: true })
  cause!: string | null;

  @Column({ type: 'varchar', length: 36, nullable: true })
  operation!: string | null;

  /** Wikimedia username; null when a rule decided. */
  @Column({ type: 'varchar', length: NAME_LENGTH, nullable: true })
  moderator!: string | null;

  @Column({ name: 'moderator_id', type: 'varchar', length: 20, nullable: true })
  moderatorId!: string | null;

  @Column({ name: 'screen_name', type: 'varchar', length: NAME_LENGTH })
  screenName!: string;

  @Column({ type: 'text' })
  text!: string;

  @Column({ type: 'varchar', length: 8 })
  type!: MessageType;

  @Column({ name: 'arrived_at', type: 'bigint', transformer: wholeNumber })
  arrivedAt!: number;

  @Column({ name: 'decided_at', type: 'bigint', transformer: wholeNumber })
  decidedAt!: number;
}
