// Types of the browser's modules as far as their tests use them.

interface CardMessage {
  id: string;
  status: import('../../src/moderation/decision').Status;
  revision: number;
  type: string;
  language: string | null;
  text: string;
  screenName: string;
}

declare module '*/public/js/decision.js' {
  import type { State, Status } from '../../src/moderation/decision';
  export const STATUSES: readonly Status[];
  export function rankOf(status: Status): number;
  export function merge(a: State, b: State): State;
  export function mergeMessages(known: CardMessage, heard: CardMessage): CardMessage;
}

declare module '*/public/js/queue/window.js' {
  interface Page {
    messages: CardMessage[];
    total: number;
  }
  export function compareIds(a: string, b: string): number;
  export class QueueWindow {
    constructor(matches?: (message: CardMessage) => boolean);
    readonly cards: CardMessage[];
    readonly waiting: number;
    readonly offset: number;
    readonly hasNewer: boolean;
    readonly hasOlder: boolean;
    load(page: Page, offset: number): void;
    extend(page: Page, offset: number): boolean;
    merge(messages: CardMessage[]): void;
    hold(id: string): void;
    release(id: string): void;
    trim(centre: number, most: number): void;
  }
}

declare module '*/public/js/queue/filter.js' {
  interface Filter {
    type: string;
    languages: string[];
    q: string;
  }
  export function queryOf(filter: Filter): URLSearchParams;
  export function matcherOf(filter: Filter): (message: CardMessage) => boolean;
}

declare module '*/public/js/admin/minute-bars.js' {
  interface Piece {
    name: string;
    y: number;
    height: number;
  }
  interface Bar {
    index: number;
    x: number;
    width: number;
    pieces: Piece[];
  }
  type Minute = Record<'queued' | 'approved' | 'duplicate' | 'dropped' | 'ignored' | 'refused', number>;
  export const SERIES: readonly (keyof Minute)[];
  export function barsOf(
    perMinute: Minute[],
    size: { width: number; height: number },
  ): { bars: Bar[]; baseline: number; most: number };
}

declare module '*/public/js/avatar.js' {
  export function initialsOf(name: string): string;
  export function hueOf(key: string): number;
}
