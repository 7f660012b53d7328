import fc from 'fast-check';
import { barsOf, SERIES } from '../../public/js/admin/minute-bars.js';

const SIZE = { width: 600, height: 120 };
const NOTHING = { queued: 0, approved: 0, duplicate: 0, dropped: 0, ignored: 0, refused: 0 };

const aCount = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 6_000 }));
const anHour = fc.array(fc.record(Object.fromEntries(SERIES.map((name) => [name, aCount])) as never), {
  minLength: 1,
  maxLength: 60,
}) as fc.Arbitrary<(typeof NOTHING)[]>;

const taken = ({ refused: _refused, ...others }: typeof NOTHING) => Object.values(others).reduce((a, b) => a + b, 0);

describe('the bars of an hour', () => {
  it('stand side by side within the picture, what was taken above the baseline and what was refused below', () => {
    fc.assert(
      fc.property(anHour, (hour) => {
        const { bars, baseline } = barsOf(hour, SIZE);
        let end = 0;
        for (const { index, x, width, pieces } of bars) {
          expect(x).toBeGreaterThanOrEqual(end);
          end = x + width;
          expect(Math.floor((x / SIZE.width) * hour.length)).toBe(index);
          let top = baseline;
          for (const { name, y, height } of pieces) {
            if (name === 'refused') {
              expect(y).toBeCloseTo(baseline, 6);
              expect(y + height).toBeLessThanOrEqual(SIZE.height + 1e-6);
            } else {
              expect(y + height).toBeCloseTo(top, 6);
              top = y;
            }
          }
          expect(top).toBeGreaterThanOrEqual(-1e-6);
        }
        expect(end).toBeLessThanOrEqual(SIZE.width);
      }),
    );
  });

  it('are as high as what was taken, on one scale', () => {
    fc.assert(
      fc.property(anHour, (hour) => {
        const { bars, baseline, most } = barsOf(hour, SIZE);
        expect(bars.map(({ index }) => index)).toEqual(
          hour.flatMap((minute, i) => (taken(minute) + minute.refused > 0 ? [i] : [])),
        );
        for (const { index, pieces } of bars) {
          for (const { name, height } of pieces.filter((piece) => piece.name !== 'refused')) {
            const count = hour[index][name as keyof typeof NOTHING];
            expect(height).toBeCloseTo((count / most) * baseline, 6);
          }
        }
        expect(most).toBe(Math.max(5, ...hour.map(taken)));
      }),
    );
  });

  it('of a flood of refused requests leave half the picture to what was taken', () => {
    const { bars, baseline } = barsOf(
      [
        { ...NOTHING, queued: 10 },
        { ...NOTHING, refused: 100_000 },
      ],
      SIZE,
    );
    expect(baseline).toBe(60);
    expect(bars.map(({ pieces }) => pieces[0].height)).toEqual([60, 60]);
  });
});
