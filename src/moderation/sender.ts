import { createHash } from 'node:crypto';
import { MAX_ID_LENGTH } from './ids';
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
  return codePointLength(normal) <= MAX_ID_LENGTH
    ? normal
    : `sha256:${createHash('sha256').update(normal).digest('hex')}`;
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

  constructor(entries: Iterable<SenderIdentity>) {
    let size = 0;
    for (const entry of entries) {
      size++;
      if (entry.senderId !== null) file(this.bySenderId, entry.senderId, entry);
      if (entry.centralauthId !== null) file(this.byCentralauthId, entry.centralauthId, entry);
      if (entry.nameKey === null) continue;
      this.names.add(entry.nameKey);
      if (hasNoId(entry)) this.namesWithoutId.add(entry.nameKey);
    }
    this.size = size;
  }

  blocks(sender: SenderIdentity): boolean {
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
