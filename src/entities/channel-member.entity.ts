import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID_LENGTH, NAME_LENGTH, wholeNumber } from './columns';

export const ROLES = ['admin', 'moderator'] as const;
export type Role = (typeof ROLES)[number];

@Entity('channel_members')
@Index('channel_members_account', ['centralauthId'])
export class ChannelMember {
  @PrimaryColumn({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;

  @PrimaryColumn({ name: 'centralauth_id', type: 'varchar', length: 20 })
  centralauthId!: string;

  @Column({ type: 'varchar', length: NAME_LENGTH })
  username!: string;

  @Column({ type: 'varchar', length: 16 })
  role!: Role;

  @Column({ name: 'added_at', type: 'bigint', transformer: wholeNumber })
  addedAt!: number;
}
