import {
  BeforeApplicationShutdown,
  ForbiddenException,
  Injectable,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Request, Response } from 'express';
import { ChangeHints } from '../live/change-hints';
import { COMMENT, EventStream, frame } from './event-stream';
import type { MessageDto } from './message.dto';
import { MessagesService } from './messages.service';
import { PresenceService } from './presence.service';
import { StreamRights } from './stream-rights';

/** Milliseconds that changes are gathered, so that a raid is a few events a second and not hundreds. */
const GATHER = 100;
/** Milliseconds until a look that the database did not answer is taken again. */
const RETRY = 1_000;
/** Bytes of messages that one push carries at most; what is more the pages fetch, each as fast as it can. */
const MAX_PUSH = 256 * 1024;

/** The open pages of one channel in this process. */
interface Audience {
  streams: Set<EventStream>;
  /** What they have all been told. */
  seq: number;
  /** Set while a look is due or under way. */
  timer: NodeJS.Timeout | null;
  /** Something may have changed since the look under way began. */
  again: boolean;
  stopWatching: () => void;
}

/** Pushes what changes in a channel to its moderators' open pages. */
@Injectable()
export class EventsService implements BeforeApplicationShutdown {
  private readonly audiences = new Map<string, Audience>();
  private rechecking = false;
  private closing = false;

  constructor(
    private readonly messages: MessagesService,
    private readonly hints: ChangeHints,
    private readonly rights: StreamRights,
    private readonly presence: PresenceService,
  ) {}

  /** Keeps the response open until the page goes, or its right does. Resumes after Last-Event-ID. */
  async open(channelId: string, request: Request, response: Response): Promise<void> {
    const lastSeen = readSeq(request.get('last-event-id'));
    const missed = await this.messages.changes(channelId, lastSeen ?? Number.MAX_SAFE_INTEGER);
    if (!(await this.rights.has(channelId, request))) throw new ForbiddenException('The right to this has just ended.');
    if (this.closing) throw new ServiceUnavailableException('The server is about to stop.');
    // Nothing would ever tell that a page has gone that went before the stream began.
    if (response.closed) return;
    const stream = new EventStream(request, response);
    const audience = this.audiences.get(channelId) ?? this.gather(channelId, missed.seq);
    audience.streams.add(stream);
    stream.onClose(() => this.leave(channelId, audience, stream));
    this.presence.join(channelId, stream);
    stream.send(frames({ ...missed, reset: missed.reset && lastSeen !== null }));
    // The others may have been told more since that look; then all are told it once more.
    audience.seq = Math.min(audience.seq, missed.seq);
    this.soon(channelId, audience);
  }

  private gather(channelId: string, seq: number): Audience {
    const audience: Audience = { streams: new Set(), seq, timer: null, again: false, stopWatching: () => undefined };
    audience.stopWatching = this.hints.watch(channelId, () => this.soon(channelId, audience));
    this.audiences.set(channelId, audience);
    return audience;
  }

  private soon(channelId: string, audience: Audience, pause = GATHER): void {
    audience.again = true;
    audience.timer ??= setTimeout(() => void this.tell(channelId, audience), pause);
  }

  private async tell(channelId: string, audience: Audience): Promise<void> {
    let pause = GATHER;
    audience.again = false;
    try {
      await this.tellWhatChanged(channelId, audience);
    } catch (error) {
      if (error instanceof NotFoundException) return dismiss(audience);
      audience.again = true;
      pause = RETRY;
    } finally {
      audience.timer = null;
      if (audience.again && audience.streams.size > 0) this.soon(channelId, audience, pause);
    }
  }

  private async tellWhatChanged(channelId: string, audience: Audience): Promise<void> {
    const since = audience.seq;
    const changes = await this.messages.changes(channelId, since);
    if (changes.seq === since) return;
    const rightful = new Set(await this.rights.keep(channelId, audience.streams));
    // Who has joined meanwhile may know less than `since`, and has not been asked for: then there is another look.
    const areAll = [...audience.streams].every((stream) => rightful.has(stream));
    if (audience.seq === since && areAll) audience.seq = changes.seq;
    const news = frames(changes);
    for (const stream of rightful) stream.send(news);
  }

  private leave(channelId: string, audience: Audience, stream: EventStream): void {
    audience.streams.delete(stream);
    if (audience.streams.size > 0) return;
    audience.stopWatching();
    if (audience.timer) clearTimeout(audience.timer);
    if (this.audiences.get(channelId) === audience) this.audiences.delete(channelId);
  }

  /** Ends streams also where nothing is to be told: no hint comes of a session that has ended, in whatever process. */
  @Interval(2_000)
  async recheck(): Promise<void> {
    if (this.rechecking) return;
    this.rechecking = true;
    try {
      for (const [channelId, audience] of this.audiences) {
        // The database may be away; nothing is told to anybody before it has answered.
        await this.rights.keep(channelId, audience.streams).catch(() => undefined);
        // No hint tells of a channel that another process has deleted, and a superadmin has a role even there.
        this.soon(channelId, audience);
      }
    } finally {
      this.rechecking = false;
    }
  }

  /** Proxies close what is silent. */
  @Interval(15_000)
  keepAlive(): void {
    for (const { streams } of this.audiences.values()) for (const stream of streams) stream.send(COMMENT);
  }

  /** The server closes only after its last response has ended. */
  beforeApplicationShutdown(): void {
    this.closing = true;
    for (const audience of this.audiences.values()) dismiss(audience);
  }
}

function dismiss({ streams }: Audience): void {
  for (const stream of streams) stream.end();
}

/** @returns null when it is nothing that an event of ours carried */
function readSeq(id: string | undefined): number | null {
  const seq = id !== undefined && /^\d{1,16}$/.test(id) ? Number(id) : Number.NaN;
  return Number.isSafeInteger(seq) ? seq : null;
}

type Changes = Awaited<ReturnType<MessagesService['changes']>>;

function frames({ seq, reset, messages, stats }: Changes): Buffer {
  const isNew = ({ status, revision }: MessageDto) => status === 'queued' && revision === 0;
  const arrived = messages.filter(isNew);
  const decided = messages.filter((message) => !isNew(message));
  const news = [
    ...(arrived.length > 0 ? [frame('message', { seq, messages: arrived }, seq)] : []),
    ...(decided.length > 0 ? [frame('decision', { seq, messages: decided }, seq)] : []),
  ];
  const tooMuch = reset || news.reduce((bytes, { length }) => bytes + length, 0) > MAX_PUSH;
  return Buffer.concat([...(tooMuch ? [frame('reset', { seq }, seq)] : news), frame('stats', { seq, stats }, seq)]);
}
