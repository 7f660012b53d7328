import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal';

/** Bytes. */
const MAX_BODY = 64 * 1024;

/**
 * The request's bytes as they came: of any content type, not inflated, for it is these that were signed. A body that is
 * too large is read to its end and thrown away, since most clients look at the answer only after they sent everything;
 * the server's time-out for a request bounds it.
 * @throws Refusal when it is too large, or the sender went away
 */
export function readRawBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= MAX_BODY) parts.push(part);
      else parts.length = 0;
    });
    request.on('end', () => {
      if (size > MAX_BODY) reject(tooLarge());
      else resolve(parts.length === 1 ? parts[0] : Buffer.concat(parts));
    });
    // Nobody reads this answer. It must only not look as if something had gone wrong here.
    request.on('error', () => reject(new Refusal('interrupted', 'The body ended early.')));
  });
}

const tooLarge = () => new Refusal('too-large', 'The body is larger than 64 KiB.');
