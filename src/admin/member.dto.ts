import { Transform } from 'class-transformer';
import { IsIn } from 'class-validator';
import { ROLES, type Role } from '../entities/channel-member.entity';
import { normaliseUsername } from '../settings';
import { IsText } from './text.validators';

export class PutMemberDto {
  /**
   * The Wikimedia username; only shown, for rights go by the account's id.
   * @example 'Alice (WMDE)'
   */
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? normaliseUsername(value) : value))
  @IsText({ max: 255 })
  username!: string;

  /** @example 'moderator' */
  @IsIn(ROLES)
  role!: Role;
}

export class MemberDto {
  /**
   * Id of the Wikimedia account.
   * @example '12345678'
   */
  centralauthId!: string;

  /** @example 'Alice (WMDE)' */
  username!: string;

  /** @example 'moderator' */
  role!: Role;

  /** @example '2026-08-05T09:30:00.123Z' */
  addedAt!: string;
}

export class MemberListDto {
  /** Ordered by username. */
  members!: MemberDto[];
}
