import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ID_LENGTH, wholeNumber } from './columns';

/** Why the webhook refuses what concerns a channel; webhook/refusal.ts has each one's status. */
export const REFUSAL_REASONS = [
  'too-large',
  'inactive',
  'archived',
  'no-signature',
  'malformed-signature',
  'wrong-secret',
  'old-secret',
  'interrupted',
  'not-json',
  'field',
  'clock',
  'not-stored',
  'server-full',
  'database-away',
  'fault',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** How many webhook requests of a channel were refused for one reason. */
@Entity('intake_refusals')
export class IntakeRefusal {
  @PrimaryColumn({ name: 'channel_id', type: 'varchar', length: ID_LENGTH })
  channelId!: string;

  @PrimaryColumn({ type: 'smallint' })
  status!: number;

  @PrimaryColumn({ type: 'varchar', length: 32 })
  reason!: RefusalReason;

  @Column({ type: 'bigint', transformer: wholeNumber })
  count!: number;

  @Column({ name: 'last_at', type: 'bigint', transformer: wholeNumber })
  lastAt!: number;
}
