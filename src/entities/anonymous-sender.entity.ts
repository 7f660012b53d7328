import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DIGEST_LENGTH, ID_LENGTH } from './columns';

/** Which number an identified sender without a name was given, so that they keep it. */
@Entity('anonymous_senders')
export class AnonymousSender {
  @PrimaryColumn({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;

  /** base64url SHA-256 of the sender's id. */
  @PrimaryColumn({ name: 'sender_digest', type: 'varchar', length: DIGEST_LENGTH })
  senderDigest!: string;

  @Column({ type: 'int' })
  number!: number;
}
