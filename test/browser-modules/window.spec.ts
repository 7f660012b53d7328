import fc from 'fast-check';
import { compareIds, QueueWindow } from '../../public/js/queue/window.js';
import { STATUSES } from '../../src/moderation/decision';

const message = (id: number, over: Partial<CardMessage> = {}): CardMessage => ({
  id: String(id),
  status: 'queued',
  revision: 0,
  type: id % 3 === 0 ? 'emoji' : 'text',
  language: 'en',
  text: `text ${id}`,
  screenName: 'Alice',
  ...over,
});

const isText = ({ type }: CardMessage) => type === 'text';
const idsOf = ({ cards }: QueueWindow) => cards.map(({ id }) => Number(id));

/** A queue as a server has it, newest first, and pages of it. */
const queue = (length: number) => Array.from({ length }, (_, index) => message(1000 - index));
const pageOf = (all: CardMessage[], offset: number, limit: number) => ({
  messages: all.slice(offset, offset + limit),
  total: all.length,
});

function windowAt(all: CardMessage[], offset: number, limit: number): QueueWindow {
  const window = new QueueWindow();
  window.load(pageOf(all, offset, limit), offset);
  return window;
}

const push = fc.record({
  id: fc.integer({ min: 985, max: 1010 }),
  revision: fc.nat(2),
  status: fc.constantFrom(...STATUSES),
});
const pushes = fc.array(push, { maxLength: 30 }).map((list) => list.map(({ id, ...state }) => message(id, state)));

describe('merging pushes', () => {
  it('leaves the same window in any order, in any portions and when some come twice', () => {
    const shuffled = pushes.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 }),
        fc.integer({ min: 1, max: 5 }),
      ),
    );
    fc.assert(
      fc.property(shuffled, fc.nat(8), ([inOrder, again, portion], offset) => {
        const [one, other] = [windowAt(queue(20), offset, 10), windowAt(queue(20), offset, 10)];
        one.merge(inOrder);
        for (let at = 0; at < again.length; at += portion) other.merge(again.slice(at, at + portion));
        expect(idsOf(other)).toEqual(idsOf(one));
        expect(other.cards.map(({ revision }) => revision)).toEqual(one.cards.map(({ revision }) => revision));
        expect([other.waiting, other.offset]).toEqual([one.waiting, one.offset]);
      }),
    );
  });

  it('shows a card only while the greatest state heard of it is queued', () => {
    const window = windowAt(queue(3), 0, 10);
    window.merge([message(1000, { status: 'rejected' }), message(1000), message(999, { status: 'approved' })]);
    expect(idsOf(window)).toEqual([998]);
    window.merge([message(999, { revision: 1 }), message(999, { status: 'rejected' })]);
    expect(idsOf(window)).toEqual([999, 998]);
  });

  it('takes arrivals only where the window reaches the newest card, and counts them everywhere', () => {
    const [top, below] = [windowAt(queue(30), 0, 10), windowAt(queue(30), 10, 10)];
    for (const window of [top, below]) window.merge([message(1001), message(1002)]);
    expect(idsOf(top).slice(0, 3)).toEqual([1002, 1001, 1000]);
    expect([top.waiting, top.offset]).toEqual([32, 0]);
    expect(idsOf(below)[0]).toBe(990);
    expect([below.waiting, below.offset]).toEqual([32, 12]);
  });

  it('shows and counts only what the filter lets through', () => {
    const window = new QueueWindow(isText);
    window.load({ messages: [], total: 0 }, 0);
    window.merge([message(3), message(4), message(6), message(7)]);
    expect(idsOf(window)).toEqual([7, 4]);
    expect(window.waiting).toBe(2);
  });
});

describe('the reach of the window', () => {
  it('grows to the whole queue by pages that overlap, from wherever it began', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.nat(119), (length, start) => {
        const all = queue(length);
        const window = windowAt(all, Math.min(start, length - 1), 20);
        for (let steps = 0; (window.hasNewer || window.hasOlder) && steps < 40; steps += 1) {
          const offset = window.hasNewer ? Math.max(0, window.offset - 15) : window.offset + window.cards.length - 5;
          expect(window.extend(pageOf(all, offset, 20), offset)).toBe(true);
        }
        expect(idsOf(window)).toEqual(all.map(({ id }) => Number(id)));
        expect(window.waiting).toBe(length);
      }),
    );
  });

  it('refuses a page that does not touch it, for there may be cards between', () => {
    const all = queue(60);
    const window = windowAt(all, 0, 10);
    expect(window.extend(pageOf(all, 20, 10), 20)).toBe(false);
    expect(idsOf(window)).toHaveLength(10);
  });

  it('lets go of what is far away, and gets it back', () => {
    const all = queue(60);
    const window = windowAt(all, 0, 60);
    window.trim(30, 10);
    expect(idsOf(window)).toEqual(all.slice(20, 41).map(({ id }) => Number(id)));
    expect([window.offset, window.hasNewer, window.hasOlder, window.waiting]).toEqual([20, true, true, 60]);
    expect(window.extend(pageOf(all, 0, 30), 0)).toBe(true);
    expect(window.extend(pageOf(all, 30, 30), 30)).toBe(true);
    expect(idsOf(window)).toHaveLength(60);
    expect([window.hasNewer, window.hasOlder]).toEqual([false, false]);
  });

  it('keeps a decision that a page read too early does not know of', () => {
    const all = queue(30);
    const window = windowAt(all, 0, 20);
    window.merge([message(990, { status: 'rejected' })]);
    window.extend(pageOf(all, 5, 25), 5);
    expect(idsOf(window)).not.toContain(990);
  });
});

describe('a card that is being decided', () => {
  it('is gone and not counted, and is back when it was not decided after all', () => {
    const window = windowAt(queue(3), 0, 10);
    window.hold('999');
    expect(idsOf(window)).toEqual([1000, 998]);
    expect(window.waiting).toBe(2);
    window.release('999');
    expect(idsOf(window)).toEqual([1000, 999, 998]);
    expect(window.waiting).toBe(3);
  });

  it('stays gone when its decision has been heard of before the answer', () => {
    const window = windowAt(queue(3), 0, 10);
    window.hold('999');
    window.merge([message(999, { status: 'approved' })]);
    window.release('999');
    expect(idsOf(window)).toEqual([1000, 998]);
    expect(window.waiting).toBe(2);
  });
});

it('orders ids as the numbers they are, however long', () => {
  expect(['10', '9', '1000000000000000000001', '100'].sort(compareIds)).toEqual([
    '9',
    '10',
    '100',
    '1000000000000000000001',
  ]);
});
