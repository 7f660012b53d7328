import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, Max, Min } from 'class-validator';
import { IfGiven, IsText } from '../text.validators';

const ACTIONS = ['start', 'stop', 'inject', 'raid'] as const;
type Action = (typeof ACTIONS)[number];

export class SimulationCommandDto {
  /**
   * `start` also changes the rate of a running simulation; `inject` sends one message at once; `raid` sends 300 near-identical
   * messages of 120 unknown senders within 30 seconds, most of them at its start; `stop` ends all of it.
   * @example 'start'
   */
  @IsIn(ACTIONS)
  action!: Action;

  /** How many messages a minute, for `start`. */
  @ApiPropertyOptional({ type: 'integer', example: 120 })
  @IfGiven()
  @IsInt()
  @Min(1)
  @Max(6_000)
  perMinute: number = 60;

  /**
   * The text for `inject`; without one it is made up.
   * @example 'Will the slides be published?'
   */
  @IfGiven()
  @IsText({ max: 5_000, lines: true })
  message?: string;
}

/** Something that is played once, from its beginning to its end. */
export class PlaybackDto {
  /** @example true */
  running!: boolean;

  /** Requests answered 200; of the last one when none is running. May lag a second. */
  @ApiProperty({ type: 'integer', example: 118 })
  sent!: number;

  /** Requests refused or not answered. */
  @ApiProperty({ type: 'integer', example: 0 })
  failed!: number;

  /** How many messages there are in all. */
  @ApiProperty({ type: 'integer', example: 300 })
  total!: number;
}

export class SimulationDto {
  /** @example true */
  running!: boolean;

  @ApiProperty({ type: 'integer', example: 60 })
  perMinute!: number;

  /** Requests answered 200 since it was started; may lag a second. */
  @ApiProperty({ type: 'integer', example: 118 })
  sent!: number;

  /** Requests refused or not answered since then. */
  @ApiProperty({ type: 'integer', example: 0 })
  failed!: number;

  /**
   * When it stops by itself, ISO 8601 UTC; null when it is not running.
   * @example '2026-08-05T10:30:00.123Z'
   */
  until!: string | null;

  raid!: PlaybackDto;

  replay!: PlaybackDto;

  /** Only after `inject`: what became of the message. */
  @ApiPropertyOptional({ enum: ['queued', 'approved', 'duplicate', 'dropped', 'ignored'], example: 'queued' })
  outcome?: string;
}
