import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { STATUSES, type Status } from '../moderation/decision';
import type { MessageType } from '../moderation/message';
import { asList, asNumber, emptyIsAbsent } from './query-values';

export const TYPES = ['text', 'emoji', 'qa'] as const;

export class MessageDto {
  @ApiProperty({ example: '4711' })
  id!: string;

  /** The id that the sender gave it; for a reaction that of the message reacted to. */
  @ApiProperty({ example: '90210' })
  sourceId!: string;

  /** As the sender gave it, or the channel's anonymous label and a number. */
  @ApiProperty({ example: 'Alice' })
  screenName!: string;

  @ApiProperty({ type: 'string', nullable: true, example: 'Alice (WMDE)' })
  wikiUsername!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'b8f0c1de-4b1c-4a77-9f2e-2f0a3d1c5e6f' })
  senderId!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: '12345678' })
  centralauthId!: string | null;

  /** For a reaction its symbol. */
  @ApiProperty({ example: 'Great talk so far!' })
  text!: string;

  @ApiProperty({ enum: TYPES, example: 'text' })
  type!: MessageType;

  /** BCP 47; null for reactions. */
  @ApiProperty({ type: 'string', nullable: true, example: 'en' })
  language!: string | null;

  /** Never to be loaded by moderators' browsers: it would show their addresses to whoever hosts it. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  profileImage!: string | null;

  @ApiProperty({ enum: STATUSES, example: 'queued' })
  status!: Status;

  /** Raised by one with every reconsideration. */
  @ApiProperty({ type: 'integer', example: 0 })
  revision!: number;

  @ApiProperty({ format: 'date-time', example: '2026-08-05T09:30:00.123Z' })
  arrivedAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: null })
  decidedAt!: string | null;

  /** The moderator's Wikimedia username; null while queued, and where a rule decided. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  decidedBy!: string | null;

  /** How many messages the card stands for. */
  @ApiProperty({ type: 'integer', example: 1 })
  count!: number;
}

/** A message with all that is kept of it. */
export class ExportedMessageDto extends OmitType(MessageDto, ['count']) {
  /** Eventyay's own id of the channel. */
  @ApiProperty({ type: 'string', nullable: true, example: '550e8400-e29b-41d4-a716-446655440000' })
  sourceChannel!: string | null;

  /** For a reaction the source id of the message reacted to. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  targetId!: string | null;

  /** What displays show in place of the screen name, where that is another. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  publishedName!: string | null;

  /** As the sender said; null when it did not. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-08-05T09:29:59.987Z' })
  sentAt!: string | null;
}

export class LanguageCountDto {
  @ApiProperty({ example: 'en' })
  code!: string;

  @ApiProperty({ type: 'integer', example: 12 })
  count!: number;
}

export class TypeCountDto {
  @ApiProperty({ enum: TYPES, example: 'text' })
  type!: MessageType;

  @ApiProperty({ type: 'integer', example: 9 })
  count!: number;
}

/** Messages of the whole channel by status. */
export class StatsDto {
  @ApiProperty({ type: 'integer', example: 12 })
  queued!: number;

  @ApiProperty({ type: 'integer', example: 1 })
  highlighted!: number;

  @ApiProperty({ type: 'integer', example: 240 })
  approved!: number;

  @ApiProperty({ type: 'integer', example: 31 })
  rejected!: number;
}

export class MessageListDto {
  @ApiProperty({ type: [MessageDto] })
  messages!: MessageDto[];

  /** Cards that fit the filters, on this page and beyond. */
  @ApiProperty({ type: 'integer', example: 12 })
  total!: number;

  /** For the next page; null on the last. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  nextCursor!: string | null;

  /** Languages of the cards that fit all filters but that of language. */
  @ApiProperty({ type: [LanguageCountDto] })
  languages!: LanguageCountDto[];

  /** Types of the cards that fit all filters but that of type. */
  @ApiProperty({ type: [TypeCountDto] })
  types!: TypeCountDto[];

  @ApiProperty({ type: StatsDto })
  stats!: StatsDto;

  /** The channel's change number before the list was read: ask `changes?since=` it for what came after. */
  @ApiProperty({ type: 'integer', example: 1024 })
  seq!: number;
}

export class ChangesDto {
  @ApiProperty({ type: 'integer', example: 1030 })
  seq!: number;

  /** True when more has changed than is listed here, or messages were removed: fetch the window again. */
  @ApiProperty({ example: false })
  reset!: boolean;

  /** Messages that came or changed, each as it is now. */
  @ApiProperty({ type: [MessageDto] })
  messages!: MessageDto[];

  @ApiProperty({ type: StatsDto })
  stats!: StatsDto;
}

export class MessageQueryDto {
  @ApiPropertyOptional({ enum: STATUSES, isArray: true, default: ['queued'], description: 'May be repeated.' })
  @asList()
  @IsOptional()
  @IsIn(STATUSES, { each: true, message: `status must be one of ${STATUSES.join(', ')}` })
  status?: Status[];

  @ApiPropertyOptional({ enum: TYPES, isArray: true, description: 'May be repeated.' })
  @asList()
  @IsOptional()
  @IsIn(TYPES, { each: true, message: `type must be one of ${TYPES.join(', ')}` })
  type?: MessageType[];

  @ApiPropertyOptional({
    type: [String],
    description: 'BCP 47; may be repeated. A bare language means its regions too.',
    example: ['en'],
  })
  @asList()
  @IsOptional()
  @Matches(/^[\w-]{1,35}$/, { each: true, message: 'lang must be a language tag' })
  lang?: string[];

  @ApiPropertyOptional({ type: String, description: 'Words of the text or the name, in any case.', example: 'slides' })
  @emptyIsAbsent()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;

  @ApiPropertyOptional({
    type: String,
    description: 'A sender id or a CentralAuth id.',
    example: 'b8f0c1de-4b1c-4a77-9f2e-2f0a3d1c5e6f',
  })
  @emptyIsAbsent()
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  sender?: string;

  @ApiPropertyOptional({ enum: ['newest', 'oldest'], default: 'newest', description: 'By arrival.' })
  @emptyIsAbsent()
  @IsOptional()
  @IsIn(['newest', 'oldest'])
  order?: 'newest' | 'oldest';

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 500, default: 100 })
  @asNumber()
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(500)
  limit?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    default: 0,
    description: 'Cards to pass over first, to land in the middle of a queue. Not together with cursor.',
  })
  @asNumber()
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(10_000_000)
  offset?: number;

  @ApiPropertyOptional({ type: String, description: 'nextCursor of the page before.', example: '4711' })
  @emptyIsAbsent()
  @IsOptional()
  @Matches(/^[1-9]\d{0,9}$/, { message: 'cursor must be a nextCursor of this list' })
  cursor?: string;
}

export class ChangesQueryDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'The seq of what the page knows.', example: 1024 })
  @asNumber()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  since!: number;
}
