import { type EntityManager, type FindOptionsWhere, In } from 'typeorm';
import { chunks } from '../../database/statements';
import { AllowedSender } from '../../entities/allowed-sender.entity';
import { AnonymousSender } from '../../entities/anonymous-sender.entity';
import { BlockedPattern } from '../../entities/blocked-pattern.entity';
import { BlockedSender } from '../../entities/blocked-sender.entity';
import { LogEntry } from '../../entities/log-entry.entity';
import { Message } from '../../entities/message.entity';
import type { KnownSenderDto } from './known-sender.dto';
import { anonymousKeys, AT_ONCE, logOf, meaning, messagesOf, type Person } from './person';

const SHOWN = 20;

/** What a channel knows of a person, and an erasure would be about. */
export async function knownSender(manager: EntityManager, channelId: string, person: Person): Promise<KnownSenderDto> {
  const { senderId, otherIds, accounts, screenNames, found } = person;
  const messages = new Set<number>();
  const patterns = new Map<number, string>();
  for (const where of messagesOf(channelId, person)) {
    for (const { id } of await manager.find(Message, { select: { id: true }, where })) messages.add(id);
    for (const { id, text } of await patternsOf(manager, where)) patterns.set(id, text);
  }
  return {
    known: messages.size > 0 || (await isNamed(manager, channelId, person)),
    means: person.by,
    messages: messages.size,
    screenNames: screenNames.slice(0, SHOWN),
    senderIds: (found && senderId !== null ? [senderId, ...otherIds] : otherIds).slice(0, SHOWN),
    centralauthIds: (found ? accounts : []).slice(0, SHOWN),
    patterns: [...patterns].map(([id, text]) => ({ id: String(id), text })),
  };
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

/** Whether lists, the log or the numbers of senders without a name know them. */
async function isNamed(manager: EntityManager, channelId: string, person: Person): Promise<boolean> {
  const means = meaning(person);
  if ((await manager.findBy(BlockedSender, { channelId })).some(means.byIdOrName)) return true;
  if ((await manager.findBy(AllowedSender, { channelId })).some(means.byId)) return true;
  for (const names of chunks(person.screenNames, AT_ONCE))
    if (await manager.existsBy(LogEntry, logOf(channelId, names))) return true;
  for (const keys of chunks(anonymousKeys(person), AT_ONCE))
    if (await manager.existsBy(AnonymousSender, { channelId, senderDigest: In(keys) })) return true;
  return false;
}
