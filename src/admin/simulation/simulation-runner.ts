import { Injectable, Logger, OnModuleDestroy } from '@nestjs/common';
import { Database } from '../../database/database';
import { execute } from '../../database/statements';
import { Channel, isOpen } from '../../entities/channel.entity';
import { Simulation } from '../../entities/simulation.entity';
import { Leases } from '../../operations/leases';
import { Crowd } from './crowd';
import { LoopbackWebhook } from './loopback-webhook';
import { SIMULATION } from './simulation-channel';

/** Long beside the second between two looks, so that a busy moment or a skewed clock makes no second sender. */
const LEASE_MS = 20_000;
const RENEW_BEFORE_MS = 12_000;
const LOOK_EVERY_MS = 1_000;
const TICK_MS = 100;
const MAX_IN_FLIGHT = 50;

interface Plan {
  perMinute: number;
  secret: string;
}

/**
 * Sends while the table `simulations` says so. Whichever process was told to start follows that table; the one with the
 * lease sends, the others stand by. So the simulation can be stopped or changed through any process.
 */
@Injectable()
export class SimulationRunner implements OnModuleDestroy {
  private readonly logger = new Logger(SimulationRunner.name);
  private following: Promise<void> | null = null;
  private asked = false;
  private readonly waiting: (() => void)[] = [];
  private wake: () => void = () => undefined;
  private closing = false;

  private plan: Plan | null = null;
  /** Epoch ms; 0 while this process does not have the lease. */
  private leaseEnds = 0;
  private ticker: NodeJS.Timeout | undefined;
  private lastTick = 0;
  /** How many messages, in fractions, should have been sent by now and have not. */
  private due = 0;
  private readonly inFlight = new Set<Promise<void>>();
  private sent = 0;
  private failed = 0;

  constructor(
    private readonly database: Database,
    private readonly leases: Leases,
    private readonly webhook: LoopbackWebhook,
    private readonly crowd: Crowd,
  ) {}

  /** Looks at the wanted state now, and then each second for as long as one is wanted. Resolves when it has acted on it. */
  async refresh(): Promise<void> {
    const seen = new Promise<void>((resolve) => this.waiting.push(resolve));
    this.asked = true;
    this.wake();
    this.following ??= this.follow();
    return seen;
  }

  async onModuleDestroy(): Promise<void> {
    this.closing = true;
    if (this.following) await this.refresh();
  }

  private async follow(): Promise<void> {
    do {
      this.asked = false;
      const waiting = this.waiting.splice(0);
      await this.look().catch((error: unknown) => this.logger.warn(`the simulation waits: ${(error as Error).name}`));
      for (const resolve of waiting) resolve();
      if (!this.asked && this.plan) await this.pause();
    } while (this.asked || this.plan);
    this.following = null;
  }

  private async look(): Promise<void> {
    const before = this.plan;
    this.plan = this.closing ? null : await this.wanted();
    // What was not sent at the old rate is not made up for at the new one.
    if (before?.perMinute !== this.plan?.perMinute) this.due = Math.min(this.due, 1);
    if (this.plan) await this.keepLease();
    this.setTicking(this.plan !== null && this.leaseEnds > 0);
    // What is still on its way counts for the simulation that is ending, not for the next one.
    if (!this.plan) await Promise.all(this.inFlight);
    await this.saveCounts();
    if (!this.plan && this.leaseEnds > 0) await this.giveUp();
  }

  private async wanted(): Promise<Plan | null> {
    const simulation = await this.database.reader.findOneBy(Simulation, { channelId: SIMULATION });
    if (!simulation || simulation.runsUntil <= Date.now()) return null;
    const channel = await this.database.reader.findOneBy(Channel, { id: SIMULATION });
    if (!channel || !isOpen(channel)) return null;
    return { perMinute: simulation.perMinute, secret: channel.webhookSecret };
  }

  private async keepLease(): Promise<void> {
    if (this.leaseEnds - Date.now() > RENEW_BEFORE_MS) return;
    this.leaseEnds = (await this.leases.acquire(SIMULATION, LEASE_MS)) ?? 0;
  }

  /** A simulation ends with the process that sends. */
  private async giveUp(): Promise<void> {
    this.leaseEnds = 0;
    if (this.closing)
      await this.database.write((tx) => tx.update(Simulation, { channelId: SIMULATION }, { runsUntil: 0 }));
    await this.leases.release(SIMULATION);
  }

  private setTicking(on: boolean): void {
    if (on === (this.ticker !== undefined)) return;
    clearInterval(this.ticker);
    this.ticker = on ? setInterval(() => this.tick(), TICK_MS) : undefined;
    this.lastTick = performance.now();
    // The first message comes at once, also at one a minute.
    this.due = on ? 1 : 0;
  }

  private tick(): void {
    const now = performance.now();
    const { plan, lastTick } = this;
    this.lastTick = now;
    if (!plan || this.leaseEnds <= Date.now()) return;
    this.due = Math.min(this.due + ((now - lastTick) * plan.perMinute) / 60_000, MAX_IN_FLIGHT);
    for (; this.due >= 1 && this.inFlight.size < MAX_IN_FLIGHT; this.due -= 1) {
      const sending = this.sendOne(plan.secret).finally(() => this.inFlight.delete(sending));
      this.inFlight.add(sending);
    }
  }

  private async sendOne(secret: string): Promise<void> {
    const { status } = await this.webhook.send(SIMULATION, secret, this.crowd.next(Date.now()));
    if (status === 200) this.sent += 1;
    else this.failed += 1;
  }

  private async saveCounts(): Promise<void> {
    const { sent, failed } = this;
    if (sent + failed === 0) return;
    await this.database.write((tx) =>
      execute(tx, 'UPDATE simulations SET sent = sent + ?, failed = failed + ? WHERE channel_id = ?', [
        sent,
        failed,
        SIMULATION,
      ]),
    );
    this.sent -= sent;
    this.failed -= failed;
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_EVERY_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
