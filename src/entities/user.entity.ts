import { Column, Entity, PrimaryColumn } from 'typeorm';
import { NAME_LENGTH, wholeNumber } from './columns';

/** A Wikimedia account that has signed in here. */
@Entity('users')
export class User {
  @PrimaryColumn({ name: 'centralauth_id', type: 'varchar', length: 20 })
  centralauthId!: string;

  /** As of the last sign-in. */
  @Column({ type: 'varchar', length: NAME_LENGTH })
  username!: string;

  @Column({ name: 'signed_in_at', type: 'bigint', transformer: wholeNumber })
  signedInAt!: number;
}
