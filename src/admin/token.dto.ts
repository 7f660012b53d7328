import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn } from 'class-validator';
import { TOKEN_SCOPES, type TokenScope } from '../entities/api-token.entity';
import { IsText } from './text.validators';

export class CreateTokenDto {
  /**
   * What the token is for. In the log its decisions are those of `token:` and this name, so no other token of the channel
   * may have it.
   * @example 'Caption robot'
   */
  @IsText({ max: 100 })
  name!: string;

  /**
   * What it may do; each scope includes those before it. `feed`: read the feeds, also of a private channel. `moderate`:
   * what a moderator may. `admin`: what an admin may, but for tokens, members and secrets.
   * @example ['moderate']
   */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(TOKEN_SCOPES, { each: true })
  scopes!: TokenScope[];
}

export class TokenDto {
  /** @example '5' */
  id!: string;

  /** @example 'Caption robot' */
  name!: string;

  /** @example ['moderate'] */
  scopes!: TokenScope[];

  /**
   * Username of who made it.
   * @example 'Alice (WMDE)'
   */
  createdBy!: string;

  /**
   * False once its maker is neither an admin of the channel nor a superadmin any more.
   * @example true
   */
  works!: boolean;

  /** @example '2026-08-05T09:30:00.123Z' */
  createdAt!: string;

  /**
   * Noted once a minute at most; null before the first use.
   * @example '2026-08-05T10:12:07.001Z'
   */
  lastUsedAt!: string | null;
}

export class CreatedTokenDto extends TokenDto {
  /**
   * Goes as `Authorization: Bearer <token>`. It is shown here and never again.
   * @example 'cst_kT9vQ2mXw1Zr8nB5yH3uJ7pL0sD4fG6aC9eV2xN1oMw'
   */
  token!: string;
}

export class TokenListDto {
  /** Newest first. */
  tokens!: TokenDto[];
}
