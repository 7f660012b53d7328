import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional, IsString, Matches, MaxLength, ValidateIf } from 'class-validator';

/** A number is meant as well as its digits. */
const digits = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value,
  );

/** Whom to list: the sender of a message, or what is known of them. */
export class SenderTargetDto {
  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'integer' }],
    description: 'The sender of this message; then nothing else may be given.',
    example: '4711',
  })
  @digits()
  @ValidateIf((dto: SenderTargetDto) => dto.messageId !== undefined)
  @Matches(/^[1-9]\d{0,9}$/, { message: 'messageId must be the id of a message' })
  messageId?: string;

  @ApiPropertyOptional({ type: 'string', nullable: true, example: 'b8f0c1de-4b1c-4a77-9f2e-2f0a3d1c5e6f' })
  @IsOptional()
  @IsString()
  @MaxLength(4_000)
  senderId?: string | null;

  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'integer' }, { type: 'null' }],
    description: 'Id of the Wikimedia account.',
    example: '12345678',
  })
  @digits()
  @IsOptional()
  @Matches(/^0*[1-9]\d{0,15}$/, { message: 'centralauthId must be a positive integer' })
  centralauthId?: string | null;

  @ApiPropertyOptional({ type: 'string', nullable: true, example: 'Spammer' })
  @IsOptional()
  @IsString()
  @MaxLength(4_000)
  screenName?: string | null;
}

export const ALLOWED_EXAMPLES = {
  message: { summary: 'The sender of a message', value: { messageId: '4711' } },
  sender: { summary: 'A sender whose id is known', value: { senderId: 'b8f0c1de-4b1c-4a77-9f2e-2f0a3d1c5e6f' } },
  account: { summary: 'A Wikimedia account', value: { centralauthId: '12345678' } },
};

export const SENDER_EXAMPLES = {
  ...ALLOWED_EXAMPLES,
  name: { summary: 'Everybody of a name', value: { screenName: 'Spammer' } },
};

export class SenderEntryDto {
  @ApiProperty({ example: '17' })
  id!: string;

  @ApiProperty({ type: 'string', nullable: true, example: 'b8f0c1de-4b1c-4a77-9f2e-2f0a3d1c5e6f' })
  senderId!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: '12345678' })
  centralauthId!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'Spammer' })
  screenName!: string | null;

  /** Whether the sender has been erased: the entry goes on meaning them, but says no longer whom. */
  @ApiProperty({ example: false })
  erased!: boolean;

  /** The moderator's Wikimedia username. */
  @ApiProperty({ example: 'Moderator' })
  addedBy!: string;

  @ApiProperty({ format: 'date-time', example: '2026-08-05T09:30:00.123Z' })
  addedAt!: string;
}

export class SenderEntriesDto {
  /** Newest first. */
  @ApiProperty({ type: [SenderEntryDto] })
  entries!: SenderEntryDto[];
}

export class ListedSenderDto {
  /** Null when the message's sender has neither id nor name: then only the message was rejected. */
  @ApiProperty({ type: SenderEntryDto, nullable: true })
  entry!: SenderEntryDto | null;

  /** Messages decided by it. */
  @ApiProperty({ type: 'integer', example: 12 })
  affected!: number;

  /** What to name to undo it as a whole. */
  @ApiProperty({ format: 'uuid', example: '0b8f1c1e-7d4b-4a8e-9b64-0c4f1f6f2a11' })
  operation!: string;
}

/** The entry on the global list; also under `entry`, as wherever a sender is listed. */
export class ExportedSenderDto extends SenderEntryDto {
  @ApiProperty({ type: SenderEntryDto })
  entry!: SenderEntryDto;

  /** Messages decided by it, in all channels. */
  @ApiProperty({ type: 'integer', example: 12 })
  affected!: number;

  @ApiProperty({ format: 'uuid', example: '0b8f1c1e-7d4b-4a8e-9b64-0c4f1f6f2a11' })
  operation!: string;
}
