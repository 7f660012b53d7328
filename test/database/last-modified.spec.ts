import fc from 'fast-check';
import { madeBefore, nextModified, sendable } from '../../src/database/last-modified';

/** What happens at a channel: time passes, a process publishes some versions, a process answers with the current one. */
type Event = { pass: number } | { process: number; publish: number } | { process: number; answer: true };

const START = 1_763_800_000_000;

function history(processes: number) {
  const process = fc.nat(processes - 1);
  const event: fc.Arbitrary<Event> = fc.oneof(
    { weight: 2, arbitrary: fc.record({ pass: fc.oneof(fc.nat(1_500), fc.nat(90_000)) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        process,
        publish: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 40, max: 80 })),
      }),
    },
    { weight: 3, arbitrary: fc.record({ process, answer: fc.constant(true as const) }) },
  );
  return fc.array(event, { maxLength: 80, size: 'max' });
}

/**
 * @param skews milliseconds by which the clock of each process is wrong
 * @returns the versions that were sent with a date, as [version, date], in the order of sending; no date was later than
 *   the clock of its process, and none told more of the version's age than is true
 */
function sent(events: Event[], skews: number[]): [version: number, date: number][] {
  let ms = START;
  let version = 0;
  let modified = 0;
  let madeAt = 0;
  const answers: [number, number][] = [];
  const clock = (process: number) => Math.floor((ms + (skews[process] ?? 0)) / 1000);
  for (const event of events) {
    if ('pass' in event) ms += event.pass;
    else if ('publish' in event) {
      for (let i = 0; i < event.publish; i++) {
        modified = nextModified(modified, clock(event.process));
        version += 1;
        madeAt = Math.floor(ms / 1000);
      }
    } else if (sendable(modified, clock(event.process))) {
      expect(modified).toBeLessThan(clock(event.process));
      expect(madeBefore(modified)).toBeGreaterThan(madeAt);
      answers.push([version, modified]);
    }
  }
  return answers;
}

function expectNoDateTwice(answers: [version: number, date: number][]): void {
  for (const [i, [version, date]] of answers.entries()) {
    const previous = answers[i - 1];
    if (!previous) continue;
    if (version === previous[0]) expect(date).toBe(previous[1]);
    else expect(date).toBeGreaterThan(previous[1]);
  }
}

it('of the versions sent with a date, each has a later one than the one before', () => {
  fc.assert(fc.property(history(1), (events) => expectNoDateTwice(sent(events, [0]))));
});

it('so it is when the clocks of the processes differ by up to five seconds', () => {
  const skews = fc.array(fc.nat(5_000), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(history(3), skews, (events, wrongBy) => expectNoDateTwice(sent(events, wrongBy))),
    { numRuns: 500 },
  );
});

it('a date trails the change by at most about a minute, is never ahead of it, and never goes back', () => {
  const start = fc.integer({ min: 0, max: 2_000_000_000 });
  fc.assert(
    fc.property(start, fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 300, size: 'max' }), (begin, steps) => {
      let now = begin;
      let modified = 0;
      for (const step of steps) {
        now += step;
        const next = nextModified(modified, now);
        expect(next).toBeGreaterThanOrEqual(Math.max(now - 65, modified));
        expect(next).toBeLessThanOrEqual(now);
        modified = next;
      }
    }),
  );
});

it('an hour that the clock goes back does not take the date back', () => {
  expect(nextModified(10_000, 6_400)).toBeGreaterThanOrEqual(10_000);
});

it('at a human pace the date is always sent, at once, and is another one', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 50 }), (steps) => {
      let now = 1_763_800_000;
      let modified = 0;
      for (const step of steps) {
        now += step;
        const before = modified;
        modified = nextModified(modified, now);
        expect(modified).toBeGreaterThan(before);
        expect(sendable(modified, now)).toBe(true);
      }
    }),
  );
});
