import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID_LENGTH } from './columns';

/** The minute of a time, both since 1970. @param time epoch milliseconds */
export const minuteOf = (time: number) => Math.floor(time / 60_000);

/** What came to a channel within one minute and what became of it; kept for a day, see operations/old-minutes.ts. */
@Entity('intake_minutes')
@Index('intake_minutes_minute', ['minute'])
export class IntakeMinute {
  @PrimaryColumn({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;

  /** See minuteOf. */
  @PrimaryColumn({ type: 'int' })
  minute!: number;

  @Column({ type: 'int' })
  queued!: number;

  @Column({ type: 'int' })
  approved!: number;

  @Column({ type: 'int' })
  duplicate!: number;

  @Column({ type: 'int' })
  dropped!: number;

  @Column({ type: 'int' })
  ignored!: number;

  /** Requests that were refused; beside the others. */
  @Column({ type: 'int' })
  refused!: number;
}
