import { BadRequestException, ConflictException, Injectable, ServiceUnavailableException } from '@nestjs/common';
import { ChannelWriter } from '../../database/channel-writer';
import { Database } from '../../database/database';
import type { Channel } from '../../entities/channel.entity';
import { Simulation } from '../../entities/simulation.entity';
import { Lease } from '../../entities/lease.entity';
import { Crowd } from './crowd';
import { LoopbackWebhook } from './loopback-webhook';
import { Playbacks } from './playbacks';
import { readRecording, RecordingProblem } from './recording';
import { SIMULATION, SimulationChannel } from './simulation-channel';
import { SimulationRunner } from './simulation-runner';
import type { SimulationCommandDto, SimulationDto } from './simulation.dto';

const RUNS_MS = 60 * 60 * 1000;
const NEVER_STARTED: Simulation = { channelId: SIMULATION, perMinute: 60, runsUntil: 0, sent: 0, failed: 0 };

/** Says what simulation is wanted; SimulationRunner carries it out. */
@Injectable()
export class SimulationService {
  constructor(
    private readonly database: Database,
    private readonly writer: ChannelWriter,
    private readonly channel: SimulationChannel,
    private readonly runner: SimulationRunner,
    private readonly webhook: LoopbackWebhook,
    private readonly crowd: Crowd,
    private readonly playbacks: Playbacks,
  ) {}

  async carryOut({ action, perMinute, message }: SimulationCommandDto): Promise<SimulationDto> {
    switch (action) {
      case 'start':
        return this.start(perMinute);
      case 'stop':
        return this.stop();
      case 'inject':
        return this.inject(message);
      case 'raid':
        return this.raid();
    }
  }

  async status(): Promise<SimulationDto> {
    const { reader } = this.database;
    const { perMinute, runsUntil, sent, failed } =
      (await reader.findOneBy(Simulation, { channelId: SIMULATION })) ?? NEVER_STARTED;
    const lease = await reader.findOneBy(Lease, { name: SIMULATION });
    // Wanted, and there is a process that sends: one that crashed has left no more than the wish.
    const running = runsUntil > Date.now() && (lease?.expiresAt ?? 0) > Date.now();
    const until = running ? new Date(runsUntil).toISOString() : null;
    return { running, perMinute, sent, failed, until, ...(await this.playbacks.status()) };
  }

  /** Starts an hour's simulation, or gives a running one this rate and another hour. */
  private async start(perMinute: number): Promise<SimulationDto> {
    await this.openChannel();
    await this.writer.write(SIMULATION, async ({ tx, now }) => {
      const present = await tx.findOneBy(Simulation, { channelId: SIMULATION });
      const wanted = { perMinute, runsUntil: now + RUNS_MS };
      // The counts of a running one are the sender's to write.
      const counts = present && present.runsUntil > now ? {} : { sent: 0, failed: 0 };
      if (present) await tx.update(Simulation, { channelId: SIMULATION }, { ...wanted, ...counts });
      else await tx.insert(Simulation, { ...NEVER_STARTED, ...wanted });
    });
    await this.runner.refresh();
    return this.status();
  }

  private async stop(): Promise<SimulationDto> {
    await this.database.write((tx) => tx.update(Simulation, { channelId: SIMULATION }, { runsUntil: 0 }));
    await Promise.all([this.runner.refresh(), this.playbacks.stop()]);
    return this.status();
  }

  private async raid(): Promise<SimulationDto> {
    await this.openChannel();
    await this.playbacks.startRaid();
    return this.status();
  }

  /** @param recording JSON Lines, see readRecording */
  async replay(recording: string, speed: number): Promise<SimulationDto> {
    const events = await readRecording(recording).catch((error: unknown) => {
      throw error instanceof RecordingProblem ? new BadRequestException([error.message]) : error;
    });
    await this.openChannel();
    await this.playbacks.startReplay(events, speed);
    return this.status();
  }

  private async inject(message: string | undefined): Promise<SimulationDto> {
    const { webhookSecret } = await this.openChannel();
    const now = Date.now();
    const event = message === undefined ? this.crowd.next(now) : this.crowd.text(now, message);
    const { status, outcome } = await this.webhook.send(SIMULATION, webhookSecret, event);
    if (outcome === null)
      throw new ServiceUnavailableException(`The webhook did not take the message (${status || 'no answer'}).`);
    return { ...(await this.status()), outcome };
  }

  private async openChannel(): Promise<Channel> {
    const channel = await this.channel.ensure();
    if (!channel.active) throw new ConflictException(`The channel ${SIMULATION} is inactive. Activate it first.`);
    if (channel.archivedAt !== null)
      throw new ConflictException(`The channel ${SIMULATION} is archived. Reopen it first.`);
    return channel;
  }
}
