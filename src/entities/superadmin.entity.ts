import { Column, Entity, PrimaryColumn } from 'typeorm';
import { NAME_LENGTH } from './columns';

/** A name of SUPERADMIN_USERS and the first account that signed in with it: a renamed account inherits nothing. */
@Entity('superadmins')
export class Superadmin {
  @PrimaryColumn({ type: 'varchar', length: NAME_LENGTH })
  username!: string;

  @Column({ name: 'centralauth_id', type: 'varchar', length: 20 })
  centralauthId!: string;
}
