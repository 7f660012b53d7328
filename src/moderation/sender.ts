import { createHash, createHmac } from 'node:crypto';
import { digestOf, MAX_ID_LENGTH, VEILED } from './ids';
import { codePointLength, normalise } from './similarity';
import { isBlank } from './text';

/** Who sent a message, or whom a list entry means. Ids in their stored form, centralauthId as canonical digits. */
export interface SenderIdentity {
  senderId: string | null;
  centralauthId: string | null;
  nameKey: string | null;
}

/** What equal names have in common; null for a name that nobody could see. Fits the columns that ids fit. */
export function nameKey(name: string | null): string | null {
  if (name === null || isBlank(name)) return null;
  const normal = normalise(name);
  // One that looks hidden is hashed too, so as not to pass for an erased sender's.
  return codePointLength(normal) <= MAX_ID_LENGTH && !VEILED.test(normal)
    ? normal
    : `sha256:${createHash('sha256').update(normal).digest('hex')}`;
}

/** What makes two list entries the same: the ids, or the name where there are none. */
export function entryIdentity(entry: SenderIdentity): string {
  return hasNoId(entry)
    ? digestOf('name', entry.nameKey ?? '')
    : digestOf('ids', JSON.stringify([entry.senderId, entry.centralauthId]));
}

/** Under which a sender without a name keeps their number; null for one who cannot be told from others. */
export function anonymousKey({ senderId, centralauthId }: Omit<SenderIdentity, 'nameKey'>): string | null {
  if (senderId !== null) return digestOf('sender', senderId);
  return centralauthId === null ? null : digestOf('account', centralauthId);
}

/**
 * Of an identity what is left after its erasure: it is recognised by whoever has the key when the same sender comes
 * again, and read by nobody. What is veiled already stays as it is.
 */
export type Veil = (identity: SenderIdentity) => SenderIdentity;

export function veilWith(key: Buffer): Veil {
  const veiled = (what: string, value: string | null) =>
    value === null || VEILED.test(value)
      ? value
      : `~${createHmac('sha256', key)
          .update(JSON.stringify([what, value]))
          .digest('base64url')
          .slice(0, 19)}`;
  return ({ senderId, centralauthId, nameKey: name }) => ({
    senderId: veiled('sender', senderId),
    centralauthId: veiled('account', centralauthId),
    nameKey: veiled('name', name),
  });
}

export function isVeiled({ senderId, centralauthId, nameKey: name }: SenderIdentity): boolean {
  return [senderId, centralauthId, name].some((value) => value !== null && VEILED.test(value));
}

/** A block means whoever has one of its ids; by name only where one of the two has no id that could tell. */
export function blocks(entry: SenderIdentity, sender: SenderIdentity): boolean {
  return sharesId(entry, sender) || (sharesName(entry, sender) && (hasNoId(entry) || hasNoId(sender)));
}

/** An allow opens the gate, so it means somebody only when an id says so and none says otherwise; names can be copied. */
export function allows(entry: SenderIdentity, sender: SenderIdentity): boolean {
  return (
    sharesId(entry, sender) &&
    !differ(entry.senderId, sender.senderId) &&
    !differ(entry.centralauthId, sender.centralauthId)
  );
}

function sharesId(a: SenderIdentity, b: SenderIdentity): boolean {
  return agree(a.centralauthId, b.centralauthId) || agree(a.senderId, b.senderId);
}

function sharesName(a: SenderIdentity, b: SenderIdentity): boolean {
  return agree(a.nameKey, b.nameKey);
}

function hasNoId(identity: SenderIdentity): boolean {
  return identity.senderId === null && identity.centralauthId === null;
}

function agree(a: string | null, b: string | null): boolean {
  return a !== null && a === b;
}

function differ(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a !== b;
}

/** A list of entries that answers in the time of a few look-ups, however long it is. */
export class SenderList {
  readonly size: number;
  private readonly bySenderId = new Map<string, SenderIdentity[]>();
  private readonly byCentralauthId = new Map<string, SenderIdentity[]>();
  private readonly names = new Set<string>();
  private readonly namesWithoutId = new Set<string>();
  private readonly hasVeiled: boolean;

  /** @param veil with which entries may have been veiled */
  constructor(
    entries: Iterable<SenderIdentity>,
    private readonly veil: Veil = (identity) => identity,
  ) {
    let size = 0;
    let hasVeiled = false;
    for (const entry of entries) {
      size++;
      hasVeiled ||= isVeiled(entry);
      if (entry.senderId !== null) file(this.bySenderId, entry.senderId, entry);
      if (entry.centralauthId !== null) file(this.byCentralauthId, entry.centralauthId, entry);
      if (entry.nameKey === null) continue;
      this.names.add(entry.nameKey);
      if (hasNoId(entry)) this.namesWithoutId.add(entry.nameKey);
    }
    this.size = size;
    this.hasVeiled = hasVeiled;
  }

  blocks(sender: SenderIdentity): boolean {
    return this.lists(sender) || (this.hasVeiled && this.lists(this.veil(sender)));
  }

  private lists(sender: SenderIdentity): boolean {
    if (sender.centralauthId !== null && this.byCentralauthId.has(sender.centralauthId)) return true;
    if (sender.senderId !== null && this.bySenderId.has(sender.senderId)) return true;
    if (sender.nameKey === null) return false;
    return (hasNoId(sender) ? this.names : this.namesWithoutId).has(sender.nameKey);
  }

  allows(sender: SenderIdentity): boolean {
    return [
      ...(sender.centralauthId === null ? [] : (this.byCentralauthId.get(sender.centralauthId) ?? [])),
      ...(sender.senderId === null ? [] : (this.bySenderId.get(sender.senderId) ?? [])),
    ].some((entry) => allows(entry, sender));
  }
}

function file(index: Map<string, SenderIdentity[]>, id: string, entry: SenderIdentity): void {
  const those = index.get(id);
  if (those === undefined) index.set(id, [entry]);
  else those.push(entry);
}
