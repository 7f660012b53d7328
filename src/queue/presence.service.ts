import { BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { randomUUID } from 'node:crypto';
import { EntityManager, In, LessThan, MoreThan } from 'typeorm';
import { Database } from '../database/database';
import { Presence } from '../entities/presence.entity';
import { type EventStream, frame } from './event-stream';
import { StreamRights } from './stream-rights';

/** Milliseconds between two looks at who is there. */
const LOOK = 1_000;
/** Milliseconds after which nobody believes a process that has not repeated what it said: more than clocks differ. */
const LASTS = 30_000;
const REPEATED_EVERY = 10_000;
/** Milliseconds that somebody stays whose last page went: who loads it again has not left. */
const LINGERS = 4_000;

interface Person {
  centralauthId: string;
  username: string;
  pages: number;
  /** Epoch milliseconds; null while a page is open. */
  leftAt: number | null;
}

/** The open pages of one channel in this process, and who looks at them. */
interface Room {
  streams: Set<EventStream>;
  people: Map<string, Person>;
  /** What all of these pages have been told, as it was written; null when one of them has been told nothing. */
  told: string | null;
}

/**
 * Tells a channel's moderators who else is there. Each process writes down who is there through it, and reads what all
 * have written, so that it needs neither Redis nor the word of a process that crashed.
 */
@Injectable()
export class PresenceService implements BeforeApplicationShutdown {
  private readonly processId = randomUUID();
  private readonly rooms = new Map<string, Room>();
  /** What is in the database is not what is in `rooms`. */
  private changed = false;
  private writtenAt = 0;
  private looking = false;

  constructor(
    private readonly database: Database,
    private readonly rights: StreamRights,
  ) {}

  join(channelId: string, stream: EventStream): void {
    const room: Room = this.rooms.get(channelId) ?? { streams: new Set(), people: new Map(), told: null };
    this.rooms.set(channelId, room);
    room.streams.add(stream);
    room.told = null;
    const person = enter(room, stream);
    this.changed = true;
    stream.onClose(() => {
      room.streams.delete(stream);
      if (person) leave(person);
      this.changed = true;
    });
  }

  @Interval(LOOK)
  async look(): Promise<void> {
    if (this.looking || (this.rooms.size === 0 && !this.changed)) return;
    this.looking = true;
    try {
      this.clearUp();
      if (this.changed || Date.now() - this.writtenAt >= REPEATED_EVERY) await this.write();
      await this.tell();
    } catch {
      // Nothing depends on it: once the database answers again, the next look tells.
      this.changed = true;
    } finally {
      this.looking = false;
    }
  }

  /** Who moves to another process has not left. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const { people } of this.rooms.values()) for (const person of people.values()) person.leftAt ??= Date.now();
    if (this.rooms.size > 0) await this.write().catch(() => undefined);
  }

  private clearUp(): void {
    for (const [channelId, { streams, people }] of this.rooms) {
      for (const { centralauthId, leftAt } of people.values()) {
        if (leftAt === null || Date.now() - leftAt < LINGERS) continue;
        people.delete(centralauthId);
        this.changed = true;
      }
      if (streams.size === 0 && people.size === 0) this.rooms.delete(channelId);
    }
  }

  private async write(): Promise<void> {
    this.changed = false;
    const now = Date.now();
    const rows = [...this.rooms].flatMap(([channelId, { people }]) =>
      [...people.values()].map(({ centralauthId, username, leftAt }) => ({
        processId: this.processId,
        channelId,
        centralauthId,
        username,
        expiresAt: leftAt === null ? now + LASTS : leftAt + LINGERS,
      })),
    );
    await this.database.write((tx) => this.replace(tx, rows, now));
    this.writtenAt = now;
  }

  private async replace(tx: EntityManager, rows: Presence[], now: number): Promise<void> {
    await tx.delete(Presence, { processId: this.processId });
    // What a process left behind that crashed.
    await tx.delete(Presence, { expiresAt: LessThan(now - LASTS) });
    if (rows.length > 0) await tx.insert(Presence, rows);
  }

  private async tell(): Promise<void> {
    const rooms = [...this.rooms];
    const present = await this.database.reader.find(Presence, {
      where: { channelId: In(rooms.map(([channelId]) => channelId)), expiresAt: MoreThan(Date.now()) },
      order: { username: 'ASC' },
    });
    for (const [channelId, room] of rooms) {
      const here = present.filter((row) => row.channelId === channelId);
      // Through several processes somebody is there several times.
      const byAccount = new Map(here.map(({ centralauthId, username }) => [centralauthId, { username }]));
      await this.tellRoom(channelId, room, JSON.stringify([...byAccount.values()]));
    }
  }

  private async tellRoom(channelId: string, room: Room, users: string): Promise<void> {
    if (users === room.told) return;
    // Before anything is waited for: who joins meanwhile sets it back, and is told with the next look.
    room.told = users;
    const news = frame('presence', { users: JSON.parse(users) as unknown });
    try {
      for (const stream of await this.rights.keep(channelId, room.streams)) stream.send(news);
    } catch (error) {
      room.told = null;
      throw error;
    }
  }
}

/** @returns null for whoever is no person, such as a program */
function enter({ people }: Room, { request: { principal } }: EventStream): Person | null {
  if (!principal?.centralauthId) return null;
  const { centralauthId, username } = principal;
  const person = people.get(centralauthId) ?? { centralauthId, username, pages: 0, leftAt: null };
  person.username = username;
  person.pages += 1;
  person.leftAt = null;
  people.set(centralauthId, person);
  return person;
}

function leave(person: Person): void {
  person.pages -= 1;
  if (person.pages === 0) person.leftAt = Date.now();
}
