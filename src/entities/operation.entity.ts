import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ID_LENGTH, NAME_LENGTH, wholeNumber } from './columns';

/** A bulk decision, so that it can be undone as a whole. Its effects are the log rows that carry its id. */
@Entity('operations')
export class Operation {
  /** UUID. */
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;

  @Column({ type: 'varchar', length: 16 })
  cause!: string;

  /** The list entry or pattern that goes with it, see operations.ts; null when none does (any more). */
  @Column({ name: 'created_id', type: 'int', nullable: true })
  entryId!: number | null;

  @Column({ name: 'made_by', type: 'varchar', length: NAME_LENGTH })
  madeBy!: string;

  @Column({ name: 'made_at', type: 'bigint', transformer: wholeNumber })
  madeAt!: number;
}
