import { ApiProperty } from '@nestjs/swagger';

export class DroppedDto {
  @ApiProperty({ type: 'integer', example: 1 })
  'global-blocklist'!: number;

  @ApiProperty({ type: 'integer', example: 4 })
  'blocklist'!: number;

  @ApiProperty({ type: 'integer', example: 2 })
  'pattern'!: number;
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

  /**
   * ISO 8601 UTC; null before the first one.
   * @example '2026-08-05T09:30:00.123Z'
   */
  lastReceivedAt!: string | null;
}
