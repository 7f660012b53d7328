import { HttpException } from '@nestjs/common';
import type { RefusalReason } from '../entities/intake-refusal.entity';

export const STATUS = {
  'too-large': 413,
  inactive: 404,
  archived: 404,
  'no-signature': 403,
  'malformed-signature': 403,
  'wrong-secret': 403,
  'old-secret': 403,
  interrupted: 400,
  'not-json': 400,
  field: 400,
  clock: 400,
  'not-stored': 400,
  'server-full': 503,
  'database-away': 503,
  fault: 500,
} as const satisfies Record<RefusalReason, number>;

/** A request that the webhook does not take. The sender is told the message; the reason is counted for the admins. */
export class Refusal extends HttpException {
  constructor(
    readonly reason: RefusalReason,
    message: string,
    cause?: unknown,
  ) {
    super(message, STATUS[reason], { cause });
  }
}
