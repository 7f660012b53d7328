import { Entity, PrimaryColumn } from 'typeorm';
import { DIGEST_LENGTH, ID_LENGTH } from './columns';

/** What was taken once is a duplicate for ever, also after its text has been purged; so keys outlive messages. */
@Entity('taken_keys')
export class TakenKey {
  @PrimaryColumn({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;

  @PrimaryColumn({ type: 'varchar', length: DIGEST_LENGTH })
  digest!: string;
}
