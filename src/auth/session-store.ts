import { Injectable, Logger, ServiceUnavailableException } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Request } from 'express';
import session from 'express-session';
import { createHash } from 'node:crypto';
import { In, LessThanOrEqual, MoreThan } from 'typeorm';
import { Database } from '../database/database';
import { execute } from '../database/statements';
import { Session } from '../entities/session.entity';

/** A sign-in that has gone to the identity provider and not come back yet. */
export interface PendingSignIn {
  state: string;
  verifier: string;
  returnTo: string;
}

declare module 'express-session' {
  interface SessionData {
    /** Whose session it is; absent while the sign-in is pending. */
    centralauthId?: string;
    pendingSignIn?: PendingSignIn;
  }
}

const MINUTE = 60_000;
const IDLE = 12 * 60 * MINUTE;
/** In milliseconds: no session lives longer, however busy. */
export const ABSOLUTE_LIFE = 7 * 24 * 60 * MINUTE;
/** In milliseconds: how long somebody may take at the identity provider. */
export const SIGN_IN_LIFE = 10 * MINUTE;
/** A busy session's expiry is moved this often at most. */
const TOUCH_INTERVAL = 10 * MINUTE;
const ANSWER_WITHIN = 5_000;

/** What is known of the row behind a session object. */
interface Stored {
  createdAt: number;
  expiresAt: number;
  data: string;
}

type Callback = (error?: unknown) => void;

/**
 * express-session's store in our database. Only what express-session calls has callbacks.
 *
 * A session read from the database is only ever updated, never inserted: so a request that is still running when its
 * session ends does not bring it back.
 */
@Injectable()
export class SessionStore extends session.Store {
  private readonly logger = new Logger(SessionStore.name);
  private readonly stored = new WeakMap<object, Stored>();

  constructor(private readonly database: Database) {
    super();
  }

  override get(id: string, callback: (error: unknown, found?: session.SessionData | null) => void): void {
    this.read(id).then((found) => callback(null, found), callback);
  }

  /** express-session makes its own object of what `get` found. */
  override createSession(request: Request, found: session.SessionData): session.Session & session.SessionData {
    const created = super.createSession(request, found);
    const row = this.stored.get(found);
    if (row) this.stored.set(created, row);
    return created;
  }

  override set(id: string, current: session.SessionData, callback: Callback = () => undefined): void {
    this.write(id, current).then(() => callback(), callback);
  }

  override destroy(id: string, callback: Callback = () => undefined): void {
    this.remove(id).then(() => callback(), callback);
  }

  /** Nobody waits for it: an answer is not worth delaying for an expiry that moves by minutes. */
  override touch(id: string, current: session.SessionData, callback: () => void = () => undefined): void {
    callback();
    const row = this.stored.get(current);
    if (!row) return;
    const expiresAt = expiry(row.createdAt, current);
    if (expiresAt - row.expiresAt < TOUCH_INTERVAL) return;
    row.expiresAt = expiresAt;
    this.update(id, { expiresAt }).catch((error: Error) =>
      this.logger.warn(`a session was not prolonged: ${error.name}`),
    );
  }

  /** Ends a session. @returns whether it was there, which of several at once only one is told */
  async remove(id: string): Promise<boolean> {
    const sql = 'DELETE FROM sessions WHERE digest = ?';
    return (await inTime(this.database.write((tx) => execute(tx, sql, [digestOf(id)])))) > 0;
  }

  /** Those that have neither been ended nor expired. */
  async liveAmong(ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const byDigest = new Map(ids.map((id) => [digestOf(id), id]));
    const found = await this.database.reader.find(Session, {
      select: { digest: true },
      where: { digest: In([...byDigest.keys()]), expiresAt: MoreThan(Date.now()) },
    });
    return new Set(found.flatMap(({ digest }) => byDigest.get(digest) ?? []));
  }

  /** Abandoned sign-ins, mostly. */
  @Interval('expired-sessions', 10 * MINUTE)
  async removeExpired(): Promise<void> {
    try {
      await this.database.write((tx) => tx.delete(Session, { expiresAt: LessThanOrEqual(Date.now()) }));
    } catch (error) {
      this.logger.warn(`expired sessions were not removed: ${(error as Error).name}`);
    }
  }

  private async read(id: string): Promise<session.SessionData | null> {
    const where = { digest: digestOf(id), expiresAt: MoreThan(Date.now()) };
    const row = await inTime(this.database.reader.findOneBy(Session, where));
    if (!row) return null;
    // The cookie was given when the session began and is never given again: the server alone knows when it ends.
    const found = { ...(JSON.parse(row.data) as object), cookie: { originalMaxAge: null } } as session.SessionData;
    this.stored.set(found, row);
    return found;
  }

  private async write(id: string, current: session.SessionData): Promise<void> {
    const row = this.stored.get(current);
    const data = JSON.stringify({ ...current, cookie: undefined });
    // express-session saves a new session again when the answer ends.
    if (row?.data === data) return;
    const createdAt = row?.createdAt ?? Date.now();
    const fresh = { createdAt, expiresAt: expiry(createdAt, current), data };
    const { centralauthId = null } = current;
    if (row) await this.update(id, { data, centralauthId, expiresAt: fresh.expiresAt });
    else
      await inTime(this.database.write((tx) => tx.insert(Session, { digest: digestOf(id), centralauthId, ...fresh })));
    this.stored.set(current, fresh);
  }

  private async update(id: string, change: Partial<Session>): Promise<void> {
    await inTime(this.database.write((tx) => tx.update(Session, { digest: digestOf(id) }, change)));
  }
}

function expiry(createdAt: number, { centralauthId }: session.SessionData): number {
  if (!centralauthId) return createdAt + SIGN_IN_LIFE;
  return Math.min(Date.now() + IDLE, createdAt + ABSOLUTE_LIFE);
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}

/** A database that is cut off does not refuse: it says nothing, for as long as TCP is patient. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ServiceUnavailableException('The database does not answer.')), ANSWER_WITHIN);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
