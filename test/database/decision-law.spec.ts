import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { type Decision, decide, rankOf, type State, statusOf } from '../../src/moderation/decision';
import { type DatabaseKind, describeEachDatabase } from '../support/databases';
import { onStage, TestChannel } from '../support/intake';
import { arriveAll, moderatorOf, type Shown, shown } from '../support/queue';

const PROCESSES = 4;
const CONNECTIONS = 5;
const DECISIONS = 30;

/** What one moderator asked and was told; times are epoch milliseconds by the clock that the servers have too. */
interface Told {
  message: string;
  moderator: string;
  decision: Decision;
  from: number;
  until: number;
  status: number;
  body: { outcome: 'applied' | 'superseded'; message: Shown };
}

/** A row of the log. */
interface Row {
  message_id: number;
  decision: string;
  from_rank: number;
  to_rank: number;
  revision: number;
  moderator: string;
  decided_at: number;
}

/** A state that a message was in, and the log row that led to it. */
interface Step {
  state: State;
  row: Row | null;
}

describeEachDatabase('20 connections from 4 processes decide at random', (kind: DatabaseKind) => {
  const stage = onStage(kind, PROCESSES);
  const histories = new Map<string, Step[]>();
  let channel: TestChannel;
  let told: Told[];
  let rows: Row[];
  let messages: Shown[];

  beforeAll(async () => {
    channel = await TestChannel.create(stage.admin);
    const ids = (await arriveAll(channel, [{}, {}, {}, {}])).map(({ id }) => id);
    const processes = stage.servers.map(() => fork(path.join(__dirname, '../support/moderator-process.mjs')));
    try {
      await Promise.all(processes.map((process) => once(process, 'message')));
      const jobs = stage.servers.map(({ url }, i) => decideAtRandom(processes[i], url, `Mo ${i}`, ids));
      told = (await Promise.all(jobs)).flat();
    } finally {
      for (const process of processes) process.kill();
    }
    messages = await shown(channel);
    rows = await stage.database.query(
      `SELECT message_id, decision, from_rank, to_rank, revision, moderator, decided_at FROM moderation_log
        WHERE channel_id = ? ORDER BY id`,
      [channel.id],
    );
    for (const id of ids) histories.set(id, replay(rows.filter((row) => String(row.message_id) === id)));
  }, 180_000);

  async function decideAtRandom(process: ChildProcess, base: string, moderator: string, ids: string[]) {
    const { cookies, csrfToken } = await moderatorOf(channel, base, moderator);
    const headers = { cookie: [...cookies].map((pair) => pair.join('=')).join('; '), 'x-csrf-token': csrfToken };
    const url = `${base}/api/v1/channels/${channel.id}`;
    process.send({ url, headers, messages: ids, connections: CONNECTIONS, decisions: DECISIONS });
    const [{ answers, error }] = (await once(process, 'message')) as [
      { answers: Omit<Told, 'moderator'>[]; error?: string },
    ];
    if (error) throw new Error(error);
    return answers.map((answer) => ({ ...answer, moderator }));
  }

  test('every question is answered, and every kind of answer is among them', () => {
    expect(told).toHaveLength(PROCESSES * CONNECTIONS * DECISIONS);
    expect(new Set(told.map(({ status }) => status))).toEqual(new Set([200]));
    const kinds = new Set(told.map(({ decision, body }) => `${decision.decision} ${body.outcome}`));
    expect([...kinds].sort()).toEqual(
      ['approve', 'highlight', 'reconsider', 'reject'].flatMap((one) => [`${one} applied`, `${one} superseded`]),
    );
  });

  test('the log, replayed by the rule, leads from state to state and to the one that is shown', () => {
    for (const { id, status, revision } of messages) {
      const steps = histories.get(id)!;
      for (const { state, row } of steps.slice(1))
        expect(row).toMatchObject({ revision: state.revision, to_rank: state.rank });
      expect(steps.at(-1)!.state).toEqual({ revision, rank: rankOf(status) });
    }
  });

  test('each that was applied has one row of its own, which says who and what', () => {
    const applied = told.filter(({ body }) => body.outcome === 'applied');
    expect(applied).toHaveLength(rows.length);
    const own = new Set<Row | null>();
    for (const { message, moderator, decision, from, until, body } of applied) {
      const steps = histories.get(message)!;
      // No state comes twice: the one that the answer shows is this row's.
      const at = steps.findIndex(({ state }) => isShown(state, body.message));
      const { row, state } = steps[at];
      expect(decide(steps[at - 1].state, decision)).toEqual(state);
      expect(row).toMatchObject({ moderator, decision: decision.decision });
      expect(row!.decided_at).toBeGreaterThanOrEqual(from);
      expect(row!.decided_at).toBeLessThanOrEqual(until);
      expect(decidedOf(body.message)).toEqual(decidedBy(row));
      own.add(row);
    }
    expect(own.size).toBe(rows.length);
  });

  test('each that was superseded met a state, while it was asked, in which it changes nothing', () => {
    for (const { message, decision, from, until, body } of told) {
      if (body.outcome === 'applied') continue;
      const steps = histories.get(message)!;
      const at = steps.findIndex(({ state }) => isShown(state, body.message));
      expect(decide(steps[at].state, decision)).toBeNull();
      const decidedAt = steps.map(({ row }) => row?.decided_at ?? 0);
      expect(at).toBeGreaterThanOrEqual(decidedAt.findLastIndex((time) => time < from));
      expect(at).toBeLessThanOrEqual(decidedAt.findLastIndex((time) => time <= until));
      expect(decidedOf(body.message)).toEqual(decidedBy(steps[at].row));
    }
  });

  test('no reject was undone but by whoever saw it and said so', () => {
    const undone = rows.filter(({ from_rank }) => from_rank === rankOf('rejected'));
    expect(undone.length).toBeGreaterThan(0);
    expect(new Set(undone.map(({ decision }) => decision))).toEqual(new Set(['reconsider']));
    const named = told.filter(
      ({ body, decision: d }) => body.outcome === 'applied' && 'to' in d && d.status === 'rejected',
    );
    expect(named).toHaveLength(undone.length);
  });

  test('who decided last, and when, is on the message, and every process shows it alike', async () => {
    for (const message of messages)
      expect(decidedOf(message)).toEqual(decidedBy(histories.get(message.id)!.at(-1)!.row));
    const isPublished = ({ status }: Shown) => status === 'approved' || status === 'highlighted';
    const published = messages.filter(isPublished).map(({ id }) => id);
    for (const { url } of stage.servers) {
      expect((await channel.published(url)).map(({ id }) => id).sort()).toEqual(published);
    }
  });
});

