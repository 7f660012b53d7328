import { ConflictException, Logger } from '@nestjs/common';
import type { Database } from '../../database/database';
import { Channel, isOpen } from '../../entities/channel.entity';
import type { LoopbackWebhook } from './loopback-webhook';
import { PlaybackRow, type Progress } from './playback-row';
import { SIMULATION } from './simulation-channel';

/** Something to send at its time. */
export interface Cue {
  /** Milliseconds after the start. */
  at: number;
  /** Made when it is sent, for it says when that is. */
  event: (now: number) => object;
}

const TICK_MS = 50;
const BEAT_MS = 1_000;
const MAX_IN_FLIGHT = 50;
/** Whatever is left then is not sent. */
const LONGEST_MS = 60 * 60 * 1000;

/** Sends a list of events through the webhook, each at its time, until the end or until it is stopped through any process. */
export class Playback {
  private readonly logger = new Logger(Playback.name);
  private readonly row: PlaybackRow;
  private playing: Promise<void> | null = null;
  private isStopped = false;

  constructor(
    private readonly database: Database,
    private readonly webhook: LoopbackWebhook,
    private readonly kind: 'raid' | 'replay',
  ) {
    this.row = new PlaybackRow(database, `${SIMULATION}:${kind}`);
  }

  status(): ReturnType<PlaybackRow['read']> {
    return this.row.read();
  }

  /**
   * Begins; resolves as soon as it has.
   * @param cues in the order of their times
   * @throws ConflictException while another one plays, in whatever process
   */
  async start(cues: readonly Cue[]): Promise<void> {
    const until = await this.row.claim(cues.length);
    if (until === null) throw new ConflictException(`A ${this.kind} is under way. Wait for its end, or stop it first.`);
    // One that was stopped through another process may not know it yet.
    await this.close();
    this.isStopped = false;
    this.playing = this.play(cues, until)
      .catch((error: unknown) => this.logger.warn(`a ${this.kind} ended early: ${(error as Error).name}`))
      .finally(() => (this.playing = null));
  }

  /** Stops whichever process plays; when it is this one, everything sent has been counted. */
  async stop(): Promise<void> {
    await this.row.stop();
    await this.close();
  }

  /** Stops this process's. */
  async close(): Promise<void> {
    this.isStopped = true;
    await this.playing;
  }

  private async play(cues: readonly Cue[], claimed: number): Promise<void> {
    const progress: Progress = { sent: 0, failed: 0 };
    const inFlight = new Set<Promise<void>>();
    const began = performance.now();
    let until: number | null = claimed;
    let secret = await this.secret();
    let beatAt = began + BEAT_MS;
    try {
      for (let next = 0; next < cues.length && secret !== null && !this.isStopped;) {
        const elapsed = performance.now() - began;
        if (elapsed > LONGEST_MS) break;
        for (; next < cues.length && cues[next].at <= elapsed && inFlight.size < MAX_IN_FLIGHT; next++) {
          const sending = this.send(secret, cues[next], progress).finally(() => inFlight.delete(sending));
          inFlight.add(sending);
        }
        await pause();
        if (performance.now() < beatAt) continue;
        beatAt = performance.now() + BEAT_MS;
        until = await this.row.renew(until, progress);
        if (until === null) break;
        secret = await this.secret();
      }
    } finally {
      await Promise.all(inFlight);
      await this.row.finish(until ?? 0, progress);
    }
  }

  private async send(secret: string, { event }: Cue, progress: Progress): Promise<void> {
    const { status } = await this.webhook.send(SIMULATION, secret, event(Date.now()));
    if (status === 200) progress.sent += 1;
    else progress.failed += 1;
  }

  /** The newest; null when the channel has been closed or deleted. */
  private async secret(): Promise<string | null> {
    const channel = await this.database.reader.findOneBy(Channel, { id: SIMULATION });
    return channel && isOpen(channel) ? channel.webhookSecret : null;
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, TICK_MS));
