import { Transform } from 'class-transformer';

/** `a=` means the same as leaving `a` out. */
export const emptyIsAbsent = () => Transform(({ value }: { value: unknown }) => (value === '' ? undefined : value));

/** Digits as a number, nothing as absent; anything else stays what it is, for the validators to refuse. */
export const asNumber = () =>
  Transform(({ value }: { value: unknown }) => {
    if (value === '') return undefined;
    return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  });

/** `a=1&a=2` comes as a list, `a=1` as a string, `a=` means no filter. */
export const asList = () =>
  Transform(({ value }: { value: unknown }) => (value === undefined || value === '' ? undefined : [value].flat()));
