import type { Original } from './original/original';
import type { Report } from './report';
import type { Adder } from './rows/people-rows';
import { nameless } from './rows/people-rows';

/** What one import is about. */
export interface ImportRun {
  original: Original;
  report: Report;
  /** By id: the channels that are the original's here too. What belongs to any other is not taken. */
  channels: ReadonlyMap<string, TakenChannel>;
  /** Usernames by account id, as the original last knew them. */
  names: ReadonlyMap<string, string>;
  /** Makes of a key that was made of names, ids or words one that says nothing of them. */
  veiled: (key: string) => string;
  /** The greatest id of a message before this import, or before the broken-off one that it goes on with. */
  lastMessageBefore: number;
}

export interface TakenChannel {
  /** What senders without a name are and may have been called. */
  labels: readonly string[];
  /** Numbers up to this one were given by the original before it was first imported. */
  anonymousCounter: number;
}

export function nameOf({ names }: ImportRun, { name, centralauthId }: Adder): string {
  return name ?? names.get(centralauthId ?? '') ?? nameless(centralauthId);
}
