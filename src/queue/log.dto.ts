import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { STATUSES, type Status } from '../moderation/decision';
import type { MessageType } from '../moderation/message';
import { DECISIONS } from './decision.dto';
import { TYPES } from './message.dto';
import { asNumber, emptyIsAbsent } from './query-values';

export const CAUSES = ['reject-similar', 'block', 'allow', 'pattern', 'allowlist', 'emoji', 'timeout', 'undo'] as const;

export class LogEntryDto {
  @ApiProperty({ example: '815' })
  id!: string;

  @ApiProperty({ example: '4711' })
  messageId!: string;

  @ApiProperty({ enum: DECISIONS, example: 'approve' })
  decision!: (typeof DECISIONS)[number];

  @ApiProperty({ enum: STATUSES, example: 'queued' })
  from!: Status;

  @ApiProperty({ enum: STATUSES, example: 'approved' })
  to!: Status;

  /** Whether a rule decided, and not a person. */
  @ApiProperty({ example: false })
  automatic!: boolean;

  /** Null for a decision on one card. */
  @ApiProperty({ type: 'string', enum: CAUSES, nullable: true, example: null })
  cause!: (typeof CAUSES)[number] | null;

  /** The bulk decision that it was part of. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  operation!: string | null;

  /** Wikimedia username; null when a rule decided. */
  @ApiProperty({ type: 'string', nullable: true, example: 'Moderator' })
  moderator!: string | null;

  /** Empty once the message was removed by retention or erasure. */
  @ApiProperty({ example: 'Alice' })
  screenName!: string;

  /** Empty once the message was removed by retention or erasure. */
  @ApiProperty({ example: 'Great talk so far!' })
  text!: string;

  @ApiProperty({ enum: TYPES, example: 'text' })
  type!: MessageType;

  @ApiProperty({ format: 'date-time', example: '2026-08-05T09:30:00.123Z' })
  arrivedAt!: string;

  @ApiProperty({ format: 'date-time', example: '2026-08-05T09:30:04.567Z' })
  decidedAt!: string;
}

export class LogDto {
  /** Newest first. */
  @ApiProperty({ type: [LogEntryDto] })
  entries!: LogEntryDto[];

  @ApiProperty({ type: 'string', nullable: true, example: null })
  nextCursor!: string | null;
}

/** As log.csv begins. */
export const CSV_EXAMPLE =
  '\uFEFFid,messageId,decision,from,to,automatic,cause,operation,moderator,screenName,text,type,arrivedAt,decidedAt\n' +
  "815,4711,approve,queued,approved,false,,,Moderator,Alice,'=1+1,text,2026-08-05T09:30:00.123Z,2026-08-05T09:30:04.567Z\n";

export class LogFilterDto {
  @ApiPropertyOptional({ enum: DECISIONS, description: 'Only decisions of this kind.' })
  @emptyIsAbsent()
  @IsOptional()
  @IsIn(DECISIONS)
  decision?: (typeof DECISIONS)[number];

  @ApiPropertyOptional({ type: String, description: 'Wikimedia username.', example: 'Moderator' })
  @emptyIsAbsent()
  @IsOptional()
  @Matches(/^[^\p{Cc}]{1,255}$/u, { message: 'moderator must be a username' })
  moderator?: string;
}

export class LogQueryDto extends LogFilterDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 500, default: 100 })
  @asNumber()
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(500)
  limit?: number;

  @ApiPropertyOptional({ type: String, description: 'nextCursor of the page before.', example: '815' })
  @emptyIsAbsent()
  @IsOptional()
  @Matches(/^[1-9]\d{0,9}$/, { message: 'cursor must be a nextCursor of this list' })
  cursor?: string;
}
