import { validateSync } from 'class-validator';
import { UpdateChannelDto } from '../../admin/channel.dto';
import { canonicalLanguage } from '../../admin/text.validators';
import type { Channel } from '../../entities/channel.entity';
import { NAME_LENGTH } from '../../entities/columns';
import { cut, removeControls } from '../../moderation/text';
import type { Cells } from '../original/original';
import { readChannelId, readFlag, readJson, readText, readTime } from './cells';
import { type Mapped, refused } from './mapped';

/** What a channel of the original says; where it says nothing of use, the new channel's own defaults stay. */
export interface OriginalChannel {
  id: string;
  settings: Partial<Channel> & { name: string; description: string };
  /** The last number that a sender without a name was given. */
  anonymousCounter: number;
  /** Tells the channel from that of another installation with the same id. */
  key: string;
}

const MAX_DESCRIPTION = 5_000;
const MAX_LIKELY_LANGUAGES = 20;
const MAX_COUNTER = 2 ** 30;
const LONGEST_SHOWN_ID = 64;

/** @param now epoch milliseconds */
export function mapChannel(cells: Cells, now: number): Mapped<OriginalChannel> {
  const id = readChannelId(cells.id);
  if (id === null) return refused(`channel id ${shown(cells.id)} is no valid id`);
  const changes: string[] = [];
  const createdAt = readTime(cells.created_at);
  if (createdAt === null) changes.push('created_at is no time: taken as now');
  const name = readText(cells.name);
  if (name === null) changes.push('name is blank: the id was taken');
  const settings = {
    ...readSettings(cells, changes),
    ...readState(cells, now, changes),
    ...readSecrets(cells, changes),
    ...(createdAt === null ? {} : { createdAt }),
    name: cut(name ?? id, NAME_LENGTH),
    description: cut(readText(cells.description) ?? '', MAX_DESCRIPTION),
  };
  const anonymousCounter = readCounter(cells.anonymous_counter, changes);
  return {
    kind: 'row',
    row: { id, settings, anonymousCounter, key: createdAt === null ? 'unknown' : String(createdAt) },
    changes,
  };
}

/** The only value that is ever shown of a row: without it nobody could tell which channel is meant. */
function shown(id: unknown): string {
  return typeof id === 'string' ? `'${cut(removeControls(id), LONGEST_SHOWN_ID)}'` : 'that is no text';
}

/** Judged as the API judges them, each by itself. */
function readSettings(cells: Cells, changes: string[]): Partial<Channel> {
  const given: Partial<UpdateChannelDto> = {
    customCss: typeof cells.custom_css === 'string' ? cells.custom_css : undefined,
    anonymousLabel: readText(cells.anonymous_label) ?? undefined,
    defaultLanguage: languageOf(cells.default_language),
    likelyLanguages: readLikelyLanguages(cells.likely_languages, changes),
  };
  const unusable = new Set(
    validateSync(Object.assign(new UpdateChannelDto(), given)).map(({ property }) => property as keyof typeof given),
  );
  for (const name of unusable) changes.push(`${COLUMNS[name]} is not usable: left as in a new channel`);
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== undefined && !unusable.has(name as keyof typeof given)),
  );
}

const COLUMNS: Partial<Record<keyof UpdateChannelDto, string>> = {
  customCss: 'custom_css',
  anonymousLabel: 'anonymous_label',
  defaultLanguage: 'default_language',
  likelyLanguages: 'likely_languages',
};

function languageOf(cell: unknown): string | undefined {
  const text = readText(cell)?.replaceAll('_', '-');
  return canonicalLanguage(text) ?? text;
}

function readLikelyLanguages(cell: unknown, changes: string[]): string[] | undefined {
  if (readText(cell) === null) return undefined;
  const list = readJson(cell);
  if (!Array.isArray(list)) {
    // JSON's own null is the original's way to say that there are none.
    if (list !== null) changes.push('likely_languages is no JSON list: left empty');
    return undefined;
  }
  const tags = list.map((entry) => canonicalLanguage(languageOf(entry)));
  if (tags.includes(null)) changes.push('likely_languages names what is no language: left out');
  return [...new Set(tags.filter((tag) => tag !== null))].slice(0, MAX_LIKELY_LANGUAGES);
}

/** In doubt closed and private: what is shown to the public by mistake cannot be taken back. */
function readState(cells: Cells, now: number, changes: string[]): Partial<Channel> {
  const archivedAt = readTime(cells.archived_at);
  const isArchived = archivedAt !== null || readText(cells.archived_at) !== null;
  if (isArchived && archivedAt === null) changes.push('archived_at is no time: archived as of now');
  const flag = (column: string, otherwise: boolean) => {
    const value = readFlag(cells[column]);
    if (value === null) changes.push(`${column} is neither 0 nor 1: taken as ${Number(otherwise)}`);
    return value ?? otherwise;
  };
  return {
    active: flag('is_active', false),
    public: flag('is_public', false),
    emojiAutoApprove: flag('emoji_auto_approve', false),
    languageDetection: flag('language_detection_enabled', false),
    archivedAt: isArchived ? (archivedAt ?? now) : null,
  };
}

/** As they are, to the byte: Eventyay goes on signing with the one, displays go on asking with the other. */
function readSecrets(cells: Cells, changes: string[]): Partial<Channel> {
  const secret = (column: string) => {
    const value = cells[column];
    const isUsable =
      typeof value === 'string' && value !== '' && value.length <= NAME_LENGTH && removeControls(value) === value;
    if (!isUsable) changes.push(`${column} is not usable: a new one was made`);
    return isUsable ? value : undefined;
  };
  const [webhookSecret, displayToken] = [secret('webhook_hmac_secret'), secret('display_token')];
  return {
    ...(webhookSecret === undefined ? {} : { webhookSecret }),
    ...(displayToken === undefined ? {} : { displayToken }),
  };
}

function readCounter(cell: unknown, changes: string[]): number {
  if (typeof cell === 'number' && Number.isInteger(cell) && cell >= 0 && cell <= MAX_COUNTER) return cell;
  changes.push('anonymous_counter is no number: taken from the messages');
  return 0;
}
