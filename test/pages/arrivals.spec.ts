import fc from 'fast-check';
import { type IntakeMinute, minuteOf } from '../../src/entities/intake-minute.entity';
import { ratePerMinute, silentSince } from '../../src/pages/arrivals';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 7, 5, 9, 30);

const NOTHING = { queued: 0, approved: 0, duplicate: 0, dropped: 0, ignored: 0, refused: 0 };
/** A minute so long ago, in which so much came. */
const ago = (minutes: number, counts: Partial<IntakeMinute>, now = NOW): IntakeMinute => ({
  channelId: 'c',
  minute: minuteOf(now) - minutes,
  ...NOTHING,
  ...counts,
});

describe('the rate of arrivals', () => {
  it('is the mean of five minutes, counts whatever became of a message, and nothing that was refused', () => {
    const counts = { queued: 1, approved: 2, duplicate: 3, dropped: 4, ignored: 5, refused: 100 };
    expect(ratePerMinute([ago(1, counts)], NOW)).toBe(3);
    expect(ratePerMinute([], NOW)).toBe(0);
  });

  it('forgets what came more than five minutes ago', () => {
    const minutes = [ago(6, { queued: 1_000 }), ago(5, { queued: 10 }), ago(4, { queued: 5 })];
    expect(ratePerMinute(minutes, NOW)).toBe(3);
    expect(ratePerMinute(minutes, NOW + MINUTE / 2)).toBe(2);
    expect(ratePerMinute(minutes, NOW + MINUTE)).toBe(1);
  });

  it('of a steady stream is that stream at every second of a minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6_000 }), fc.integer({ min: 0, max: MINUTE - 1 }), (steady, passed) => {
        const minutes = [1, 2, 3, 4, 5].map((age) => ago(age, { queued: steady }));
        const present = ago(0, { queued: (steady * passed) / MINUTE });
        expect(ratePerMinute([...minutes, present], NOW + passed)).toBeCloseTo(steady, 6);
      }),
    );
  });
});

describe('silence', () => {
  const channel = { active: true, archivedAt: null, createdAt: 0, openedAt: null, silenceWarningMinutes: 10 };
  const at = (minutes: number) => NOW - minutes * MINUTE;

  it.each([
    ['shorter than the limit', channel, at(10) + 1, null],
    ['as long as the limit', channel, at(10), at(10)],
    ['without a limit', { ...channel, silenceWarningMinutes: null }, at(10_000), null],
    ['of a channel that takes nothing', { ...channel, active: false }, at(60), null],
    ['of an archived channel', { ...channel, archivedAt: NOW }, at(60), null],
    ['since it was made, before anything has ever come', { ...channel, createdAt: at(11) }, null, at(11)],
    ['of a channel that was just made', { ...channel, createdAt: at(1) }, null, null],
    [
      'of a channel that was just made, and imported what came long ago',
      { ...channel, createdAt: at(1) },
      at(60),
      at(60),
    ],
    ['since it was opened, before anything came', { ...channel, openedAt: at(11) }, null, at(11)],
    ['of a channel that was just opened', { ...channel, openedAt: at(1) }, at(600), null],
    ['since it was opened, with older messages', { ...channel, openedAt: at(20) }, at(600), at(20)],
  ])('%s', (_, of, lastReceivedAt, expected) => {
    expect(silentSince(of, lastReceivedAt, NOW)).toBe(expected);
  });
});
