import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { MessageType } from '../moderation/message';
import { ID_LENGTH, NAME_LENGTH, wholeNumber } from './columns';

/** A message that is or was in a queue. Dropped, duplicate and ignored ones never become a row. */
@Entity('messages')
@Index('messages_channel', ['channelId', 'id'])
@Index('messages_queue', ['channelId', 'rank', 'id'])
@Index('messages_decided', ['channelId', 'rank', 'decidedAt'], { where: 'decided_at IS NOT NULL' })
@Index('messages_changes', ['channelId', 'changeSeq'])
@Index('messages_seen_sender', ['channelId', 'senderId'], { where: 'decided_by IS NOT NULL' })
@Index('messages_seen_account', ['channelId', 'centralauthId'], { where: 'decided_by IS NOT NULL' })
export class Message {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;

  /** The channel's change number when this row was written last. */
  @Column({ name: 'change_seq', type: 'bigint', transformer: wholeNumber })
  changeSeq!: number;

  @Column({ name: 'source_id', type: 'varchar', length: NAME_LENGTH })
  sourceId!: string;

  /** Eventyay's own id of the channel, as it was sent. */
  @Column({ name: 'source_channel', type: 'varchar', length: NAME_LENGTH, nullable: true })
  sourceChannel!: string | null;

  /** For a reaction: the source id of the message reacted to. */
  @Column({ name: 'target_id', type: 'varchar', length: NAME_LENGTH, nullable: true })
  targetId!: string | null;

  @Column({ type: 'varchar', length: 8 })
  type!: MessageType;

  @Column({ type: 'text' })
  text!: string;

  /** moderation/similarity.normalise(text): what searches and sweeps compare. */
  @Column({ name: 'normal_text', type: 'text' })
  normalText!: string;

  /** Code points of normalText: lets a sweep skip most rows in SQL. */
  @Column({ name: 'normal_length', type: 'int' })
  normalLength!: number;

  /** A reaction's text again; null for anything else. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  symbol!: string | null;

  @Column({ name: 'screen_name', type: 'varchar', length: NAME_LENGTH })
  screenName!: string;

  /** Of the name the sender gave; null when they gave none and the screen name was made here. */
  @Column({ name: 'name_key', type: 'varchar', length: NAME_LENGTH, nullable: true })
  nameKey!: string | null;

  /** What displays show instead of screenName: for a reaction approved under a name no moderator has seen. */
  @Column({ name: 'published_name', type: 'varchar', length: NAME_LENGTH, nullable: true })
  publishedName!: string | null;

  @Column({ name: 'wiki_username', type: 'varchar', length: NAME_LENGTH, nullable: true })
  wikiUsername!: string | null;

  @Column({ name: 'sender_id', type: 'varchar', length: NAME_LENGTH, nullable: true })
  senderId!: string | null;

  @Column({ name: 'centralauth_id', type: 'varchar', length: 20, nullable: true })
  centralauthId!: string | null;

  @Column({ type: 'varchar', length: 35, nullable: true })
  language!: string | null;

  @Column({ name: 'profile_image', type: 'varchar', length: 1000, nullable: true })
  profileImage!: string | null;

  /** The status as moderation/decision.ts ranks it: 0 queued … 3 rejected. */
  @Column({ name: 'status_rank', type: 'smallint' })
  rank!: number;

  @Column({ type: 'int' })
  revision!: number;

  @Column({ name: 'arrived_at', type: 'bigint', transformer: wholeNumber })
  arrivedAt!: number;

  @Column({ name: 'sent_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  sentAt!: number | null;

  @Column({ name: 'decided_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  decidedAt!: number | null;

  /** Null while queued, and when a rule decided. */
  @Column({ name: 'decided_by', type: 'varchar', length: NAME_LENGTH, nullable: true })
  decidedBy!: string | null;
}
