import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IfGiven } from '../text.validators';
import { NAMED_BY, type NamedBy } from './person';

export class PatternOfSenderDto {
  /** @example '3' */
  id!: string;

  /** @example 'buy cheap watches' */
  text!: string;
}

/** What an erasure would be about. */
export class KnownSenderDto {
  /**
   * Whether there is anything to erase: messages, entries of lists, or the number of a sender without a name. For
   * superadmins the global blocklist counts too.
   * @example true
   */
  known!: boolean;

  /** What the id is: a sender's id, the number of an account, or a name; to be named when erasing. */
  @ApiProperty({ enum: NAMED_BY, example: 'senderId' })
  means!: NamedBy;

  /**
   * Messages kept, whatever their status.
   * @example 12
   */
  messages!: number;

  /** Names they gave; twenty at most. */
  @ApiProperty({ type: [String], example: ['Lee Ver'] })
  screenNames!: string[];

  /** Ids they wrote under, from the same Wikimedia accounts; twenty at most. */
  @ApiProperty({ type: [String], example: ['b8f0c1de-4b1c-4a77-9f2e-2f0a3d1c5e6f'] })
  senderIds!: string[];

  /** Their Wikimedia accounts; twenty at most. */
  @ApiProperty({ type: [String], example: ['12345678'] })
  centralauthIds!: string[];

  /** Blocked patterns that are a text of theirs. An erasure leaves them: they mean a text, whoever writes it. */
  @ApiProperty({ type: [PatternOfSenderDto] })
  patterns!: PatternOfSenderDto[];
}

export class ErasureQueryDto {
  @ApiPropertyOptional({
    enum: NAMED_BY,
    description:
      'What the id is. Without it the first of these under which somebody is found; so repeat an erasure with it, lest somebody else be meant once the first is gone.',
  })
  @IfGiven()
  @IsIn(NAMED_BY)
  means?: NamedBy;
}
