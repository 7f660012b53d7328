import { Column, Entity, PrimaryColumn } from 'typeorm';
import { wholeNumber } from './columns';

/** Which process does a job that only one may do, and until when it has the right to. */
@Entity('leases')
export class Lease {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  name!: string;

  @Column({ type: 'varchar', length: 64 })
  holder!: string;

  @Column({ name: 'expires_at', type: 'bigint', transformer: wholeNumber })
  expiresAt!: number;
}
