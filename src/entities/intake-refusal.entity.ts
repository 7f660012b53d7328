import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ID_LENGTH, wholeNumber } from './columns';

/** How many webhook requests of a channel were refused, by HTTP status. */
@Entity('intake_refusals')
export class IntakeRefusal {
  @PrimaryColumn({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;

  @PrimaryColumn({ type: 'smallint' })
  status!: number;

  @Column({ type: 'bigint', transformer: wholeNumber })
  count!: number;

  @Column({ name: 'last_at', type: 'bigint', transformer: wholeNumber })
  lastAt!: number;
}
