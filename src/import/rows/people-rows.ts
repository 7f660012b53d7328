import type { ChannelMember } from '../../entities/channel-member.entity';
import { ROLES, type Role } from '../../entities/channel-member.entity';
import { NAME_LENGTH } from '../../entities/columns';
import { digestOf, readCentralauthId, readId, storedId } from '../../moderation/ids';
import { cut, isBlank, removeControls } from '../../moderation/text';
import { normaliseUsername } from '../../settings';
import type { Cells } from '../original/original';
import { readChannelId, readText, readTime, readWord } from './cells';
import { type Identified, type Mapped, refused } from './mapped';

/** `addedAt` null: the time of the import. */
export type OriginalMember = Identified & Omit<ChannelMember, 'addedAt'> & { addedAt: number | null };

export function mapMember(cells: Cells): Mapped<OriginalMember> {
  const centralauthId = readCentralauthId(cells.centralauth_id);
  if (centralauthId === null) return refused('centralauth_id is no id of an account');
  const role = readWord(cells.role);
  if (!ROLES.includes(role as Role)) return refused('role is neither admin nor moderator');
  const changes: string[] = [];
  const username = accountName(cells.wiki_username);
  if (username === null) changes.push('wiki_username is missing: shown as the number of the account');
  const row = {
    channelId: channelIdOf(cells),
    key: centralauthId,
    centralauthId,
    role: role as Role,
    username: username ?? nameless(centralauthId),
    addedAt: readMoment(cells, 'added_at', changes),
  };
  return { kind: 'row', row, changes };
}

/** Whom an entry of a list means, as the API would be told; and who made it. */
export interface OriginalSender extends Identified {
  senderId: string | null;
  centralauthId: string | null;
  screenName: string | null;
  addedBy: Adder;
  addedAt: number | null;
}

/** Somebody of the team: the name where the row has it, else the id, by which it may be found elsewhere. */
export interface Adder {
  name: string | null;
  centralauthId: string | null;
}

export function mapSender(cells: Cells): Mapped<OriginalSender> {
  const changes: string[] = [];
  const id = readId(cells.sender_id);
  const given = {
    senderId: id === null ? null : storedId(id),
    centralauthId: readCentralauthId(cells.centralauth_id),
    screenName: typeof cells.screen_name === 'string' && !isBlank(cells.screen_name) ? cells.screen_name : null,
  };
  const row = {
    ...given,
    channelId: channelIdOf(cells),
    key: digestOf('sender', JSON.stringify([given.senderId, given.centralauthId, given.screenName])),
    addedBy: { name: accountName(cells.added_by_wiki_username), centralauthId: adderId(cells) },
    addedAt: readMoment(cells, 'added_at', changes),
  };
  return { kind: 'row', row, changes };
}

export interface OriginalPattern extends Identified {
  text: string;
  addedBy: Adder;
  addedAt: number | null;
}

export function mapPattern(cells: Cells): Mapped<OriginalPattern> {
  const text = readText(cells.pattern_text);
  if (text === null || isBlank(text)) return refused('pattern_text is blank');
  const changes: string[] = [];
  const row = {
    channelId: channelIdOf(cells),
    key: digestOf('pattern', text),
    text,
    addedBy: { name: null, centralauthId: adderId(cells) },
    addedAt: readMoment(cells, 'added_at', changes),
  };
  return { kind: 'row', row, changes };
}

/** A Wikimedia username in the form in which this server keeps it. */
export function accountName(cell: unknown): string | null {
  const text = readText(cell);
  return text === null || isBlank(text) ? null : cut(normaliseUsername(removeControls(text)), NAME_LENGTH);
}

/** What stands for an account whose name is nowhere to be found. No username has a #, so it is nobody's. */
export function nameless(centralauthId: string | null): string {
  return `#${centralauthId ?? 'unknown'}`;
}

/** Rows of a channel that was not taken come no further. */
export function channelIdOf(cells: Cells): string {
  return readChannelId(cells.channel_id) ?? '';
}

function adderId(cells: Cells): string | null {
  return readCentralauthId(cells.added_by_centralauth_id);
}

function readMoment(cells: Cells, column: string, changes: string[]): number | null {
  const time = readTime(cells[column]);
  if (time === null) changes.push(`${column} is no time: taken as now`);
  return time;
}
