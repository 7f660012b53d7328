import { type EntityManager, type EntityTarget, type FindOptionsWhere, In, IsNull } from 'typeorm';
import { chunks } from '../../database/statements';
import { AllowedSender } from '../../entities/allowed-sender.entity';
import { BlockedSender } from '../../entities/blocked-sender.entity';
import { LogEntry } from '../../entities/log-entry.entity';
import { Message } from '../../entities/message.entity';
import type { SenderEntry } from '../../entities/sender-entry';
import { readCentralauthId } from '../../moderation/ids';
import { anonymousKey, nameKey } from '../../moderation/sender';

/** What a sender can be named by. */
export const NAMED_BY = ['senderId', 'centralauthId', 'screenName'] as const;
export type NamedBy = (typeof NAMED_BY)[number];

/** Everything by which somebody is known in one channel. */
export interface Person {
  /** Whether anything of this channel is theirs. */
  found: boolean;
  /** What they were named by. */
  by: NamedBy;
  /** The sender's id that was named; null where something else was. */
  senderId: string | null;
  /** Other ids under which the same accounts have written. */
  otherIds: string[];
  /** Wikimedia accounts. */
  accounts: string[];
  /** As moderation/sender.ts makes it, of a name that means whoever wrote under it without any id; else null. */
  nameAlone: string | null;
  /** As moderation/sender.ts makes them, of the names they gave. */
  nameKeys: string[];
  screenNames: string[];
}

/** Ids in one condition: a database takes so many, and a sender may have made up any number. */
export const AT_ONCE = 1_000;

type Known = Pick<Message, 'senderId' | 'centralauthId' | 'nameKey' | 'screenName'>;
type Place = EntityTarget<Known & { channelId: string }>;

const PLACES: readonly Place[] = [Message, BlockedSender, AllowedSender];
/** What nobody could have made up who may only edit the channel's lists. */
export const WRITTEN: readonly Place[] = [Message];

/**
 * Who is meant by a sender's id: whoever wrote under it, and whoever wrote from a Wikimedia account that did. Where
 * nobody has this as their id it may be the number of an account, if that has written without any other; else the name of
 * whoever wrote without any id.
 * @param only what it is; without it the first of these under which somebody is found
 */
export async function personOf(
  manager: EntityManager,
  channelId: string,
  named: string,
  { places = PLACES, only }: { places?: readonly Place[]; only?: NamedBy } = {},
): Promise<Person> {
  const mayBe = (by: NamedBy) => only === undefined || only === by;
  const known = (where: FindOptionsWhere<Known>[]) => knownBy(manager, places, channelId, where);
  const byId = mayBe('senderId') ? await known([{ senderId: named }]) : [];
  if (byId.length > 0) {
    const accounts = distinct(byId.map(({ centralauthId }) => centralauthId));
    const others = await known(chunks(accounts, AT_ONCE).map((some) => ({ centralauthId: In(some) })));
    return personFrom('senderId', [...byId, ...others], { senderId: named, accounts });
  }

  const account = mayBe('centralauthId') ? readCentralauthId(named) : null;
  const byAccount = account === null ? [] : await known([{ centralauthId: account }]);
  // Who has an id is named by that: the number may be somebody else's id, whose erasure is being repeated.
  if (byAccount.length > 0)
    return byAccount.some(({ senderId }) => senderId === null)
      ? personFrom('centralauthId', byAccount, { accounts: [account as string] })
      : personFrom('senderId', [], { senderId: named });

  const key = mayBe('screenName') ? nameKey(named) : null;
  const byName = key === null ? [] : await known([{ senderId: IsNull(), centralauthId: IsNull(), nameKey: key }]);
  if (key !== null && (byName.length > 0 || (await manager.existsBy(LogEntry, logOf(channelId, [named])))))
    return personFrom(
      'screenName',
      [{ senderId: null, centralauthId: null, nameKey: key, screenName: named }, ...byName],
      {
        nameAlone: key,
      },
    );

  return account === null
    ? personFrom('senderId', [], { senderId: mayBe('senderId') ? named : null })
    : personFrom('centralauthId', [], { senderId: mayBe('senderId') ? named : null, accounts: [account] });
}

function personFrom(
  by: NamedBy,
  all: Known[],
  { senderId = null, accounts = [], nameAlone = null }: Partial<Pick<Person, 'senderId' | 'accounts' | 'nameAlone'>>,
): Person {
  const named = all.filter((one) => one.nameKey !== null);
  return {
    found: all.length > 0,
    by,
    senderId,
    otherIds: distinct(all.map((one) => one.senderId)).filter((id) => id !== senderId),
    accounts,
    nameAlone,
    nameKeys: distinct(named.map((one) => one.nameKey)),
    screenNames: distinct(named.map((one) => one.screenName)),
  };
}

async function knownBy(
  manager: EntityManager,
  places: readonly Place[],
  channelId: string,
  conditions: FindOptionsWhere<Known>[],
): Promise<Known[]> {
  const found: Known[] = [];
  for (const place of places)
    for (const condition of conditions)
      found.push(
        ...(await manager
          .createQueryBuilder(place, 'one')
          .select('one.senderId', 'senderId')
          .addSelect('one.centralauthId', 'centralauthId')
          .addSelect('one.nameKey', 'nameKey')
          .addSelect('one.screenName', 'screenName')
          .distinct()
          .where({ ...condition, channelId })
          .getRawMany<Known>()),
      );
  return found;
}

/** Conditions that together mean all of the person's messages; last those by which the rest was found. */
export function messagesOf(channelId: string, person: Person): FindOptionsWhere<Message>[] {
  const { senderId, otherIds, accounts, nameAlone } = person;
  return [
    ...chunks(otherIds, AT_ONCE).map((ids) => ({ channelId, senderId: In(ids) })),
    // Also what came from the account under an id that nobody knew when it began.
    ...chunks(accounts, AT_ONCE).map((some) => ({ channelId, centralauthId: In(some) })),
    ...(senderId === null ? [] : [{ channelId, senderId }]),
    ...(nameAlone === null ? [] : [{ channelId, senderId: IsNull(), centralauthId: IsNull(), nameKey: nameAlone }]),
  ];
}

/** Log rows that were imported without their message, so that nothing but the name tells whose they are. */
export const logOf = (channelId: string, screenNames: string[]): FindOptionsWhere<LogEntry> => ({
  channelId,
  messageId: 0,
  screenName: In(screenNames),
});

/** Which entries of a list mean the person. All of a list are looked at: it is short, and the person's names may be many. */
export function meaning({ senderId, otherIds, accounts, nameKeys }: Person) {
  const ids = new Set<string | null>(senderId === null ? otherIds : [senderId, ...otherIds]);
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

function distinct(values: (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))];
}
