import fc from 'fast-check';
import type { Database } from '../../src/database/database';
import type { ChannelHead } from '../../src/feed/published';
import { Renderings } from '../../src/feed/renderings';
import type { Settings } from '../../src/settings';

const settings = { publicUrl: 'https://chat.example' } as Settings;

const head = (publishedVersion: number, rest: Partial<ChannelHead> = {}): ChannelHead => ({
  id: 'room',
  name: 'Room',
  description: '',
  public: true,
  displayToken: 'display-token',
  createdAt: 1,
  publishedVersion,
  publishedModified: 1_763_800_000 + publishedVersion,
  ...rest,
});

/** The rows of one published message, which says what it is a version of. */
const rowsOf = (channel: ChannelHead) => [
  {
    channel_id: channel.id,
    channel_name: channel.name,
    channel_description: channel.description,
    is_public: 1,
    display_token: channel.displayToken,
    created_at: channel.createdAt,
    published_version: channel.publishedVersion,
    published_modified: channel.publishedModified,
    id: 1,
    screen_name: 'Ada',
    published_name: null,
    text: `${channel.createdAt}/${channel.publishedVersion}/${channel.name}`,
    language: null,
    decided_at: 1_763_800_000_000,
    change_seq: 1,
  },
];

const databaseOf = (query: () => Promise<unknown[]>) =>
  ({ reader: { query, connection: { options: { type: 'better-sqlite3' } } } }) as unknown as Database;

it('no request is answered with less than it has seen itself, however they meet', async () => {
  const events = fc.array(fc.constantFrom('ask', 'ask', 'publish', 'rename', 'recreate'), {
    maxLength: 25,
    size: 'max',
  });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), events, async (scheduler, script) => {
      let now = head(1);
      const renderings = new Renderings(
        databaseOf(async () => {
          await scheduler.schedule(Promise.resolve(), 'the statement begins');
          const rows = rowsOf(now);
          await scheduler.schedule(Promise.resolve(), 'its answer arrives');
          return rows;
        }),
        settings,
      );
      const checks: Promise<void>[] = [];
      const ask = async (seen: ChannelHead) => {
        const { head: known, body, etag } = await renderings.atLeastAsNew(seen, 'jsonfeed', 'published');
        expect(known.createdAt).toBeGreaterThanOrEqual(seen.createdAt);
        if (known.createdAt === seen.createdAt) {
          expect(known.publishedVersion).toBeGreaterThanOrEqual(seen.publishedVersion);
          // A name here only ever grows.
          expect(known.name.length).toBeGreaterThanOrEqual(seen.name.length);
        }
        expect(body.toString()).toContain(
          `"content_text":"${known.createdAt}/${known.publishedVersion}/${known.name}"`,
        );
        expect(etag).toMatch(new RegExp(`^"${known.publishedVersion}-`));
      };
      const step = (event: string) => async () => {
        if (event === 'ask') checks.push(ask(now));
        if (event === 'publish') now = head(now.publishedVersion + 1, { name: now.name, createdAt: now.createdAt });
        // As if an administrator's change had not raised the version.
        if (event === 'rename') now = { ...now, name: `${now.name}!` };
        if (event === 'recreate') now = head(1, { createdAt: now.createdAt + 1 });
        await Promise.resolve();
      };
      scheduler.scheduleSequence(script.map((event) => ({ builder: step(event), label: event })));
      await scheduler.waitIdle();
      await Promise.all(checks);
    }),
    { numRuns: 300 },
  );
});

describe('the database is asked', () => {
  let asked = 0;
  let now = head(1);
  let renderings: Renderings;
  const get = (seen = now, view: 'published' | 'highlights' = 'published') =>
    renderings.atLeastAsNew(seen, 'rss', view);

  beforeEach(() => {
    asked = 0;
    now = head(1);
    renderings = new Renderings(
      databaseOf(() => {
        asked += 1;
        return Promise.resolve(rowsOf(now));
      }),
      settings,
    );
  });

  it('once for each version, view and format', async () => {
    const first = await get();
    expect(await get()).toBe(first);
    expect(asked).toBe(1);
    await get(now, 'highlights');
    expect(asked).toBe(2);
    now = head(2);
    const second = await get();
    expect(second.etag).not.toBe(first.etag);
    expect(await get()).toBe(second);
    expect(asked).toBe(3);
  });

  it('once for many who ask at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => get()));
    expect(new Set(answers).size).toBe(1);
    expect(asked).toBe(1);
  });

  it('again after it failed', async () => {
    let fails = true;
    renderings = new Renderings(
      databaseOf(() => (fails ? Promise.reject(new Error('away')) : Promise.resolve(rowsOf(now)))),
      settings,
    );
    await expect(Promise.all([get(), get()])).rejects.toThrow('away');
    fails = false;
    expect((await get()).head.publishedVersion).toBe(1);
  });
});

it('another process makes the same bytes and the same tag of a version', async () => {
  const make = () =>
    new Renderings(
      databaseOf(() => Promise.resolve(rowsOf(head(3)))),
      settings,
    ).atLeastAsNew(head(3), 'atom', 'published');
  const [one, other] = await Promise.all([make(), make()]);
  expect(other.body.equals(one.body)).toBe(true);
  expect(other.etag).toBe(one.etag);
});
