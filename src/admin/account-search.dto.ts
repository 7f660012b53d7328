import { ApiProperty } from '@nestjs/swagger';
import { ROLES, type Role } from '../entities/channel-member.entity';
import { IsText } from './text.validators';

export class AccountQueryDto {
  /**
   * How the username begins. As in MediaWiki, the case of the first letter does not matter, and `_` is a space.
   * @example 'alice'
   */
  @IsText({ max: 255 })
  q!: string;
}

export class FoundAccountDto {
  /** @example 'Alice (WMDE)' */
  username!: string;

  /**
   * Id of the Wikimedia account.
   * @example '12345678'
   */
  centralauthId!: string;

  /** What the account is in this channel; null when it is no member. */
  @ApiProperty({ enum: ROLES, nullable: true, example: 'moderator' })
  role!: Role | null;
}

export class FoundAccountsDto {
  /**
   * False when the wiki did not give a usable answer in time; then nothing is known, and `accounts` is empty.
   * @example true
   */
  available!: boolean;

  /** Ordered by username; ten at most. */
  accounts!: FoundAccountDto[];
}
