import fc from 'fast-check';
import { isNotModified } from '../../src/feed/conditional';

const etag = '"7-abc"';
const lastModified = 1_763_800_000;
const now = lastModified + 100;
const madeBefore = lastModified + 66;
const date = (seconds: number) => new Date(seconds * 1000).toUTCString();

describe('If-None-Match', () => {
  it.each([
    ['the tag', etag, true],
    ['the tag, marked weak by a proxy', `W/${etag}`, true],
    ['a list with it', `"6-x", ${etag}`, true],
    ['a list without blanks', `"6-x",W/${etag}`, true],
    ['a tag with a comma before it', `"6,x", ${etag}`, true],
    ['anything', '*', true],
    ['anything, with blanks', ' * ', true],
    ['another tag', '"7-abd"', false],
    ['a tag that begins like it', '"7-abc', false],
    ['the tag without quotes', '7-abc', false],
    ['a longer tag', '"17-abc"', false],
    ['a star among tags', '"*"', false],
    ['nothing', '', false],
    ['rubbish', '"""', false],
  ])('%s', (_, ifNoneMatch, expected) => {
    expect(isNotModified({ ifNoneMatch }, { etag, lastModified, madeBefore }, now)).toBe(expected);
    // It wins over the date, whatever that says.
    expect(isNotModified({ ifNoneMatch, ifModifiedSince: date(now) }, { etag, lastModified, madeBefore }, now)).toBe(
      expected,
    );
    expect(
      isNotModified({ ifNoneMatch, ifModifiedSince: date(0) }, { etag, lastModified: null, madeBefore }, now),
    ).toBe(expected);
  });
});

describe('If-Modified-Since', () => {
  it.each([
    ['the very date', date(lastModified), true],
    ['the same in another format', 'Saturday, 22-Nov-25 08:26:40 GMT', true],
    ['a later date, at which it may not have been there', date(madeBefore - 1), false],
    ['a date at which it was there', date(madeBefore), true],
    ['now', date(now), true],
    ['a date to come', date(now + 1), false],
    ['an earlier date', date(lastModified - 1), false],
    ['no date', 'yesterday', false],
    ['nothing', '', false],
  ])('%s', (_, ifModifiedSince, expected) => {
    expect(isNotModified({ ifModifiedSince }, { etag, lastModified, madeBefore }, now)).toBe(expected);
  });

  it('never counts while the date is withheld', () => {
    expect(isNotModified({ ifModifiedSince: date(lastModified) }, { etag, lastModified: null, madeBefore }, now)).toBe(
      false,
    );
  });
});

it('without conditions everything is news', () => {
  expect(isNotModified({}, { etag, lastModified, madeBefore }, now)).toBe(false);
});

it('no header takes longer than its length, and only what quotes the tag matches', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('"', 'W', '/', ',', ' ', '*', 'x'), maxLength: 2000 }),
      (ifNoneMatch) => {
        expect(isNotModified({ ifNoneMatch }, { etag, lastModified, madeBefore }, now)).toBe(
          ifNoneMatch.trim() === '*',
        );
        expect(
          isNotModified(
            { ifNoneMatch: `${ifNoneMatch.replaceAll('"', '')}${etag}` },
            { etag, lastModified, madeBefore },
            now,
          ),
        ).toBe(true);
      },
    ),
  );
});
