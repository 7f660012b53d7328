import { ApiProperty } from '@nestjs/swagger';

const OUTCOMES = ['queued', 'approved', 'duplicate', 'dropped', 'ignored'] as const;
const CLOSED = ['inactive', 'archived'] as const;
export type Closed = (typeof CLOSED)[number];
const ANSWERED_AT = ['public', 'loopback'] as const;
export type AnsweredAt = (typeof ANSWERED_AT)[number];

/** What became of a test message. */
export class WebhookTestDto {
  /** The HTTP status that the webhook answered; 0 when it did not answer in time. */
  @ApiProperty({ type: 'integer', example: 200 })
  status!: number;

  /** Null when it was refused. */
  @ApiProperty({ enum: OUTCOMES, nullable: true, example: 'queued' })
  outcome!: string | null;

  /** Why it was refused, where the channel takes no messages at all; else null. */
  @ApiProperty({ enum: CLOSED, nullable: true, example: null })
  closed!: Closed | null;
}

/** Whether the webhook answers what Eventyay asks when it is registered. */
export class WebhookChallengeDto {
  /**
   * `public`: at its public address. `loopback`: the server answers itself, but could not reach its public address, which
   * may be so for the server alone. Null: it does not answer.
   */
  @ApiProperty({ enum: ANSWERED_AT, nullable: true, example: 'public' })
  answeredAt!: AnsweredAt | null;
}
