import { Injectable } from '@nestjs/common';
import { madeBefore, sendable } from '../database/last-modified';
import { type Conditions, isNotModified } from './conditional';
import { DisplayAccess } from './display-access';
import { FORMATS, type Format } from './formats';
import type { View } from './published';
import { Renderings } from './renderings';

export interface FeedRequest extends Conditions {
  format: Format;
  view: View;
  channelId: string;
  /** The query's `token` as it came. */
  token: unknown;
  /** An API token from the header `Authorization`. */
  bearer: string | null;
}

export interface FeedAnswer {
  status: 200 | 304;
  headers: Record<string, string>;
  /** Empty with 304. */
  body: Buffer;
}

@Injectable()
export class FeedService {
  constructor(
    private readonly access: DisplayAccess,
    private readonly renderings: Renderings,
  ) {}

  /** @throws NotFoundException, ForbiddenException as DisplayAccess.open does */
  async answer(request: FeedRequest): Promise<FeedAnswer> {
    // Before the channel is read: with a later clock, a date could be sent that the next version will have too.
    const now = Math.floor(Date.now() / 1000);
    const asked = await this.access.open(request.channelId, request.token, request.bearer);
    const { head, body, etag } = await this.renderings.atLeastAsNew(asked, request.format, request.view);
    const lastModified = sendable(head.publishedModified, now) ? head.publishedModified : null;

    const headers: Record<string, string> = {
      ETag: etag,
      // To be kept, but asked for each time: what is rejected must vanish with the next answer.
      'Cache-Control': asked.public ? 'no-cache' : 'private, no-cache',
    };
    if (lastModified !== null) headers['Last-Modified'] = new Date(lastModified * 1000).toUTCString();
    if (isNotModified(request, { etag, lastModified, madeBefore: madeBefore(head.publishedModified) }, now))
      return { status: 304, headers, body: EMPTY };
    headers['Content-Type'] = `${FORMATS[request.format].mediaType}; charset=utf-8`;
    headers['Content-Length'] = String(body.length);
    return { status: 200, headers, body };
  }
}

const EMPTY = Buffer.alloc(0);
