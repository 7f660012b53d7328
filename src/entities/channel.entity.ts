import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ID_LENGTH, listOf, NAME_LENGTH, stringList, wholeNumber } from './columns';

/** What may be a channel's id. */
export const CHANNEL_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Whether the webhook takes messages. */
export function isOpen({ active, archivedAt }: Pick<Channel, 'active' | 'archivedAt'>): boolean {
  return active && archivedAt === null;
}

/** A webhook secret that was replaced: accepted until then, so that a rotation loses no message; null: not any more. */
export interface PreviousSecret {
  secret: string;
  expiresAt: number | null;
}

export const stillValid = (secrets: PreviousSecret[]) =>
  secrets.filter(({ expiresAt }) => expiresAt !== null && expiresAt > Date.now());

/** A conference room's chat: what admins set. What changes with every message is in ChannelState. */
@Entity('channels')
export class Channel {
  @PrimaryColumn({ type: 'varchar', length: ID_LENGTH })
  id!: string;

  @Column({ type: 'varchar', length: NAME_LENGTH })
  name!: string;

  @Column({ type: 'text' })
  description!: string;

  @Column({ type: 'boolean' })
  active!: boolean;

  @Column({ name: 'archived_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  archivedAt!: number | null;

  @Column({ name: 'is_public', type: 'boolean' })
  public!: boolean;

  @Column({ name: 'emoji_auto_approve', type: 'boolean' })
  emojiAutoApprove!: boolean;

  @Column({ name: 'anonymous_label', type: 'varchar', length: 64 })
  anonymousLabel!: string;

  @Column({ name: 'language_detection', type: 'boolean' })
  languageDetection!: boolean;

  @Column({ name: 'default_language', type: 'varchar', length: 35 })
  defaultLanguage!: string;

  @Column({ name: 'likely_languages', type: 'text', transformer: stringList })
  likelyLanguages!: string[];

  @Column({ name: 'custom_css', type: 'text' })
  customCss!: string;

  @Column({ name: 'webhook_secret', type: 'varchar', length: NAME_LENGTH })
  webhookSecret!: string;

  /** Those that were replaced, the last one first. */
  @Column({ name: 'previous_secrets', type: 'text', nullable: true, transformer: listOf<PreviousSecret>() })
  previousSecrets!: PreviousSecret[];

  /** The last one of them again, for processes of the version before, which know no others. */
  @Column({ name: 'previous_secret', type: 'varchar', length: NAME_LENGTH, nullable: true })
  previousSecret!: string | null;

  @Column({ name: 'previous_secret_expires_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  previousSecretExpiresAt!: number | null;

  /** Since when it is being deleted, which may take a while: it is closed, and for good. */
  @Column({ name: 'deleting_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  deletingAt!: number | null;

  /** Minutes without a message after which the pages warn; null: never. */
  @Column({ name: 'silence_warning_minutes', type: 'int', nullable: true })
  silenceWarningMinutes!: number | null;

  /** Days after which messages and what the log says of them are removed; null: never. See operations/retention.ts. */
  @Column({ name: 'retention_days', type: 'int', nullable: true })
  retentionDays!: number | null;

  /** When it was last activated or reopened; null when never since it was made. */
  @Column({ name: 'opened_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  openedAt!: number | null;

  @Column({ name: 'display_token', type: 'varchar', length: NAME_LENGTH })
  displayToken!: string;

  @Column({ name: 'created_at', type: 'bigint', transformer: wholeNumber })
  createdAt!: number;
}
