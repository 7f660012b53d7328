import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID_LENGTH, NAME_LENGTH, wholeNumber } from './columns';

/** Somebody has a queue's page open, as one process knows it; each process writes its own rows and nobody else's. */
@Entity('presences')
@Index('presences_channel', ['channelId'])
export class Presence {
  /** UUID of the process, new with each start. */
  @PrimaryColumn({ name: 'process_id', type: 'varchar', length: 36 })
  processId!: string;

  @PrimaryColumn({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;

  @PrimaryColumn({ name: 'centralauth_id', type: 'varchar', length: 20 })
  centralauthId!: string;

  @Column({ type: 'varchar', length: NAME_LENGTH })
  username!: string;

  @Column({ name: 'expires_at', type: 'bigint', transformer: wholeNumber })
  expiresAt!: number;
}
