import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { DIGEST_LENGTH, wholeNumber } from './columns';

/** A browser session. The cookie's id is stored hashed, so that reading this table signs nobody in. */
@Entity('sessions')
@Index('sessions_expiry', ['expiresAt'])
@Index('sessions_account', ['centralauthId'])
export class Session {
  @PrimaryColumn({ type: 'varchar', length: DIGEST_LENGTH })
  digest!: string;

  @Column({ name: 'centralauth_id', type: 'varchar', length: 20, nullable: true })
  centralauthId!: string | null;

  /** express-session's data as JSON. */
  @Column({ type: 'text' })
  data!: string;

  @Column({ name: 'created_at', type: 'bigint', transformer: wholeNumber })
  createdAt!: number;

  @Column({ name: 'expires_at', type: 'bigint', transformer: wholeNumber })
  expiresAt!: number;
}
