import { EventEmitter } from 'node:events';
import { NotFoundException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Subject } from 'rxjs';
import type { Roles } from '../../src/auth/roles';
import type { ChannelChange, ChannelWriter } from '../../src/database/channel-writer';
import type { Database } from '../../src/database/database';
import { ChangeHints } from '../../src/live/change-hints';
import { EventsService } from '../../src/queue/events.service';
import type { MessagesService } from '../../src/queue/messages.service';
import type { PresenceService } from '../../src/queue/presence.service';
import { StreamRights } from '../../src/queue/stream-rights';
import type { Settings } from '../../src/settings';

const STATS = { queued: 0, highlighted: 0, approved: 0, rejected: 0 };
const CHANNEL = 'c';

/** A database that answers when the test says so, with what the channel's number was when it was asked. */
class SlowMessages {
  seq = 10;
  asked: { since: number; answer: () => Promise<void>; fail: (error: Error) => Promise<void> }[] = [];

  changes(_channelId: string, since: number): Promise<unknown> {
    const found = { seq: this.seq, reset: false, messages: [], stats: STATS };
    return new Promise((resolve, reject) => {
      const settle = (settled: () => void) => (settled(), jest.advanceTimersByTimeAsync(0).then(() => undefined));
      this.asked.push({
        since,
        answer: () => settle(() => resolve(found)),
        fail: (error) => settle(() => reject(error)),
      });
    });
  }

  /** Answers the question that is asked next, which is about what came after `since`. */
  async answer(since: number): Promise<void> {
    await jest.advanceTimersByTimeAsync(1_000);
    const question = this.asked.shift();
    expect(question?.since).toBe(since);
    await question?.answer();
  }
}

/** A page's response, as far as a stream uses it. */
class Page extends EventEmitter {
  request: object | null = null;
  written = '';
  closed = false;
  writableEnded = false;
  writableLength = 0;
  status = () => this;
  setHeader = () => this;
  flushHeaders = () => undefined;
  write = (part: Buffer | string) => ((this.written += part.toString()), true);
  end = () => (this.writableEnded = true);
  destroy = () => undefined;

