import { Inject, Injectable, NotFoundException } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Database } from '../database/database';
import { SETTINGS, type Settings } from '../settings';
import { feedOf } from './feed';
import { FORMATS, type Format } from './formats';
import { type ChannelHead, readSnapshot, type View } from './published';
import { type Rendering, RenderingCache } from './rendering-cache';

const CAPACITY = 32 * 1024 * 1024;

/** Feeds from memory, per version of their channel. */
@Injectable()
export class Renderings {
  private readonly cache = new RenderingCache(CAPACITY);
  private readonly underway = new Map<string, Promise<Rendering>>();

  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * A rendering at least as new as `head`, which the caller has read for this very request. Requests that miss together
   * share one, but none takes a rendering begun before a change that it has seen already.
   */
  async atLeastAsNew(head: ChannelHead, format: Format, view: View): Promise<Rendering> {
    const key = `${head.id}/${format}/${view}`;
    for (;;) {
      const known = this.cache.get(key);
      if (known && isAtLeastAsNew(known.head, head)) return known;
      const underway = this.underway.get(key);
      if (!underway) return this.begin(key, head.id, format, view);
      const shared = await underway;
      if (isAtLeastAsNew(shared.head, head)) return shared;
    }
  }

  private begin(key: string, channelId: string, format: Format, view: View): Promise<Rendering> {
    const rendering = this.render(channelId, format, view)
      .then((done) => {
        this.cache.set(key, done);
        return done;
      })
      .finally(() => this.underway.delete(key));
    this.underway.set(key, rendering);
    return rendering;
  }

  private async render(channelId: string, format: Format, view: View): Promise<Rendering> {
    const snapshot = await readSnapshot(this.database.reader, channelId, view);
    if (!snapshot) throw new NotFoundException('There is no such channel.');
    const feed = feedOf(snapshot, format, view, this.settings.publicUrl);
    const body = Buffer.from(FORMATS[format].render(feed));
    return { head: snapshot.head, body, etag: etagOf(snapshot.head.publishedVersion, body) };
  }
}

/** Name and description are compared themselves: a feed shows them, whoever changed them and however. */
function isAtLeastAsNew(known: ChannelHead, head: ChannelHead): boolean {
  return (
    known.createdAt === head.createdAt &&
    known.publishedVersion >= head.publishedVersion &&
    known.name === head.name &&
    known.description === head.description
  );
}

function etagOf(version: number, body: Buffer): string {
  return `"${version}-${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
}
