import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { DIGEST_LENGTH, ID_LENGTH, NAME_LENGTH, wholeNumber } from './columns';

/** A text that is dropped on arrival, with everything similar to it. */
@Entity('blocked_patterns')
@Unique('blocked_patterns_text', ['channelId', 'digest'])
export class BlockedPattern {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;

  /** base64url SHA-256 of normalText, for the unique key. */
  @Column({ type: 'varchar', length: DIGEST_LENGTH })
  digest!: string;

  @Column({ type: 'text' })
  text!: string;

  @Column({ name: 'normal_text', type: 'text' })
  normalText!: string;

  @Column({ name: 'added_by', type: 'varchar', length: NAME_LENGTH })
  addedBy!: string;

  @Column({ name: 'added_at', type: 'bigint', transformer: wholeNumber })
  addedAt!: number;
}
