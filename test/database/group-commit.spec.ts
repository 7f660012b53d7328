import fc from 'fast-check';
import { GroupCommit } from '../../src/database/group-commit';

const MAX_ITEMS = 500;
const MAX_BYTES = 2 * 1024 * 1024;

type Kind = 'good' | 'bad' | 'away';
interface Item {
  n: number;
  bytes: number;
  kind: Kind;
}

class Away extends Error {}

/** Records what is written; takes a few turns for it, as a database does. */
class Writer {
  readonly batches: Item[][] = [];
  atOnce = 0;
  mostAtOnce = 0;

  readonly commits = new GroupCommit<Item, string>(
    (items) => this.write(items),
    (error) => error instanceof Away,
  );

  private async write(items: Item[]): Promise<string[]> {
    this.batches.push(items);
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    await turns(3);
    this.atOnce -= 1;
    if (items.some(({ kind }) => kind === 'away')) throw new Away();
    if (items.some(({ kind }) => kind === 'bad')) throw new Error('bad');
    return items.map(({ n }) => `answer ${n}`);
  }

  add(item: Item): Promise<string> {
    return this.commits.add(item, item.bytes);
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const good = (n: number, bytes = 1): Item => ({ n, bytes, kind: 'good' });
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const settled = async (promise: Promise<string>): Promise<string> =>
  promise.catch((error: unknown) => (error instanceof Away ? 'away' : 'bad'));

const anArrival = fc.record({
  kind: fc.constantFrom<Kind[]>('good', 'good', 'good', 'good', 'good', 'bad', 'away'),
  bytes: fc.oneof(fc.nat({ max: 100 }), fc.nat({ max: MAX_BYTES })),
  /** Turns of the event loop before the next one comes. */
  pause: fc.oneof(fc.constant(0), fc.nat({ max: 8 })),
});

describe('Group commit', () => {
  test('answers each item with its own result, in whatever company and at whatever pace they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anArrival, { minLength: 1, maxLength: 40 }), async (arrivals) => {
        const writer = new Writer();
        const answers: Promise<string>[] = [];
        for (const [n, { kind, bytes, pause }] of arrivals.entries()) {
          answers.push(settled(writer.add({ n, kind, bytes })));
          await turns(pause);
        }
        const results = await Promise.all(answers);

        const neverRefused = arrivals.every(({ kind }) => kind !== 'away');
        for (const [n, { kind }] of arrivals.entries()) {
          const fair = kind === 'good' ? [`answer ${n}`] : [kind];
          // Only when the database goes away do the innocent suffer, with what was to be written beside and after.
          expect(neverRefused ? fair : [...fair, 'away']).toContain(results[n]);
        }
        expect(writer.mostAtOnce).toBe(1);
        for (const batch of writer.batches) {
          expect(batch.length).toBeLessThanOrEqual(MAX_ITEMS);
          const bytes = batch.reduce((sum, item) => sum + item.bytes, 0);
          expect(batch.length === 1 || bytes <= MAX_BYTES).toBe(true);
        }
        // In the order of arrival: each is written for the first time after those before it.
        const first = writer.batches
          .flat()
          .map(({ n }) => n)
          .filter((n, i, all) => all.indexOf(n) === i);
        expect(first).toEqual(first.toSorted((a, b) => a - b));
        expect(writer.commits.pending).toEqual({ items: 0, bytes: 0 });
      }),
      { numRuns: 150 },
    );
  });

  test('answers in the order of the items', async () => {
    const writer = new Writer();
    const order: string[] = [];
    await Promise.all(times(20, (n) => writer.add(good(n)).then((answer) => order.push(answer))));
    expect(order).toEqual(times(20, (n) => `answer ${n}`));
    expect(writer.batches).toHaveLength(1);
  });

  test('waits for those who come one a turn, and writes what comes meanwhile as the next batch', async () => {
    const writer = new Writer();
    const answers: Promise<string>[] = [];
    // A new connection for each request gives one a turn.
    for (let n = 0; n < 5; n += 1) {
      answers.push(writer.add(good(n)));
      await turns(1);
    }
    while (writer.batches.length === 0) await turns(1);
    for (let n = 5; n < 9; n += 1) answers.push(writer.add(good(n)));
    expect(writer.commits.pending).toEqual({ items: 4, bytes: 4 });
    await Promise.all(answers);
    expect(writer.batches.map((batch) => batch.map(({ n }) => n))).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
  });

  test('waits ten milliseconds at most when the stream never pauses', async () => {
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    const writer = new Writer();
    const answers: Promise<string>[] = [];
    // Somebody comes in every turn, for ever: there is no idle one to wait for.
    for (let n = 0; n < 100; n += 1) {
      answers.push(writer.add(good(n)));
      now += 0.5;
      await turns(1);
    }
    clock.mockRestore();
    await Promise.all(answers);
    // Twenty come within the ten milliseconds, and up to four more in the turns that writing takes.
    expect(Math.max(...writer.batches.map((batch) => batch.length))).toBeLessThanOrEqual(25);
  });

  test('writes no more at once than the database takes, by number and by size', async () => {
    const many = new Writer();
    await Promise.all(times(1_201, (n) => many.add(good(n))));
    expect(many.batches.map((batch) => batch.length)).toEqual([500, 500, 201]);
    const large = new Writer();
    await Promise.all(times(5, (n) => large.add(good(n, MAX_BYTES / 2))));
    expect(large.batches.map((batch) => batch.length)).toEqual([2, 2, 1]);
    const huge = new Writer();
    await Promise.all(times(3, (n) => huge.add(good(n, n === 1 ? 2 * MAX_BYTES : 1))));
    expect(huge.batches.map((batch) => batch.length)).toEqual([1, 1, 1]);
  });

  test('lets a bad item fail alone, after one attempt at all of them', async () => {
    const writer = new Writer();
    const items = times(6, (n): Item => ({ n, bytes: 1, kind: n === 1 || n === 4 ? 'bad' : 'good' }));
    expect(await Promise.all(items.map((item) => settled(writer.add(item))))).toEqual([
      ...['answer 0', 'bad', 'answer 2', 'answer 3', 'bad', 'answer 5'],
    ]);
    expect(writer.batches.map((batch) => batch.length)).toEqual([6, 1, 1, 1, 1, 1, 1]);
    const alone = new Writer();
    expect(await settled(alone.add({ n: 0, bytes: 1, kind: 'bad' }))).toBe('bad');
    expect(alone.batches).toHaveLength(1);
  });

  test('tries nothing again while the database is away, and goes on when it is back', async () => {
    const writer = new Writer();
    const items = times(6, (n): Item => ({ n, bytes: 1, kind: n === 3 ? 'away' : 'good' }));
    expect(await Promise.all(items.map((item) => settled(writer.add(item))))).toEqual(Array(6).fill('away'));
    expect(writer.batches).toHaveLength(1);
    expect(await writer.add(good(7))).toBe('answer 7');
  });

  test('stops trying one by one when the database goes away in the middle', async () => {
    const writes: number[][] = [];
    const commits = new GroupCommit<number, number>(
      (items) => {
        writes.push(items);
        return Promise.reject(items.includes(2) && items.length === 1 ? new Away() : new Error('bad'));
      },
      (error) => error instanceof Away,
    );
    const answers = await Promise.all(
      times(6, (n) => commits.add(n, 1).catch((error: Error) => error.constructor.name)),
    );
    expect(answers).toEqual(['Error', 'Error', 'Away', 'Away', 'Away', 'Away']);
    expect(writes).toEqual([[0, 1, 2, 3, 4, 5], [0], [1], [2]]);
  });
});
