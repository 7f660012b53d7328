import { Column } from 'typeorm';
import { DIGEST_LENGTH, NAME_LENGTH, wholeNumber } from './columns';

/** The columns that blocked, allowed and globally blocked senders share. */
export abstract class SenderEntry {
  /** Of (senderId, centralauthId) or, without both, of the normalised name: repeating an entry finds this one. */
  @Column({ type: 'varchar', length: DIGEST_LENGTH })
  identity!: string;

  @Column({ name: 'sender_id', type: 'varchar', length: NAME_LENGTH, nullable: true })
  senderId!: string | null;

  @Column({ name: 'centralauth_id', type: 'varchar', length: 20, nullable: true })
  centralauthId!: string | null;

  @Column({ name: 'screen_name', type: 'varchar', length: NAME_LENGTH, nullable: true })
  screenName!: string | null;

  @Column({ name: 'name_key', type: 'varchar', length: NAME_LENGTH, nullable: true })
  nameKey!: string | null;

  @Column({ name: 'added_by', type: 'varchar', length: NAME_LENGTH })
  addedBy!: string;

  @Column({ name: 'added_at', type: 'bigint', transformer: wholeNumber })
  addedAt!: number;
}
