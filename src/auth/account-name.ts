import { createHash } from 'node:crypto';
import { isBlank } from '../moderation/text';

const LONGEST = 255;

/**
 * Whether a user name is one that can be kept and shown: something to be seen, of at most 255 characters, nothing
 * unprintable, and none that could be taken for an API token's.
 */
export function isWellFormed(username: string): boolean {
  return (
    !isBlank(username) && username.length <= LONGEST && username.isWellFormed() && !/\p{Cc}|^token:/iu.test(username)
  );
}

/** The account id that a name has in development, as canonical digits: always the same, positive and below 2^53. */
export function developmentId(username: string): string {
  const digest = createHash('sha256').update(username).digest();
  return String((digest.readBigUInt64BE() >> 12n) + 1n);
}
