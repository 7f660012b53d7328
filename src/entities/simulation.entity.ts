import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ID_LENGTH, wholeNumber } from './columns';

/** The wanted state of a channel's simulation, shared by all processes; one of them holds the lease and sends. PlaybackRow keeps raids here too. */
@Entity('simulations')
export class Simulation {
  @PrimaryColumn({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;

  @Column({ name: 'per_minute', type: 'int' })
  perMinute!: number;

  /** It stops by itself then; 0 when stopped. */
  @Column({ name: 'runs_until', type: 'bigint', transformer: wholeNumber })
  runsUntil!: number;

  @Column({ type: 'bigint', transformer: wholeNumber })
  sent!: number;

  @Column({ type: 'bigint', transformer: wholeNumber })
  failed!: number;
}
