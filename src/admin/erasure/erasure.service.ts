import { BadRequestException, Injectable } from '@nestjs/common';
import { setImmediate } from 'node:timers/promises';
import type { FindOptionsWhere } from 'typeorm';
import type { Visit } from '../../auth/access';
import { ChannelWriter } from '../../database/channel-writer';
import { Database } from '../../database/database';
import { REMOVED_AT_ONCE, removeMessages } from '../../database/remove-messages';
import { SenderVeil } from '../../database/sender-veil';
import { Message } from '../../entities/message.entity';
import { storedIdFromApi } from '../../moderation/ids';
import { globalEntriesOf, hideGlobally, hideInChannel, type MeansThem } from './hide-entries';
import { knownSender } from './known-sender';
import type { KnownSenderDto } from './known-sender.dto';
import { meaning, messagesOf, type NamedBy, type Person, personOf, WRITTEN } from './person';

/** Makes a channel forget a sender. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelWriter,
    private readonly veil: SenderVeil,
  ) {}

  /** What would be erased. @throws BadRequestException when the id is blank */
  async show(visit: Visit, given: string, means?: NamedBy): Promise<KnownSenderDto> {
    const { reader } = this.database;
    const { person, meansGlobally } = await this.find(visit, given, means);
    const known = await knownSender(reader, visit.channel.id, person);
    return { ...known, known: known.known || (await globalEntriesOf(reader, meansGlobally)).length > 0 };
  }

  /**
   * In small transactions, so that intake goes on; repeating it finishes one that was interrupted.
   * @throws BadRequestException when the id is blank
   */
  async erase(visit: Visit, given: string, means?: NamedBy): Promise<void> {
    const channelId = visit.channel.id;
    const { person, meansGlobally } = await this.find(visit, given, means);
    const hide = async () => {
      await this.hideGlobally(meansGlobally);
      await this.channels.write(channelId, (channel) => hideInChannel(channel, person, this.veil.veil));
    };
    await hide();
    for (const where of messagesOf(channelId, person)) {
      // On SQLite nobody else's turn comes between two transactions unless it is given.
      while ((await this.removeSome(channelId, where)) > 0) await setImmediate();
    }
    // Once more, for what came meanwhile.
    await hide();
    await this.database.forget();
  }

  /**
   * Whom the id means, here and on the global list. That is the superadmins': an admin hides there only whom messages of
   * their channel know by an id, for entries of its own lists are made at will, and names are anybody's.
   */
  private async find(
    { channel: { id }, role }: Visit,
    given: string,
    only?: NamedBy,
  ): Promise<{ person: Person; meansGlobally: MeansThem }> {
    const named = storedIdFromApi(given);
    if (named === null) throw new BadRequestException(['senderId must not be blank']);
    const { reader } = this.database;
    const person = await personOf(reader, id, named, { only });
    if (role === 'superadmin') return { person, meansGlobally: meaning(person).byIdOrName };
    const writer = await personOf(reader, id, named, { only, places: WRITTEN });
    return { person, meansGlobally: writer.found ? meaning(writer).byId : () => false };
  }

  /** @returns how many were there */
  private removeSome(channelId: string, where: FindOptionsWhere<Message>): Promise<number> {
    return this.channels.write(channelId, async (channel) => {
      const rows = await channel.tx.find(Message, { select: { id: true }, where, take: REMOVED_AT_ONCE });
      await removeMessages(
        channel,
        rows.map(({ id }) => id),
      );
      return rows.length;
    });
  }

  private async hideGlobally(means: MeansThem): Promise<void> {
    if ((await globalEntriesOf(this.database.reader, means)).length === 0) return;
    await this.channels.writeAll(async (channels, tx) => {
      if (await hideGlobally(tx, means, this.veil.veil)) for (const channel of channels.values()) channel.raiseRules();
    });
  }
}
