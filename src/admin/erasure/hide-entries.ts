import { type EntityManager, In } from 'typeorm';
import type { LockedChannel } from '../../database/channel-writer';
import { chunks } from '../../database/statements';
import { AllowedSender } from '../../entities/allowed-sender.entity';
import { AnonymousSender } from '../../entities/anonymous-sender.entity';
import { BlockedSender } from '../../entities/blocked-sender.entity';
import { GlobalBlockedSender } from '../../entities/global-blocked-sender.entity';
import { LogEntry } from '../../entities/log-entry.entity';
import type { SenderEntry } from '../../entities/sender-entry';
import { entryIdentity, type Veil } from '../../moderation/sender';
import { anonymousKeys, AT_ONCE, logOf, meaning, type Person } from './person';

type BlockEntry = SenderEntry & { id: number };
/** Whether an entry of a list means somebody. */
export type MeansThem = (entry: SenderEntry) => boolean;

/** What a channel knows of the person beside their messages. Blocks go on meaning them, and say no longer whom. */
export async function hideInChannel(channel: LockedChannel, person: Person, veil: Veil): Promise<void> {
  const { tx, id: channelId } = channel;
  const means = meaning(person);
  const blocks = (await tx.findBy(BlockedSender, { channelId })).filter(means.byIdOrName);
  for (const entry of blocks) await hide(tx, BlockedSender, entry, veil, { channelId });
  const allows = (await tx.findBy(AllowedSender, { channelId })).filter(means.byId);
  for (const { id } of allows) await tx.delete(AllowedSender, { id });
  if (blocks.length + allows.length > 0) channel.raiseRules();

  for (const keys of chunks(anonymousKeys(person), AT_ONCE))
    await tx.delete(AnonymousSender, { channelId, senderDigest: In(keys) });
  for (const names of chunks(person.screenNames, AT_ONCE))
    await tx.update(LogEntry, logOf(channelId, names), { text: '', screenName: '' });
}

/** @returns whether there was one */
export async function hideGlobally(tx: EntityManager, means: MeansThem, veil: Veil): Promise<boolean> {
  const entries = await globalEntriesOf(tx, means);
  for (const entry of entries) await hide(tx, GlobalBlockedSender, entry, veil, {});
  return entries.length > 0;
}

export async function globalEntriesOf(manager: EntityManager, means: MeansThem): Promise<GlobalBlockedSender[]> {
  return (await manager.find(GlobalBlockedSender)).filter(means);
}

async function hide(
  tx: EntityManager,
  list: typeof BlockedSender | typeof GlobalBlockedSender,
  entry: BlockEntry,
  veil: Veil,
  place: { channelId?: string },
): Promise<void> {
  const { senderId, centralauthId, nameKey } = veil(entry);
  const identity = entryIdentity({ senderId, centralauthId, nameKey });
  if (await tx.existsBy(list, { ...place, identity })) await tx.delete(list, { id: entry.id });
  else await tx.update(list, { id: entry.id }, { identity, senderId, centralauthId, nameKey, screenName: null });
}
