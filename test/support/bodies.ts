/** What malformed-bodies.ts and salvageable-bodies.ts are made of: bytes made from `now`, epoch milliseconds. */

export interface TestBody {
  /** `field: fault`. */
  name: string;
  field: string;
  /** What is wrong with the field. No two entries of a table have the same field and fault. */
  fault: string;
  body: (now: number) => Buffer;
}

export interface MalformedBody extends TestBody {
  status: 400;
}

export interface SalvageableBody extends TestBody {
  /** What the API shows of it, in a channel as it is made. */
  expect: Partial<{
    text: string;
    type: 'text' | 'emoji' | 'qa';
    /** Null for one made of the channel's label and a number. */
    screenName: string | null;
    wikiUsername: string | null;
    senderId: string | null;
    centralauthId: string | null;
    profileImage: string | null;
    language: string | null;
    sourceId: string;
  }>;
}

export type Fields = Record<string, unknown>;
/** A value that depends on the time. */
export type At = (now: number) => unknown;

export const iso = (time: number): string => new Date(time).toISOString();

/** An event as Eventyay sends it, with other values in some fields; `undefined` leaves a field out. */
export function eventyayEvent(now: number, overrides: Fields): Fields {
  return {
    message_id: 'm',
    channel: '550e8400-e29b-41d4-a716-446655440000',
    timestamp: iso(now),
    screen_name: 'Alice',
    sender_id: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
    centralauth_id: 42,
    centralauth_username: 'Alice (WMF)',
    message: 'Great talk so far!',
    message_type: 'text',
    profile_img: null,
    user_language: null,
    meta: {},
    ...overrides,
  };
}
