import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Matches, MaxLength, ValidateIf } from 'class-validator';

/** The text to block: that of a message, or one written here. Exactly one of the two. */
export class PatternTargetDto {
  @ApiPropertyOptional({ description: 'The id of a text or question of this channel.', example: '4711' })
  @ValidateIf((dto: PatternTargetDto) => dto.messageId !== undefined)
  @Matches(/^[1-9]\d{0,9}$/, { message: 'messageId must be the id of a message' })
  messageId?: string;

  @ApiPropertyOptional({ maxLength: 5_000, example: 'buy cheap watches' })
  @ValidateIf((dto: PatternTargetDto) => dto.text !== undefined)
  @IsString()
  @MaxLength(5_000)
  text?: string;
}

export const PATTERN_EXAMPLES = {
  message: { summary: 'The text of a message', value: { messageId: '4711' } },
  text: { summary: 'A text written here', value: { text: 'buy cheap watches' } },
};

export class PatternDto {
  @ApiProperty({ example: '3' })
  id!: string;

  @ApiProperty({ example: 'buy cheap watches' })
  text!: string;

  /** The moderator's Wikimedia username. */
  @ApiProperty({ example: 'Moderator' })
  addedBy!: string;

  @ApiProperty({ format: 'date-time', example: '2026-08-05T09:30:00.123Z' })
  addedAt!: string;
}

export class PatternsDto {
  /** Newest first. */
  @ApiProperty({ type: [PatternDto] })
  patterns!: PatternDto[];
}

export class BlockedPatternDto {
  @ApiProperty({ type: PatternDto })
  pattern!: PatternDto;

  /** Messages rejected by it. */
  @ApiProperty({ type: 'integer', example: 12 })
  affected!: number;

  /** What to name to undo it as a whole. */
  @ApiProperty({ format: 'uuid', example: '0b8f1c1e-7d4b-4a8e-9b64-0c4f1f6f2a11' })
  operation!: string;
}
