import { type EntityManager, type EntityTarget, In } from 'typeorm';
import { chunks } from '../../database/statements';
import { AllowedSender } from '../../entities/allowed-sender.entity';
import { BlockedSender } from '../../entities/blocked-sender.entity';
import { Message } from '../../entities/message.entity';
import type { SenderEntry } from '../../entities/sender-entry';
import { readCentralauthId } from '../../moderation/ids';
import { anonymousKey } from '../../moderation/sender';

/** Everything by which somebody is known in one channel. */
export interface Person {
  /** The id that was named. */
  senderId: string;
  /** Whether anything of this channel is theirs. */
  found: boolean;
  /** Other ids under which the same accounts have written. */
  otherIds: string[];
  /** Wikimedia accounts. */
  accounts: string[];
  /** As moderation/sender.ts makes them, of the names they gave. */
  nameKeys: string[];
  screenNames: string[];
}

/** Ids in one condition: a database takes so many, and a sender may have made up any number. */
export const AT_ONCE = 1_000;

type Known = Pick<Message, 'senderId' | 'centralauthId' | 'nameKey' | 'screenName'>;

const PLACES: readonly EntityTarget<Known & { channelId: string }>[] = [Message, BlockedSender, AllowedSender];

/**
 * Who is meant by a sender's id: whoever wrote under it, and whoever wrote from a Wikimedia account that did. Where
 * nobody has this as their id it may be the number of an account, if that has written without any other.
 */
export async function personOf(manager: EntityManager, channelId: string, senderId: string): Promise<Person> {
  const known = await knownBy(manager, channelId, [senderId], []);
  const account = known.length === 0 ? readCentralauthId(senderId) : null;
  const accounts = account === null ? distinct(known.map(({ centralauthId }) => centralauthId)) : [account];
  const others = accounts.length > 0 ? await knownBy(manager, channelId, [], accounts) : [];
  // Who has an id is named by that: the number may be somebody else's id, whose erasure is being repeated.
  if (account !== null && others.every((one) => one.senderId !== null)) return nobody(senderId);
  const all = [...known, ...others];
  const named = all.filter(({ nameKey }) => nameKey !== null);
  return {
    senderId,
    found: all.length > 0,
    otherIds: distinct(all.map((one) => one.senderId)).filter((id) => id !== senderId),
    accounts,
    nameKeys: distinct(named.map(({ nameKey }) => nameKey)),
    screenNames: distinct(named.map(({ screenName }) => screenName)),
  };
}

async function knownBy(
  manager: EntityManager,
  channelId: string,
  senderIds: string[],
  accounts: string[],
): Promise<Known[]> {
  const found: Known[] = [];
  for (const place of PLACES)
    found.push(
      ...(await manager
        .createQueryBuilder(place, 'one')
        .select('one.senderId', 'senderId')
        .addSelect('one.centralauthId', 'centralauthId')
        .addSelect('one.nameKey', 'nameKey')
        .addSelect('one.screenName', 'screenName')
        .distinct()
        .where(
          senderIds.length > 0 ? { channelId, senderId: In(senderIds) } : { channelId, centralauthId: In(accounts) },
        )
        .getRawMany<Known>()),
    );
  return found;
}

/** Some of what is left of the person's messages; last those by which the rest was found, should it be interrupted. */
export async function messagesOf(
  tx: EntityManager,
  channelId: string,
  person: Person,
  take: number,
): Promise<number[]> {
  const { senderId, otherIds, accounts } = person;
  const places = [
    ...chunks(otherIds, AT_ONCE).map((ids) => ({ channelId, senderId: In(ids) })),
    // Also what came from the account under an id that nobody knew when it began.
    ...chunks(accounts, AT_ONCE).map((some) => ({ channelId, centralauthId: In(some) })),
    { channelId, senderId },
  ];
  for (const where of places) {
    const rows = await tx.find(Message, { select: { id: true }, where, take });
    if (rows.length > 0) return rows.map(({ id }) => id);
  }
  return [];
}

/** Which entries of a list mean the person. All of a list are looked at: it is short, and the person's names may be many. */
export function meaning({ senderId, otherIds, accounts, nameKeys }: Person) {
  const ids = new Set<string | null>([senderId, ...otherIds]);
  const numbers = new Set<string | null>(accounts);
  const names = new Set<string | null>(nameKeys);
  const byId = (entry: SenderEntry) => ids.has(entry.senderId) || numbers.has(entry.centralauthId);
  const byName = (entry: SenderEntry) =>
    entry.senderId === null && entry.centralauthId === null && names.has(entry.nameKey);
  return { byId, byIdOrName: (entry: SenderEntry) => byId(entry) || byName(entry) };
}

/** Under which they keep their numbers where they gave no name. */
export function anonymousKeys({ senderId, otherIds, accounts }: Person): string[] {
  return [
    ...[senderId, ...otherIds].map((id) => anonymousKey({ senderId: id, centralauthId: null })),
    ...accounts.map((account) => anonymousKey({ senderId: null, centralauthId: account })),
  ].filter((key) => key !== null);
}

const nobody = (senderId: string): Person => ({
  senderId,
  found: false,
  otherIds: [],
  accounts: [],
  nameKeys: [],
  screenNames: [],
});

function distinct(values: (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))];
}
