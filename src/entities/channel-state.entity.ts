import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ID_LENGTH, wholeNumber } from './columns';

/**
 * The one row of a channel that every writing transaction locks first, so that all writes of a channel are serial.
 * See docs/decisions/0002-one-lock-per-channel.md.
 */
@Entity('channel_state')
export class ChannelState {
  @PrimaryColumn({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;

  /** Raised by every change of lists, patterns, settings and secrets: what is cached of them is cached for a version. */
  @Column({ name: 'rules_version', type: 'int' })
  rulesVersion!: number;

  /** The number that the rows changed by a transaction carry; without gaps in the order of commits. */
  @Column({ name: 'change_seq', type: 'bigint', transformer: wholeNumber })
  changeSeq!: number;

  /** The change number at which messages were last removed: what is gone carries none. Null: never. */
  @Column({ name: 'removed_seq', type: 'bigint', nullable: true, transformer: wholeNumber })
  removedSeq!: number | null;

  /** Raised by every change of what is published. */
  @Column({ name: 'published_version', type: 'bigint', transformer: wholeNumber })
  publishedVersion!: number;

  /** Epoch seconds for Last-Modified; strictly rising, see database/last-modified.ts. */
  @Column({ name: 'published_modified', type: 'bigint', transformer: wholeNumber })
  publishedModified!: number;

  @Column({ name: 'anonymous_counter', type: 'int' })
  anonymousCounter!: number;

  @Column({ type: 'bigint', transformer: wholeNumber })
  received!: number;

  @Column({ type: 'bigint', transformer: wholeNumber })
  queued!: number;

  @Column({ type: 'bigint', transformer: wholeNumber })
  approved!: number;

  @Column({ type: 'bigint', transformer: wholeNumber })
  duplicate!: number;

  @Column({ type: 'bigint', transformer: wholeNumber })
  ignored!: number;

  @Column({ name: 'dropped_global', type: 'bigint', transformer: wholeNumber })
  droppedGlobal!: number;

  @Column({ name: 'dropped_blocked', type: 'bigint', transformer: wholeNumber })
  droppedBlocked!: number;

  @Column({ name: 'dropped_pattern', type: 'bigint', transformer: wholeNumber })
  droppedPattern!: number;

  @Column({ name: 'last_received_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  lastReceivedAt!: number | null;

  /** When the last message came that was signed with a secret before the present one; null: none since that was made. */
  @Column({ name: 'previous_secret_used_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  previousSecretUsedAt!: number | null;

  /** Until when that one counts, for there may be several. */
  @Column({ name: 'previous_secret_used_until', type: 'bigint', nullable: true, transformer: wholeNumber })
  previousSecretUsedUntil!: number | null;
}
