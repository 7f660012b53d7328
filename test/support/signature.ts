import { createHmac } from 'node:crypto';

/** What `X-Eventyay-Signature` says of a body. */
export function sign(secret: string, body: Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
