import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal';

/** Bytes. */
const MAX_BODY = 64 * 1024;
/** A sender may cut a body into single bytes, and each part that is kept costs hundreds. */
const MAX_PARTS = 16;
/** Bytes of all bodies that are being read; nobody has been asked for a signature yet. */
const MAX_UNREAD = 64 * 1024 * 1024;
let unread = 0;

/**
 * The request's bytes as they came: of any content type, not inflated, for it is these that were signed. A body that is
 * too large is read to its end and thrown away, since most clients look at the answer only after they sent everything;
 * the server's time-out for a request bounds it.
 * @throws Refusal when it is too large, the sender went away, or more is being read than the server can hold
 */
export function readRawBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let parts: Buffer[] = [];
    let size = 0;
    let held = 0;
    const hold = (bytes: number) => {
      unread += bytes - held;
      held = bytes;
    };
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size > MAX_BODY || unread > MAX_UNREAD) {
        parts = [];
        if (size <= MAX_BODY) reject(new Refusal('server-full', 'The server holds as much as it can.'));
        return hold(0);
      }
      parts.push(part);
      if (parts.length > MAX_PARTS) parts = [Buffer.concat(parts)];
      hold(size);
    });
    request.on('end', () => {
      if (size > MAX_BODY) reject(tooLarge());
      else resolve(parts.length === 1 ? parts[0] : Buffer.concat(parts));
    });
    // Nobody reads this answer. It must only not look as if something had gone wrong here.
    request.on('error', () => reject(new Refusal('interrupted', 'The body ended early.')));
    request.on('close', () => hold(0));
  });
}

const tooLarge = () => new Refusal('too-large', 'The body is larger than 64 KiB.');
