import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiResponse } from '@nestjs/swagger';

/** How every refusal looks. */
export class ProblemDto {
  /** The HTTP status again. */
  @ApiProperty({ type: 'integer', example: 404 })
  statusCode!: number;

  /** The status in words. */
  @ApiProperty({ example: 'Not Found' })
  error!: string;

  /** What is wrong, for people; for bad input one line for each problem. */
  @ApiProperty({
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    example: 'There is no such channel.',
  })
  message!: string | string[];
}

export const MEANING = {
  400: 'Bad input; `message` lists the problems.',
  401: 'Not signed in, or the API token is not valid.',
  403: 'The CSRF token is missing or wrong, or the role does not allow it.',
  404: 'There is no such channel, or no such thing in it.',
  409: 'It conflicts with what is there.',
  413: 'The body is larger than 256 kB.',
  503: 'The server cannot do it at the moment; see Retry-After.',
} as const;
type RefusalStatus = keyof typeof MEANING;

/** Documents the refusals of an operation: statuses with their usual meaning, or with one of its own. */
export function Refuses(
  ...refusals: (RefusalStatus | Partial<Record<RefusalStatus, string>>)[]
): MethodDecorator & ClassDecorator {
  const documented = refusals.flatMap((refusal): [status: string, description: string][] =>
    typeof refusal === 'number' ? [[String(refusal), MEANING[refusal]]] : Object.entries(refusal),
  );
  return applyDecorators(
    ...documented.map(([status, description]) =>
      ApiResponse({ status: Number(status), type: ProblemDto, description }),
    ),
  );
}
