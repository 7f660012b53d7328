import { ApiProperty } from '@nestjs/swagger';

export class SessionUserDto {
  /** Wikimedia user name as of the last sign-in. */
  @ApiProperty({ example: 'Ada Lovelace' })
  username!: string;

  /** Id of the Wikimedia account: the digits of a positive integer. */
  @ApiProperty({ example: '12345678' })
  centralauthId!: string;

  /** Whether this account may do everything in every channel. */
  @ApiProperty({ example: false })
  superadmin!: boolean;
}

export class SessionDto {
  /** Null when signed out. */
  @ApiProperty({ type: () => SessionUserDto, nullable: true })
  user!: SessionUserDto | null;

  /** What the header X-CSRF-Token wants on every method but GET; null when signed out. */
  @ApiProperty({
    type: String,
    nullable: true,
    example: '6f1d0c5b9e7a4f238d6c1b0a9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c',
  })
  csrfToken!: string | null;
}
