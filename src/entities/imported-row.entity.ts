import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ID_LENGTH, listOf, wholeNumber } from './columns';

/** What was imported once is not imported again, also when it has been changed or removed here since. */
@Entity('imported_rows')
export class ImportedRow {
  /** `*` for what belongs to no channel. */
  @PrimaryColumn({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;

  /** The table that it came from. */
  @PrimaryColumn({ name: 'source_table', type: 'varchar', length: 16 })
  sourceTable!: string;

  /** Tells it from the others of that table. */
  @PrimaryColumn({ name: 'source_key', type: 'varchar', length: 43 })
  sourceKey!: string;

  /** Of a message its id here, null when it was here already; of a channel the anonymous counter as it was taken over. */
  @Column({ name: 'target', type: 'bigint', nullable: true, transformer: wholeNumber })
  target!: number | null;

  /** Of a message the status that it came with: what was decided there later is not in it. */
  @Column({ name: 'status_rank', type: 'smallint', nullable: true })
  rank!: number | null;

  /** What had to be changed about it here, in the words of the report. */
  @Column({ type: 'text', nullable: true, transformer: listOf<string>() })
  changes!: string[];
}
