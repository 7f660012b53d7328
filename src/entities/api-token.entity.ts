import { Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { DIGEST_LENGTH, ID_LENGTH, NAME_LENGTH, stringList, wholeNumber } from './columns';

/** Each includes those before it. */
export const TOKEN_SCOPES = ['feed', 'moderate', 'admin'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** A program's access to one channel. The token is stored hashed, so that reading this table opens nothing. */
@Entity('api_tokens')
@Unique('api_tokens_digest', ['digest'])
@Index('api_tokens_channel', ['channelId'])
export class ApiToken {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;

  /** base64url SHA-256 of the token. */
  @Column({ type: 'varchar', length: DIGEST_LENGTH })
  digest!: string;

  @Column({ type: 'varchar', length: NAME_LENGTH })
  name!: string;

  @Column({ type: 'text', transformer: stringList })
  scopes!: TokenScope[];

  /** The maker's name, as it was when they last signed in. */
  @Column({ name: 'created_by', type: 'varchar', length: NAME_LENGTH })
  createdBy!: string;

  /** The maker's account, which a change of name leaves as it is; null of an old token whose maker cannot be told: it opens nothing. */
  @Column({ name: 'created_by_id', type: 'varchar', length: 20, nullable: true })
  createdById!: string | null;

  @Column({ name: 'created_at', type: 'bigint', transformer: wholeNumber })
  createdAt!: number;

  /** Within a minute of the truth; null before the first use. */
  @Column({ name: 'last_used_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  lastUsedAt!: number | null;
}
