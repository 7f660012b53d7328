import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsWholeNumber } from '../number.validators';

export class ReplayQueryDto {
  /** How many times as fast as it was recorded. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 20, default: 1, example: 10, required: false })
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^[0-9]+$/.test(value) ? Number(value) : value,
  )
  @IsWholeNumber({ min: 1, max: 20 })
  speed: number = 1;
}
