import { Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { SenderEntry } from './sender-entry';

/** A sender blocked in every channel. */
@Entity('global_blocked_senders')
@Unique('global_blocked_senders_identity', ['identity'])
export class GlobalBlockedSender extends SenderEntry {
  @PrimaryGeneratedColumn()
  id!: number;
}
