import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Roles } from '../auth/roles';
import type { EventStream } from './event-stream';

/**
 * Whether who follows a channel, or takes a file of it, still may. To be asked between reading what there is to tell and telling it: then nothing
 * that was written after a right was removed reaches whoever had it.
 */
@Injectable()
export class StreamRights {
  constructor(private readonly roles: Roles) {}

  async has(channelId: string, request: Request, level?: 'moderator' | 'admin'): Promise<boolean> {
    return (await this.roles.stillIn(channelId, [request], level)).has(request);
  }

  /** Ends the streams whose right is gone. @returns the others of those that were there when it was asked */
  async keep(channelId: string, streams: Iterable<EventStream>): Promise<EventStream[]> {
    const asked = [...streams];
    if (asked.length === 0) return [];
    const still = await this.roles.stillIn(
      channelId,
      asked.map(({ request }) => request),
    );
    return asked.filter((stream) => {
      if (!still.has(stream.request)) stream.end();
      return !stream.closed;
    });
  }
}
