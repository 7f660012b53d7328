import { BadRequestException, Injectable } from '@nestjs/common';
import { setImmediate } from 'node:timers/promises';
import type { Visit } from '../../auth/access';
import { ChannelWriter } from '../../database/channel-writer';
import { Database } from '../../database/database';
import { REMOVED_AT_ONCE, removeMessages } from '../../database/remove-messages';
import { SenderVeil } from '../../database/sender-veil';
import { storedIdFromApi } from '../../moderation/ids';
import { globalEntriesOf, hideGlobally, hideInChannel } from './hide-entries';
import { knownSender } from './known-sender';
import type { KnownSenderDto } from './known-sender.dto';
import { messagesOf, type Person, personOf } from './person';

/** Makes a channel forget a sender. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelWriter,
    private readonly veil: SenderVeil,
  ) {}

  /** What would be erased. @throws BadRequestException when the id is blank */
  async show(visit: Visit, given: string): Promise<KnownSenderDto> {
    const { reader } = this.database;
    const person = await this.personOf(visit, given);
    const known = await knownSender(reader, visit.channel.id, person);
    const isGlobal = mayHideGlobally(visit, person) && (await globalEntriesOf(reader, person)).length > 0;
    return { ...known, known: known.known || isGlobal };
  }

  /**
   * In small transactions, so that intake goes on; repeating it finishes one that was interrupted.
   * @throws BadRequestException when the id is blank
   */
  async erase(visit: Visit, given: string): Promise<void> {
    const channelId = visit.channel.id;
    const person = await this.personOf(visit, given);
    const hide = async () => {
      if (mayHideGlobally(visit, person)) await this.hideGlobally(person);
      await this.channels.write(channelId, (channel) => hideInChannel(channel, person, this.veil.veil));
    };
    await hide();
    while ((await this.removeSome(channelId, person)) > 0) await setImmediate();
    // Once more, for what came meanwhile.
    await hide();
    await this.database.forget();
  }

  private async personOf({ channel }: Visit, given: string): Promise<Person> {
    const senderId = storedIdFromApi(given);
    if (senderId === null) throw new BadRequestException(['senderId must not be blank']);
    return personOf(this.database.reader, channel.id, senderId);
  }

  /** On SQLite nobody else's turn comes between two transactions unless it is given. @returns how many */
  private removeSome(channelId: string, person: Person): Promise<number> {
    return this.channels.write(channelId, async (channel) => {
      const ids = await messagesOf(channel.tx, channelId, person, REMOVED_AT_ONCE);
      await removeMessages(channel, ids);
      return ids.length;
    });
  }

  private async hideGlobally(person: Person): Promise<void> {
    if ((await globalEntriesOf(this.database.reader, person)).length === 0) return;
    await this.channels.writeAll(async (channels, tx) => {
      if (await hideGlobally(tx, person, this.veil.veil)) for (const channel of channels.values()) channel.raiseRules();
    });
  }
}

/** The global list belongs to superadmins: an admin hides there whom their own channel knows, nobody else. */
function mayHideGlobally({ role }: Visit, { found }: Person): boolean {
  return role === 'superadmin' || found;
}
