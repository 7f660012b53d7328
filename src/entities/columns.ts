import { ValueTransformer } from 'typeorm';

/**
 * Epoch milliseconds and large counters live in bigint columns: no database's own date type keeps milliseconds and
 * zone alike on all three. Drivers hand a bigint back as a number or as a string, so it is made a number here.
 */
export const wholeNumber: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: number | string | null) => (value === null ? null : Number(value)),
};

/** A short list of strings as JSON text. */
export const stringList: ValueTransformer = {
  to: (value: string[] | undefined) => (value === undefined ? undefined : JSON.stringify(value)),
  from: (value: string) => JSON.parse(value) as string[],
};

/** A short list of plain objects as JSON text; an empty one where there is none. */
export const listOf = <T>(): ValueTransformer => ({
  to: (value: T[] | undefined) => (value === undefined ? undefined : JSON.stringify(value)),
  from: (value: string | null) => (value === null ? [] : (JSON.parse(value) as T[])),
});

export const ID_LENGTH = 64;
export const NAME_LENGTH = 255;
/** base64url of a SHA-256. */
export const DIGEST_LENGTH = 43;
