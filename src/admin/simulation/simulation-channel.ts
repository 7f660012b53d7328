import { ConflictException, Inject, Injectable, OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../../database/database';
import { Channel } from '../../entities/channel.entity';
import { SETTINGS, type Settings } from '../../settings';
import { ChannelsService } from '../channels.service';

/** The id of the channel, and the name of the lease. */
export const SIMULATION = 'simulation';

const CHANNEL = {
  id: SIMULATION,
  name: 'Simulation',
  description: 'For trying things out: superadmins start a stream of made-up messages in its queue.',
};

/** The channel that the simulation sends to: there from the start, but in production only once somebody starts one. */
@Injectable()
export class SimulationChannel implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelsService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.settings.env !== 'production') await this.ensure();
  }

  async ensure(): Promise<Channel> {
    const present = await this.database.reader.findOneBy(Channel, { id: SIMULATION });
    if (present) return present;
    try {
      return await this.channels.create(CHANNEL);
    } catch (error) {
      // Another process was faster.
      if (error instanceof ConflictException) return this.database.reader.findOneByOrFail(Channel, { id: SIMULATION });
      throw error;
    }
  }
}
