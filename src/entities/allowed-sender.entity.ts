import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { ID_LENGTH } from './columns';
import { SenderEntry } from './sender-entry';

/** A sender allowed in one channel; moderation/sender.ts says whom an entry means. */
@Entity('allowed_senders')
@Unique('allowed_senders_identity', ['channelId', 'identity'])
export class AllowedSender extends SenderEntry {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;
}
