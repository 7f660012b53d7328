import { CallHandler, ExecutionContext, HttpException, Injectable, NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { catchError, Observable, throwError } from 'rxjs';
import { isUnavailable } from '../database/failures';
import type { RefusalReason } from '../entities/intake-refusal.entity';
import { AdmissionService } from './admission.service';
import { isChannelId } from './channel-rules';
import { readRawBody } from './raw-body';
import { Refusal } from './refusal';
import { Refusals } from './refusals';

/** A signed body, and the secret that proves who sent it. */
export interface Delivery {
  channelId: string;
  body: Buffer;
  secret: string;
}

export interface SignedRequest extends Request {
  delivery: Delivery;
}

/** Lets a request through to the controller only when its bytes carry a valid signature. */
@Injectable()
export class SignatureInterceptor implements NestInterceptor {
  constructor(
    private readonly admission: AdmissionService,
    private readonly refusals: Refusals,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<SignedRequest>();
    const channelId = request.params.channelId as string;
    try {
      const body = await readRawBody(request);
      const secret = await this.admission.admit(channelId, body, request.get('x-eventyay-signature'));
      request.delivery = { channelId, body, secret };
    } catch (error) {
      throw this.counted(channelId, error);
    }
    return next.handle().pipe(catchError((error: unknown) => throwError(() => this.counted(channelId, error))));
  }

  private counted(channelId: string, error: unknown): unknown {
    const reason = reasonOf(error);
    if (reason !== null && isChannelId(channelId)) this.refusals.count(channelId, reason, Date.now());
    return error;
  }
}

/** Null for what is not counted, since there is no channel to count it for. */
function reasonOf(error: unknown): RefusalReason | null {
  if (error instanceof Refusal) return error.reason;
  if (error instanceof HttpException) return null;
  return isUnavailable(error) ? 'database-away' : 'fault';
}
