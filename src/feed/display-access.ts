import { ForbiddenException, Injectable, NotFoundException } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiTokens } from '../auth/api-tokens';
import { Database } from '../database/database';
import { CHANNEL_ID } from '../entities/channel.entity';
import { type ChannelHead, readHead } from './published';

/** Who may see what is published: everybody, or for a private channel whoever brings its display token or an API token of it. */
@Injectable()
export class DisplayAccess {
  constructor(
    private readonly database: Database,
    private readonly apiTokens: ApiTokens,
  ) {}

  /**
   * Inactive and archived channels answer too: a display may be showing the end of the event.
   * @param token the query's `token` as it came; anything but one string is no token
   * @param bearer an API token, from the header; every scope includes reading feeds
   * @throws UnauthorizedException the API token is none, or none any more
   * @throws NotFoundException no such channel
   * @throws ForbiddenException private, and the token is missing or wrong
   */
  async open(channelId: string, token: unknown, bearer: string | null): Promise<ChannelHead> {
    const program = bearer === null ? null : await this.apiTokens.principalOf(bearer);
    // What cannot be an id never reaches the database; PostgreSQL answers a NUL character with an error.
    const head = CHANNEL_ID.test(channelId) ? await readHead(this.database.reader, channelId) : null;
    if (!head) throw new NotFoundException('There is no such channel.');
    if (!head.public && !isSame(token, head.displayToken) && program?.channelId !== channelId) {
      throw new ForbiddenException('This channel is private. Its address needs the right display token: ?token=…');
    }
    return head;
  }
}

/** In constant time; hashed first, for timingSafeEqual throws on unequal lengths. */
function isSame(given: unknown, token: string): boolean {
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(token));
}

const digest = (text: string) => createHash('sha256').update(text).digest();
