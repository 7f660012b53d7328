import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { ChannelWriter } from '../database/channel-writer';
import { Database } from '../database/database';
import { Channel } from '../entities/channel.entity';
import { removeRows } from './channel-rows';

/** Deletes channels: closes one for good, then removes every row that belongs to it, and every copy of them. */
@Injectable()
export class ChannelDeletion implements OnApplicationBootstrap {
  private readonly logger = new Logger(ChannelDeletion.name);

  constructor(
    private readonly database: Database,
    private readonly writer: ChannelWriter,
  ) {}

  /** @throws NotFoundException when another process has deleted it meanwhile */
  async delete(channelId: string): Promise<void> {
    await this.writer.write(channelId, async (locked) => {
      const { archivedAt, deletingAt } = await locked.tx.findOneByOrFail(Channel, { id: channelId });
      const { now } = locked;
      const closed = { active: false, archivedAt: archivedAt ?? now, public: false, deletingAt: deletingAt ?? now };
      await locked.tx.update(Channel, { id: channelId }, closed);
      locked.raiseRules();
      locked.raisePublished();
    });
    await this.finish(channelId);
  }

  /** What a process that ended in the middle has left undone. Several that do it at once do no harm, and nobody waits. */
  async onApplicationBootstrap(): Promise<void> {
    const begun = await this.database.reader.findBy(Channel, { deletingAt: Not(IsNull()) });
    for (const { id } of begun)
      void this.finish(id).catch(({ name }: Error) => this.logger.warn(`${id} is not deleted to the end yet: ${name}`));
  }

  private async finish(channelId: string): Promise<void> {
    await removeRows(this.writer, channelId);
    await this.database.forget();
  }
}
