import fc from 'fast-check';
import type { ChannelHead } from '../../src/feed/published';
import { RenderingCache } from '../../src/feed/rendering-cache';

const rendering = (size: number) => ({
  head: { description: '' } as ChannelHead,
  body: Buffer.alloc(size),
  etag: '""',
});

it('keeps what was used last, in so many bytes', () => {
  const key = fc.constantFrom(...'abcdefgh');
  const use = fc.record({ key, size: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined }) });
  fc.assert(
    fc.property(fc.array(use, { maxLength: 60, size: 'max' }), (uses) => {
      const capacity = 100_000;
      const cache = new RenderingCache(capacity);
      const sizes = new Map<string, number>();
      let recent: string[] = [];
      for (const { key, size } of uses) {
        if (size === undefined) {
          if (!cache.get(key)) continue;
        } else {
          cache.set(key, rendering(size));
          sizes.set(key, size);
        }
        recent = [key, ...recent.filter((other) => other !== key)];
        // Each costs its body and about a kilobyte; what does not fit goes, the longest unused first.
        let bytes = 0;
        const tooMany = recent.findIndex((other) => (bytes += (sizes.get(other) ?? 0) + 1_000) > capacity);
        if (tooMany !== -1) recent = recent.slice(0, tooMany);
      }
      for (const other of 'abcdefgh') expect(cache.get(other) !== undefined).toBe(recent.includes(other));
    }),
  );
});

it('does not keep what is larger than all of it', () => {
  const cache = new RenderingCache(5_000);
  cache.set('a', rendering(100));
  cache.set('b', rendering(10_000));
  expect(cache.get('b')).toBeUndefined();
});