  /** The numbers up to which it was told. */
  get told(): number[] {
    return [...this.written.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  }

  leave(): void {
    this.closed = true;
    this.emit('close');
  }
}

describe('Who follows a channel', () => {
  let messages: SlowMessages;
  let hint: () => void;
  let watching: number;
  let service: EventsService;
  let removed: Page | null;
  /** When set, rights are told only once it resolves. */
  let rightsKnown: Promise<void> | null;

  beforeEach(() => {
    jest.useFakeTimers();
    messages = new SlowMessages();
    watching = 0;
    const watch = (_channelId: string, listener: () => void) => {
      watching += 1;
      hint = listener;
      return () => (watching -= 1);
    };
    removed = rightsKnown = null;
    const stillIn = async (_channelId: string, requests: Request[]) => {
      const still = new Set(requests.filter((request) => !removed || request !== requestOf(removed)));
      await rightsKnown;
      return still;
    };
    const rights = new StreamRights({ stillIn } as unknown as Roles);
    const all = [messages, { watch }, rights] as unknown as [MessagesService, ChangeHints, StreamRights];
    service = new EventsService(...all, { join: () => undefined } as unknown as PresenceService);
  });
  afterEach(() => jest.useRealTimers());

  function open(page: Page, lastEventId?: string): Promise<void> {
    page.request = { get: () => lastEventId };
    return service.open(CHANNEL, requestOf(page), page as unknown as Response);
  }

  const requestOf = (page: Page) => page.request as unknown as Request;

  async function opened(page: Page): Promise<void> {
    const opening = open(page);
    await messages.answer(Number.MAX_SAFE_INTEGER);
    await opening;
    await messages.answer(messages.seq);
  }

  function change(): void {
    messages.seq += 1;
    hint();
  }

  test('is told of a change that comes while an earlier one is being looked up', async () => {
    const page = new Page();
    await opened(page);
    change();
    await jest.advanceTimersByTimeAsync(1_000);
    change();
    await messages.answer(10);
    await messages.answer(11);
    expect(page.told).toEqual([10, 11, 12]);
  });

  test('is told what the others were told while the stream began', async () => {
    const [first, second] = [new Page(), new Page()];
    await opened(first);
    const opening = open(second);
    const begun = messages.asked.shift();
    change();
    await messages.answer(10);
    expect([first.told, second.told]).toEqual([[10, 11], []]);
    await begun?.answer();
    await opening;
    await messages.answer(10);
    expect([first.told.at(-1), second.told]).toEqual([11, [10, 11]]);
  });

  test('is told what came while the others were being told', async () => {
    const [first, second] = [new Page(), new Page()];
    await opened(first);
    const opening = open(second);
    const begun = messages.asked.shift();
    change();
    await messages.answer(10);
    change();
    await jest.advanceTimersByTimeAsync(1_000);
    await begun?.answer();
    await opening;
    // The look under way was for those who know 11; the newcomer knows 10.
    await messages.answer(11);
    await messages.answer(10);
    expect([first.told.at(-1), second.told.at(-1)]).toEqual([12, 12]);
  });

  test('is told later when the database does not answer, and not at all when the channel is gone', async () => {
    const page = new Page();
    await opened(page);
    change();
    await jest.advanceTimersByTimeAsync(1_000);
    await messages.asked.shift()?.fail(new Error('away'));
    await messages.answer(10);
    expect(page.told).toEqual([10, 11]);
    change();
    await jest.advanceTimersByTimeAsync(1_000);
    await messages.asked.shift()?.fail(new NotFoundException());
    expect(page.writableEnded).toBe(true);
  });

  test('is told nothing that was read after its right had gone, and is let go', async () => {
    const [leaver, stayer] = [new Page(), new Page()];
    await opened(leaver);
    await opened(stayer);
    change();
    await jest.advanceTimersByTimeAsync(1_000);
    removed = leaver;
    await messages.answer(10);
    expect([leaver.told.at(-1), leaver.writableEnded]).toEqual([10, true]);
    expect([stayer.told.at(-1), stayer.writableEnded]).toEqual([11, false]);
  });

  test('is not let in when the right goes while the stream begins', async () => {
    const page = new Page();
    const opening = expect(open(page)).rejects.toThrow('ended');
    removed = page;
    await messages.answer(Number.MAX_SAFE_INTEGER);
    await opening;
    expect(page.written).toBe('');
  });

  test('is told what came while the rights of the others were looked up', async () => {
    const [first, second] = [new Page(), new Page()];
    await opened(first);
    const opening = open(second);
    await jest.advanceTimersByTimeAsync(0);
    const begun = messages.asked.shift();
    change();
    let known = () => undefined as void;
    rightsKnown = new Promise((resolve) => (known = resolve));
    await messages.answer(10);
    rightsKnown = null;
    await begun?.answer();
    await opening;
    known();
    await messages.answer(10);
    expect([first.told.at(-1), second.told]).toEqual([11, [10, 11]]);
  });

  test('is told nothing while nobody knows their rights, and all of it afterwards', async () => {
    const page = new Page();
    await opened(page);
    change();
    rightsKnown = Promise.reject(new Error('away'));
    await messages.answer(10);
    expect(page.told.at(-1)).toBe(10);
    rightsKnown = null;
    await messages.answer(10);
    expect([page.told.at(-1), page.writableEnded]).toEqual([11, false]);
  });

  test('is forgotten once gone, also when that was before the stream began', async () => {
    const [early, late] = [new Page(), new Page()];
    const opening = open(early);
    early.leave();
    await messages.answer(Number.MAX_SAFE_INTEGER);
    await opening;
    expect(watching).toBe(0);
    await opened(late);
    expect(watching).toBe(1);
    late.leave();
    expect(watching).toBe(0);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(messages.asked).toEqual([]);
  });

  test('is looked after even if no hint ever comes', async () => {
    const page = new Page();
    await opened(page);
    messages.seq += 1;
    await service.recheck();
    await messages.answer(10);
    expect(page.told).toEqual([10, 11]);
  });

  test('is sent elsewhere when the server is about to stop', async () => {
    const [before, after] = [new Page(), new Page()];
    await opened(before);
    const opening = expect(open(after)).rejects.toThrow('stop');
    service.beforeApplicationShutdown();
    await messages.answer(Number.MAX_SAFE_INTEGER);
    await opening;
    expect([before.writableEnded, after.written]).toEqual([true, '']);
  });
});

describe('Hints of changes', () => {
  test('come from this process with the commit, from others by looking, and each once', async () => {
    const changes = new Subject<ChannelChange>();
    const stored = [{ channelId: CHANNEL, changeSeq: 5 }];
    const find = jest.fn(() => Promise.resolve(stored));
    const database = { kind: 'mariadb', reader: { find } } as unknown as Database;
    const hints = new ChangeHints({ changes } as ChannelWriter, database, { redis: null } as Settings);
    hints.onApplicationBootstrap();
    await hints.look();
    expect(find).not.toHaveBeenCalled();

    const heard: number[] = [];
    const stop = hints.watch(CHANNEL, ({ seq }) => heard.push(seq));
    await hints.look();
    changes.next({ channelId: CHANNEL, seq: 6 });
    changes.next({ channelId: 'other', seq: 7 });
    changes.next({ channelId: CHANNEL, seq: 6 });
    await hints.look();
    stored[0].changeSeq = 9;
    await hints.look();
    find.mockRejectedValueOnce(new Error('away'));
    await hints.look();
    expect(heard).toEqual([5, 6, 9]);
    stop();
    changes.next({ channelId: CHANNEL, seq: 10 });
    expect(heard).toEqual([5, 6, 9]);
  });
});
