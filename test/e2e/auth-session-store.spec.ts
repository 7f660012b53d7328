import type { SessionData } from 'express-session';
import type { Request } from 'express';
import { promisify } from 'node:util';
import { Database } from '../../src/database/database';
import { SessionStore } from '../../src/auth/session-store';
import { readSettings } from '../../src/settings';
import { describeOnOneServer, freshDatabase, type TestDatabase } from '../support/databases';

describeOnOneServer('the session store', (kind) => {
  let testDatabase: TestDatabase;
  let database: Database;
  let store: SessionStore;

  beforeAll(async () => {
    testDatabase = await freshDatabase(kind, 'cs_auth');
    database = await Database.open(readSettings({ NODE_ENV: 'test', ...testDatabase.env }));
    store = new SessionStore(database);
  });
  afterAll(async () => {
    await database?.onApplicationShutdown();
    await testDatabase?.drop();
  });
  beforeEach(() => testDatabase.query('DELETE FROM sessions'));

  const fresh = (data: object = {}) => ({ cookie: { originalMaxAge: null }, ...data }) as SessionData;
  const set = (id: string, data: SessionData) =>
    promisify((done: (error: unknown) => void) => store.set(id, data, done))();
  const destroy = (id: string) => promisify((done: (error: unknown) => void) => store.destroy(id, done))();
  type Got = (error: unknown, found?: SessionData | null) => void;
  const get = (id: string) => promisify((done: Got) => store.get(id, done))();
  /** As a request has it: express-session wraps what the store found. */
  const load = async (id: string) => store.createSession({ sessionID: id } as Request, (await get(id)) as SessionData);
  const count = async () => (await testDatabase.query('SELECT digest FROM sessions')).length;

  it('gives back what was kept', async () => {
    await set(
      'a',
      fresh({ centralauthId: '1', csrfToken: 't', pendingSignIn: { state: '"é"', verifier: 'v', returnTo: '/👍' } }),
    );
    expect(await get('a')).toMatchObject({
      centralauthId: '1',
      csrfToken: 't',
      pendingSignIn: { state: '"é"', verifier: 'v', returnTo: '/👍' },
    });
    expect(await get('A')).toBeNull();
    expect(await get('a ')).toBeNull();
  });

  it('keeps a session that a request has changed', async () => {
    await set('a', fresh({ centralauthId: '1' }));
    const loaded = await load('a');
    loaded.centralauthId = '2';
    await set('a', loaded);
    expect((await get('a'))?.centralauthId).toBe('2');
  });

  it('does not bring back a session that ended while a request was changing it', async () => {
    await set('a', fresh({ centralauthId: '1' }));
    const loaded = await load('a');
    await destroy('a');
    loaded.centralauthId = '2';
    await set('a', loaded);
    expect(await count()).toBe(0);
  });

  it('does not bring back a session that ended just after it began', async () => {
    const begun = fresh({ centralauthId: '1' });
    await set('a', begun);
    await destroy('a');
    begun.centralauthId = '2';
    await set('a', begun);
    expect(await count()).toBe(0);
  });

  it('writes nothing when nothing has changed', async () => {
    const begun = fresh({ centralauthId: '1' });
    await set('a', begun);
    await destroy('a');
    await set('a', begun);
    expect(await count()).toBe(0);
  });

  it('tells one of several who end it', async () => {
    await set('a', fresh());
    const told = await Promise.all([1, 2, 3, 4].map(() => store.remove('a')));
    expect(told.filter(Boolean)).toEqual([true]);
  });

  it('knows which are live', async () => {
    await set('a', fresh({ centralauthId: '1' }));
    await set('c', fresh({ centralauthId: '2' }));
    expect(await store.liveAmong(['a', 'b', 'c'])).toEqual(new Set(['a', 'c']));
    expect(await store.liveAmong([])).toEqual(new Set());
    await store.remove('c');
    expect(await store.liveAmong(['a', 'c'])).toEqual(new Set(['a']));
    await testDatabase.query('UPDATE sessions SET expires_at = ?', [Date.now() - 1]);
    expect(await store.liveAmong(['a'])).toEqual(new Set());
    expect(await get('a')).toBeNull();
  });

  it('keeps a pending sign-in for ten minutes, however often it is used', async () => {
    await set('a', fresh({ pendingSignIn: { state: 's', verifier: 'v', returnTo: '/' } }));
    store.touch('a', await load('a'));
    const [row] = await testDatabase.query<{ created_at: number; expires_at: number }>('SELECT * FROM sessions');
    expect((row?.expires_at ?? 0) - (row?.created_at ?? 0)).toBe(600_000);
  });

  it('removes what has expired and nothing else', async () => {
    await set('old', fresh());
    await testDatabase.query('UPDATE sessions SET expires_at = ?', [Date.now() - 1]);
    await set('new', fresh());
    await store.removeExpired();
    expect(await count()).toBe(1);
    expect(await get('new')).not.toBeNull();
  });
});
