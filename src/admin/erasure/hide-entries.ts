import { type EntityManager, type FindOptionsWhere, In, IsNull } from 'typeorm';
import type { LockedChannel } from '../../database/channel-writer';
import { AllowedSender } from '../../entities/allowed-sender.entity';
import { AnonymousSender } from '../../entities/anonymous-sender.entity';
import { BlockedSender } from '../../entities/blocked-sender.entity';
import { GlobalBlockedSender } from '../../entities/global-blocked-sender.entity';
import { LogEntry } from '../../entities/log-entry.entity';
import type { SenderEntry } from '../../entities/sender-entry';
import { anonymousKey, entryIdentity, type Veil } from '../../moderation/sender';
import type { Person } from './person';

type BlockEntry = SenderEntry & { id: number };

/** What a channel knows of the person beside their messages. Blocks go on meaning them, and say no longer whom. */
export async function hideInChannel(channel: LockedChannel, person: Person, veil: Veil): Promise<void> {
  const { tx, id: channelId } = channel;
  const blocks = await tx.find(BlockedSender, { where: entriesOf<BlockedSender>(person, { channelId }) });
  for (const entry of blocks) await hide(tx, BlockedSender, entry, veil, { channelId });
  const allows = await tx.find(AllowedSender, { where: withId<AllowedSender>(person, { channelId }) });
  for (const { id } of allows) await tx.delete(AllowedSender, { id });
  if (blocks.length + allows.length > 0) channel.raiseRules();

  await tx.delete(AnonymousSender, { channelId, senderDigest: In(anonymousKeys(person)) });
  // Imported without its message, so that nothing but the name tells whose it is.
  if (person.screenNames.length > 0)
    await tx.update(
      LogEntry,
      { channelId, messageId: 0, screenName: In(person.screenNames) },
      { text: '', screenName: '' },
    );
}

/** @returns whether the global list named the person */
export async function hideGlobally(tx: EntityManager, person: Person, veil: Veil): Promise<boolean> {
  const entries = await globalEntriesOf(tx, person);
  for (const entry of entries) await hide(tx, GlobalBlockedSender, entry, veil, {});
  return entries.length > 0;
}

export function globalEntriesOf(manager: EntityManager, person: Person): Promise<GlobalBlockedSender[]> {
  return manager.find(GlobalBlockedSender, { where: entriesOf<GlobalBlockedSender>(person, {}) });
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

/** Entries with an id of the person, or with nothing but their name. */
function entriesOf<Entry extends SenderEntry>(person: Person, place: object): FindOptionsWhere<Entry>[] {
  const byName = { ...place, senderId: IsNull(), centralauthId: IsNull(), nameKey: In(person.nameKeys) };
  return [...withId<Entry>(person, place), ...(person.nameKeys.length > 0 ? [byName as FindOptionsWhere<Entry>] : [])];
}

function withId<Entry extends SenderEntry>(
  { senderId, otherIds, accounts }: Person,
  place: object,
): FindOptionsWhere<Entry>[] {
  return [
    { ...place, senderId: In([senderId, ...otherIds]) } as FindOptionsWhere<Entry>,
    ...(accounts.length > 0 ? [{ ...place, centralauthId: In(accounts) } as FindOptionsWhere<Entry>] : []),
  ];
}

function anonymousKeys({ senderId, otherIds, accounts }: Person): string[] {
  return [
    ...[senderId, ...otherIds].map((id) => anonymousKey({ senderId: id, centralauthId: null })),
    ...accounts.map((account) => anonymousKey({ senderId: null, centralauthId: account })),
  ].filter((key) => key !== null);
}
