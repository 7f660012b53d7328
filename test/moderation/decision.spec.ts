import fc from 'fast-check';
import {
  decide,
  Decision,
  effect,
  merge,
  precondition,
  rankOf,
  State,
  STATUSES,
  statusOf,
} from '../../src/moderation/decision';
import { aDecision, aReconsideration, aRise, aState } from '../support/arbitraries';

const law = (property: fc.IProperty<unknown>): void => fc.assert(property, { numRuns: 1_000 });
const after = (state: State, ...decisions: Decision[]): State =>
  decisions.reduce((current, decision) => decide(current, decision) ?? current, state);
const same = (a: State, b: State): boolean => a.revision === b.revision && a.rank === b.rank;

describe('highlight, approve and reject', () => {
  it('commute', () => {
    law(fc.property(aState, aRise, aRise, (s, a, b) => expect(after(s, a, b)).toEqual(after(s, b, a))));
  });

  it('lead to the same state in every order, however often each is repeated', () => {
    const shuffled = fc
      .array(aRise, { maxLength: 6 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })));
    law(fc.property(aState, shuffled, (s, [once, twice]) => expect(after(s, ...twice)).toEqual(after(s, ...once))));
  });

  it('associate: deciding after a merge is merging after deciding', () => {
    law(
      fc.property(aState, aState, aRise, (s, t, d) => {
        expect(after(merge(s, t), d)).toEqual(merge(after(s, d), after(t, d)));
      }),
    );
  });

  it('are effective at most once', () => {
    law(fc.property(aState, aRise, (s, d) => expect(decide(after(s, d), d)).toBeNull()));
  });

  it('only raise, and only within a revision', () => {
    law(
      fc.property(aState, aRise, (s, d) => {
        const next = decide(s, d);
        if (next === null) return;
        expect(next.revision).toBe(s.revision);
        expect(next.rank).toBeGreaterThan(s.rank);
      }),
    );
  });

  it('merge the state with the decided one', () => {
    law(
      fc.property(aState, aRise, (s, d) => {
        const decided = { revision: s.revision, rank: effect(d).rank };
        expect(after(s, d)).toEqual(decide(s, d) === null ? s : merge(s, decided));
      }),
    );
  });

  it('leave a reject standing, whatever is said afterwards', () => {
    law(
      fc.property(aState, fc.array(aRise), (s, rises) => {
        expect(after(s, { decision: 'reject' }, ...rises).rank).toBe(rankOf('rejected'));
      }),
    );
  });

  it('count in the revision they name, a reject in any', () => {
    law(
      fc.property(aState, aRise, (s, d) => {
        const elsewhere = d.revision !== undefined && d.revision !== s.revision;
        const raises = effect(d).rank > s.rank;
        expect(decide(s, d) !== null).toBe(raises && (d.decision === 'reject' || !elsewhere));
      }),
    );
  });
});

describe('reconsider', () => {
  it('wins only from the state that was seen, and only to another', () => {
    law(
      fc.property(aState, aReconsideration, (s, d) => {
        const seen = s.revision === d.revision && s.rank === rankOf(d.status);
        const expected = seen && d.to !== d.status ? { revision: s.revision + 1, rank: rankOf(d.to) } : null;
        expect(decide(s, d)).toEqual(expected);
      }),
    );
  });

  it('of two who saw the same lets one through', () => {
    law(
      fc.property(aReconsideration, aReconsideration, (a, b) => {
        fc.pre(a.to !== a.status);
        const seen = { revision: a.revision, rank: rankOf(a.status) };
        expect(decide(after(seen, a), { ...b, revision: a.revision, status: a.status })).toBeNull();
      }),
    );
  });

  it('opens a revision in which a decision on the one before is superseded, unless it rejects', () => {
    const undone: State = { revision: 1, rank: 0 };
    expect(decide(undone, { decision: 'approve', revision: 0 })).toBeNull();
    expect(decide(undone, { decision: 'highlight', revision: 0 })).toBeNull();
    expect(decide(undone, { decision: 'reject', revision: 0 })).toEqual({ revision: 1, rank: 3 });
    expect(decide(undone, { decision: 'approve', revision: 1 })).toEqual({ revision: 1, rank: 2 });
    expect(decide(undone, { decision: 'approve' })).toEqual({ revision: 1, rank: 2 });
  });
});

describe('every decision', () => {
  it('leads to a state greater than it came from, or changes nothing', () => {
    law(
      fc.property(aState, aDecision, (s, d) => {
        const next = decide(s, d);
        if (next === null) return;
        expect(same(next, s)).toBe(false);
        expect(merge(s, next)).toEqual(next);
      }),
    );
  });

  it('is effective where its precondition holds, and nowhere else', () => {
    law(
      fc.property(aState, aDecision, (s, d) => {
        const { rankBelow = 4, rankIs = s.rank, revisionIs = s.revision } = precondition(d);
        const holds = s.rank < rankBelow && s.rank === rankIs && s.revision === revisionIs;
        expect(decide(s, d) !== null).toBe(holds);
      }),
    );
  });

  it('says in its precondition what the SQL asks for', () => {
    expect(precondition({ decision: 'reject', revision: 2 })).toEqual({ rankBelow: 3 });
    expect(precondition({ decision: 'approve' })).toEqual({ rankBelow: 2 });
    expect(precondition({ decision: 'highlight', revision: 2 })).toEqual({ rankBelow: 1, revisionIs: 2 });
    expect(precondition({ decision: 'reconsider', to: 'queued', revision: 2, status: 'rejected' })).toEqual({
      rankIs: 3,
      revisionIs: 2,
    });
  });
});

describe('merge', () => {
  it('is a join: commutative, associative, idempotent', () => {
    law(
      fc.property(aState, aState, aState, (a, b, c) => {
        expect(merge(a, b)).toEqual(merge(b, a));
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
        expect(merge(a, a)).toEqual(a);
      }),
    );
  });

  it('takes one of the two, by revision first', () => {
    law(
      fc.property(aState, aState, (a, b) => {
        const merged = merge(a, b);
        expect(same(merged, a) || same(merged, b)).toBe(true);
        expect(merged.revision).toBe(Math.max(a.revision, b.revision));
      }),
    );
    expect(merge({ revision: 1, rank: 0 }, { revision: 0, rank: 3 })).toEqual({ revision: 1, rank: 0 });
    expect(merge({ revision: 1, rank: 1 }, { revision: 1, rank: 3 })).toEqual({ revision: 1, rank: 3 });
  });
});

describe('ranks', () => {
  it('follow the order of the statuses', () => {
    expect(STATUSES.map(rankOf)).toEqual([0, 1, 2, 3]);
    expect([0, 1, 2, 3].map(statusOf)).toEqual(['queued', 'highlighted', 'approved', 'rejected']);
  });

  it.each([-1, 4, 0.5, NaN])('there is none such as %d', (rank) => {
    expect(() => statusOf(rank)).toThrow(RangeError);
  });
});
