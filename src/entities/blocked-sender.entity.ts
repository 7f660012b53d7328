import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { ID_LENGTH } from './columns';
import { SenderEntry } from './sender-entry';

/** A sender blocked in one channel; moderation/sender.ts says whom an entry means. */
@Entity('blocked_senders')
@Unique('blocked_senders_identity', ['channelId', 'identity'])
export class BlockedSender extends SenderEntry {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;
}
