import { ApiProperty } from '@nestjs/swagger';
import { REFUSAL_REASONS, type RefusalReason } from '../entities/intake-refusal.entity';

export class DroppedDto {
  @ApiProperty({ type: 'integer', example: 1 })
  'global-blocklist'!: number;

  @ApiProperty({ type: 'integer', example: 4 })
  'blocklist'!: number;

  @ApiProperty({ type: 'integer', example: 2 })
  'pattern'!: number;
}

/** Requests that were refused for one reason. */
export class RefusalDto {
  @ApiProperty({ enum: REFUSAL_REASONS, example: 'wrong-secret' })
  reason!: RefusalReason;

  /** The HTTP status of the answer. */
  @ApiProperty({ type: 'integer', example: 403 })
  status!: number;

  @ApiProperty({ type: 'integer', example: 2 })
  count!: number;

  /**
   * ISO 8601 UTC.
   * @example '2026-08-05T09:30:00.123Z'
   */
  lastAt!: string;
}

/** What came within one minute; all but `refused` add up to what was received. */
export class MinuteDto {
  /**
   * When the minute began, ISO 8601 UTC.
   * @example '2026-08-05T09:30:00.000Z'
   */
  minute!: string;

  @ApiProperty({ type: 'integer', example: 12 })
  queued!: number;

  @ApiProperty({ type: 'integer', example: 3 })
  approved!: number;

  @ApiProperty({ type: 'integer', example: 0 })
  duplicate!: number;

  @ApiProperty({ type: 'integer', example: 1 })
  dropped!: number;

  @ApiProperty({ type: 'integer', example: 0 })
  ignored!: number;

  @ApiProperty({ type: 'integer', example: 0 })
  refused!: number;
}

/** received = queued + approved + duplicate + all dropped + ignored, exactly. */
export class IntakeDto {
  @ApiProperty({ type: 'integer', example: 120 })
  received!: number;

  @ApiProperty({ type: 'integer', example: 90 })
  queued!: number;

  /** Approved by a rule on arrival. */
  @ApiProperty({ type: 'integer', example: 15 })
  approved!: number;

  @ApiProperty({ type: 'integer', example: 5 })
  duplicate!: number;

  /** By the rule that dropped them. */
  dropped!: DroppedDto;

  @ApiProperty({ type: 'integer', example: 3 })
  ignored!: number;

  /** Requests that were refused, by HTTP status; beside the other counts, and may lag a second. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, example: { 403: 2 } })
  refused!: Record<string, number>;

  /** The same by reason, the latest first. */
  refusals!: RefusalDto[];

  /** The last 60 minutes, each of them, the oldest first; the last one is still running. */
  perMinute!: MinuteDto[];

  /**
   * ISO 8601 UTC; null before the first one.
   * @example '2026-08-05T09:30:00.123Z'
   */
  lastReceivedAt!: string | null;

  /**
   * Since when nothing has arrived, where that is longer than `silenceWarningMinutes` of the channel; else null.
   * @example null
   */
  silentSince!: string | null;
}
