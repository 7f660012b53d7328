import fc from 'fast-check';
import * as browser from '../../public/js/decision.js';
import * as server from '../../src/moderation/decision';

const state = fc.record({ revision: fc.nat(3), rank: fc.nat(3) });

describe('the browser’s copy of the decision rule', () => {
  it('ranks the statuses as the server does', () => {
    expect(browser.STATUSES).toEqual(server.STATUSES);
    for (const status of server.STATUSES) expect(browser.rankOf(status)).toBe(server.rankOf(status));
  });

  it('merges any two states as the server does', () => {
    fc.assert(fc.property(state, state, (a, b) => expect(browser.merge(a, b)).toEqual(server.merge(a, b))));
  });

  it('keeps the message whose state is the greater, and the known one where they agree', () => {
    const message = (revision: number, rank: number) => ({ revision, status: server.statusOf(rank) }) as CardMessage;
    fc.assert(
      fc.property(state, state, (a, b) => {
        const [known, heard] = [message(a.revision, a.rank), message(b.revision, b.rank)];
        const merged = server.merge(a, b);
        expect(browser.mergeMessages(known, heard)).toBe(merged === a ? known : heard);
      }),
    );
  });
});
