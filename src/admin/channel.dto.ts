import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsBoolean, Matches, ValidateIf } from 'class-validator';
import { CHANNEL_ID } from '../entities/channel.entity';
import { canonicalLanguage, IfGiven, IsLanguage, IsText } from './text.validators';
import { IsWholeNumber } from './number.validators';

export class CreateChannelDto {
  /**
   * Part of every address of the channel, and never changed.
   * @example 'main-hall'
   */
  @Matches(CHANNEL_ID, {
    message: 'id must be 1 to 64 characters a-z, 0-9, _ and -, and begin with a letter or digit',
  })
  id!: string;

  /** @example 'Main hall' */
  @IsText({ max: 255 })
  name!: string;

  /** @example 'Keynotes and the closing session' */
  @IfGiven()
  @IsText({ max: 5_000, blank: true, lines: true })
  description?: string;
}

/** What is left out stays as it is. */
export class UpdateChannelDto {
  /**
   * Superadmins only.
   * @example 'Main hall'
   */
  @IfGiven()
  @IsText({ max: 255 })
  name?: string;

  /**
   * Superadmins only.
   * @example 'Keynotes and the closing session'
   */
  @IfGiven()
  @IsText({ max: 5_000, blank: true, lines: true })
  description?: string;

  /**
   * Superadmins only. An inactive channel takes no messages.
   * @example true
   */
  @IfGiven()
  @IsBoolean()
  active?: boolean;

  /**
   * Superadmins only. Styles for the channel's display.
   * @example '.message { font-size: 2rem }'
   */
  @IfGiven()
  @IsText({ max: 50_000, maxBytes: 65_535, blank: true, lines: true })
  customCss?: string;

  /**
   * Whether feeds and displays answer without the display token.
   * @example true
   */
  @IfGiven()
  @IsBoolean()
  public?: boolean;

  /**
   * Whether a reaction is approved when the same symbol was approved within the last 10 seconds.
   * @example true
   */
  @IfGiven()
  @IsBoolean()
  emojiAutoApprove?: boolean;

  /**
   * What senders without a name are called, with a number behind it.
   * @example 'Anonymous'
   */
  @IfGiven()
  @IsText({ max: 64 })
  anonymousLabel?: string;

  /** @example true */
  @IfGiven()
  @IsBoolean()
  languageDetection?: boolean;

  /**
   * BCP 47; the language of messages of which nothing else is known.
   * @example 'en'
   */
  @IfGiven()
  @IsLanguage()
  defaultLanguage?: string;

  /**
   * BCP 47; detection prefers these where it is in doubt. None means every language it knows.
   * @example ['en', 'pt-BR']
   */
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(20)
  @IsLanguage({ each: true })
  @ArrayUnique((tag: unknown) => canonicalLanguage(tag) ?? tag, {
    message: 'likelyLanguages must not name a language twice',
  })
  likelyLanguages?: string[];

  /** Minutes without a message after which the pages warn; null: never. */
  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 1, maximum: 1440, example: 10 })
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsWholeNumber({ min: 1, max: 1_440 })
  silenceWarningMinutes?: number | null;

  /** Days after which messages, and what the log says of them, are removed in the night; null: they are kept. */
  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 1, maximum: 3650, example: 90 })
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsWholeNumber({ min: 1, max: 3_650 })
  retentionDays?: number | null;
}

export class ChannelDto {
  /** @example 'main-hall' */
  id!: string;

  /** @example 'Main hall' */
  name!: string;

  /** @example 'Keynotes and the closing session' */
  description!: string;

  /**
   * Whether the webhook takes messages, as long as the channel is not archived.
   * @example true
   */
  active!: boolean;

  /**
   * ISO 8601 UTC; null unless archived.
   * @example null
   */
  archivedAt!: string | null;

  /**
   * Whether feeds and displays answer without the display token.
   * @example true
   */
  public!: boolean;

  /** @example true */
  emojiAutoApprove!: boolean;

  /** @example 'Anonymous' */
  anonymousLabel!: string;

  /** @example false */
  languageDetection!: boolean;

  /** @example 'en' */
  defaultLanguage!: string;

  /** @example ['en', 'pt-BR'] */
  likelyLanguages!: string[];

  /** @example '' */
  customCss!: string;

  /** Minutes without a message after which the pages warn; null: never. */
  @ApiProperty({ type: 'integer', nullable: true, example: 10 })
  silenceWarningMinutes!: number | null;

  /** Days after which messages, and what the log says of them, are removed in the night; null: they are kept. */
  @ApiProperty({ type: 'integer', nullable: true, example: 90 })
  retentionDays!: number | null;

  /** @example '2026-08-05T09:30:00.123Z' */
  createdAt!: string;

  /** Messages in the queue. */
  @ApiProperty({ type: 'integer', example: 12 })
  waiting!: number;

  /**
   * Messages a minute over the last five minutes, whatever became of them.
   * @example 17.4
   */
  arrivalsPerMinute!: number;

  /**
   * ISO 8601 UTC; null before the first message.
   * @example '2026-08-05T09:30:00.123Z'
   */
  lastReceivedAt!: string | null;

  /**
   * Since when nothing has arrived, where that is longer than `silenceWarningMinutes`; else null. Only of an open channel.
   * Counted from when it was made, activated or reopened, until something has arrived since.
   * @example null
   */
  silentSince!: string | null;

  /**
   * What the asking account is here.
   * @example 'admin'
   */
  role!: 'superadmin' | 'admin' | 'moderator';
}

/** A channel with what its settings page shows to those who may see it. */
export class ChannelDetailsDto extends ChannelDto {
  /** Where Eventyay sends messages to; for admins and superadmins. */
  @ApiPropertyOptional({ example: 'https://chatstream-moderate.toolforge.org/webhook/channel/main-hall' })
  webhookUrl?: string;

  /** What opens the feeds of a private channel; for admins and superadmins. */
  @ApiPropertyOptional({ example: 'Zk1tU0Z5cXl2bW9pYkE3V2ZtT1JqZz09ZXhhbXBsZTE' })
  displayToken?: string;

  /** Signs webhook requests; for superadmins. */
  @ApiPropertyOptional({ example: 'c2VjcmV0LWV4YW1wbGUtc2VjcmV0LWV4YW1wbGUtMDE' })
  webhookSecret?: string;

  /** Until when the secret before this one is valid too, null when it is not; of several the one that was used last. For superadmins. */
  @ApiPropertyOptional({ type: 'string', nullable: true, example: '2026-08-06T09:30:00.123Z' })
  previousWebhookSecretUntil?: string | null;

  /** When the last message came that was signed with a secret before this one; null: none since; for superadmins. */
  @ApiPropertyOptional({ type: 'string', nullable: true, example: '2026-08-05T09:41:07.456Z' })
  previousWebhookSecretUsedAt?: string | null;
}

export class ChannelListDto {
  /** Ordered by name. */
  channels!: ChannelDto[];
}

export class WebhookSecretDto {
  /** @example 'c2VjcmV0LWV4YW1wbGUtc2VjcmV0LWV4YW1wbGUtMDE' */
  webhookSecret!: string;
}

export class DisplayTokenDto {
  /** @example 'Zk1tU0Z5cXl2bW9pYkE3V2ZtT1JqZz09ZXhhbXBsZTE' */
  displayToken!: string;
}
