import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, Max, Min, ValidateIf } from 'class-validator';
import { STATUSES, type Status } from '../moderation/decision';
import { MessageDto } from './message.dto';

export const DECISIONS = ['highlight', 'approve', 'reject', 'reconsider'] as const;
const isReconsidering = ({ decision }: DecisionDto) => decision === 'reconsider';
const MAX_REVISION = 2 ** 31 - 1;

export class DecisionDto {
  /** `highlight` and `approve` only move a message up, `reject` always counts; `reconsider` is the deliberate way back. */
  @ApiProperty({ enum: DECISIONS, example: 'approve' })
  @IsIn(DECISIONS)
  decision!: (typeof DECISIONS)[number];

  /** The revision that the moderator saw: required to reconsider; otherwise, where given, the decision counts in it only. A reject always counts. */
  @ApiPropertyOptional({ type: 'integer', minimum: 0, example: 0 })
  @ValidateIf((dto: DecisionDto) => isReconsidering(dto) || dto.revision !== undefined)
  @IsInt()
  @Min(0)
  @Max(MAX_REVISION)
  revision?: number;

  /** Only to reconsider, and required then: the status that the moderator saw. */
  @ApiPropertyOptional({ enum: STATUSES })
  @ValidateIf((dto: DecisionDto) => isReconsidering(dto) || dto.status !== undefined)
  @IsIn(STATUSES)
  status?: Status;

  /** Only to reconsider, and required then: the status wanted, another one; `queued` is undo. */
  @ApiPropertyOptional({ enum: STATUSES })
  @ValidateIf((dto: DecisionDto) => isReconsidering(dto) || dto.to !== undefined)
  @IsIn(STATUSES)
  to?: Status;
}

export const DECISION_EXAMPLES = {
  approve: { summary: 'Approve it', value: { decision: 'approve' } },
  highlight: { summary: 'Highlight it, but only as it was seen', value: { decision: 'highlight', revision: 0 } },
  reject: { summary: 'Reject it', value: { decision: 'reject' } },
  reconsider: {
    summary: 'Put an approved message back into the queue',
    value: { decision: 'reconsider', to: 'queued', revision: 0, status: 'approved' },
  },
};

export class DecidedDto {
  /** `superseded`: it changed nothing, for somebody had decided more strictly, or since. */
  @ApiProperty({ enum: ['applied', 'superseded'], example: 'applied' })
  outcome!: 'applied' | 'superseded';

  /** The message as it is now. */
  @ApiProperty({ type: MessageDto })
  message!: MessageDto;
}

export class RejectedSimilarDto {
  /** Messages rejected, the card included. */
  @ApiProperty({ type: 'integer', example: 14 })
  rejected!: number;

  /** What to name to undo it as a whole. */
  @ApiProperty({ format: 'uuid', example: '0b8f1c1e-7d4b-4a8e-9b64-0c4f1f6f2a11' })
  operation!: string;
}

export class UndoneDto {
  @ApiProperty({ type: 'integer', example: 13 })
  undone!: number;

  /** Messages that somebody has decided on since. */
  @ApiProperty({ type: 'integer', example: 1 })
  superseded!: number;
}