/** Each row as the decision that it tells of, carried out on the state before it by the rule. */
function replay(rows: Row[]): Step[] {
  const steps: Step[] = [{ state: { revision: 0, rank: 0 }, row: null }];
  for (const row of rows) {
    const { state: before } = steps[steps.length - 1];
    expect(row.from_rank).toBe(before.rank);
    const [status, to] = [statusOf(row.from_rank), statusOf(row.to_rank)];
    const decision = row.decision === 'reconsider' ? { status, to, revision: before.revision } : {};
    const state = decide(before, { decision: row.decision, ...decision } as Decision);
    if (state === null) throw new Error(`the rule knows no ${row.decision} of ${JSON.stringify(before)}`);
    steps.push({ state, row });
  }
  return steps;
}

function isShown({ revision, rank }: State, message: Shown): boolean {
  return revision === message.revision && rank === rankOf(message.status);
}

/** Whom and when a message in the state that the row led to has to name. */
function decidedBy(row: Row | null): [string | null, number | null] {
  return row === null || row.to_rank === rankOf('queued') ? [null, null] : [row.moderator, row.decided_at];
}

function decidedOf({ decidedBy, decidedAt }: Shown): [string | null, number | null] {
  return [decidedBy, decidedAt === null ? null : Date.parse(decidedAt)];
}
