import { type EntityManager, type FindOptionsWhere, In, IsNull } from 'typeorm';
import { chunks } from '../../database/statements';
import { AllowedSender } from '../../entities/allowed-sender.entity';
import { AnonymousSender } from '../../entities/anonymous-sender.entity';
import { BlockedPattern } from '../../entities/blocked-pattern.entity';
import { BlockedSender } from '../../entities/blocked-sender.entity';
import { Message } from '../../entities/message.entity';
import type { KnownSenderDto, PatternOfSenderDto } from './known-sender.dto';
import { anonymousKeys, AT_ONCE, meaning, type Person } from './person';

const SHOWN = 20;

/** What a channel knows of a person, and an erasure would be about. */
export async function knownSender(manager: EntityManager, channelId: string, person: Person): Promise<KnownSenderDto> {
  const { senderId, otherIds, accounts, screenNames, found } = person;
  const isAccount = accounts.includes(senderId);
  const ids = found && !isAccount ? [senderId, ...otherIds] : otherIds;
  let messages = 0;
  const patterns = new Map<number, string>();
  for (const where of messagesBy(channelId, ids, accounts)) {
    messages += await manager.countBy(Message, where);
    for (const { id, text } of await patternsOf(manager, where)) patterns.set(id, text);
  }
  return {
    known: messages > 0 || (await isListed(manager, channelId, person)),
    messages,
    screenNames: screenNames.slice(0, SHOWN),
    senderIds: ids.slice(0, SHOWN),
    centralauthIds: accounts.slice(0, SHOWN),
    patterns: [...patterns].map(([id, text]): PatternOfSenderDto => ({ id: String(id), text })),
  };
}

/** Conditions of which each message of theirs meets one. */
function messagesBy(channelId: string, ids: string[], accounts: string[]): FindOptionsWhere<Message>[] {
  return [
    ...chunks(ids, AT_ONCE).map((some) => ({ channelId, senderId: In(some) })),
    ...chunks(accounts, AT_ONCE).map((some) => ({ channelId, senderId: IsNull(), centralauthId: In(some) })),
  ];
}

/** The blocked patterns that are a text of one of these messages. */
async function patternsOf(manager: EntityManager, where: FindOptionsWhere<Message>): Promise<BlockedPattern[]> {
  return manager
    .createQueryBuilder(BlockedPattern, 'pattern')
    .where((pattern) => {
      const texts = pattern.subQuery().select('message.normalText').from(Message, 'message').where(where).getQuery();
      return `pattern.channelId = :channel AND pattern.normalText IN ${texts}`;
    })
    .setParameter('channel', where.channelId)
    .orderBy('pattern.id')
    .getMany();
}

async function isListed(manager: EntityManager, channelId: string, person: Person): Promise<boolean> {
  const means = meaning(person);
  if ((await manager.findBy(BlockedSender, { channelId })).some(means.byIdOrName)) return true;
  if ((await manager.findBy(AllowedSender, { channelId })).some(means.byId)) return true;
  for (const keys of chunks(anonymousKeys(person), AT_ONCE))
    if (await manager.existsBy(AnonymousSender, { channelId, senderDigest: In(keys) })) return true;
  return false;
}
