import { rankOf, type Status } from '../../moderation/decision';
import { readCentralauthId } from '../../moderation/ids';
import { type IncomingMessage, messageTypeOf, readMessage } from '../../moderation/message';
import type { Cells } from '../original/original';
import { isGiven, readJson, readRowId, readText, readTime, readWord } from './cells';
import { type Identified, type Mapped, refused } from './mapped';
import { channelIdOf } from './people-rows';

export interface OriginalMessage extends Identified {
  message: IncomingMessage;
  /** The name that the original made for a sender without one. */
  madeName: { label: string; number: number } | null;
  rank: number;
  arrivedAt: number;
  decidedAt: number | null;
  /** Who decided it last; null for a rule, and while it is queued. */
  deciderId: string | null;
}

const STATUSES = new Map<string, Status>([
  ['queued', 'queued'],
  ['pending', 'queued'],
  ['highlighted', 'highlighted'],
  ['approved', 'approved'],
  ['rejected', 'rejected'],
]);

const MADE_NUMBER = /^ #([1-9]\d{0,8})$/;

/** @param labels what the channel calls senders without a name, or has called them */
export function mapMessage(cells: Cells, labels: readonly string[]): Mapped<OriginalMessage> {
  const key = readRowId(cells.id);
  if (key === null) return refused('id is no number');
  const arrivedAt = readTime(cells.arrived_at);
  if (arrivedAt === null) return refused('arrived_at is no time');
  const madeName = readMadeName(cells.screen_name, labels);
  const reading = readMessage(bodyOf(cells, arrivedAt, madeName !== null), arrivedAt);
  if (reading.kind === 'unusable') return refused(reading.problem);
  if (reading.kind === 'ignored')
    return refused(reading.why === 'removal' ? 'a reaction that was taken back' : 'a reaction without a symbol');

  const changes: string[] = [];
  if (reading.message.centralauthId === null && isGiven(cells.centralauth_id))
    changes.push('centralauth_id is no id of an account: left out');
  const rank = rankOf(readStatus(cells.status, changes));
  const isDecided = rank > rankOf('queued');
  const processedAt = readTime(cells.processed_at);
  if (isDecided && processedAt === null) changes.push('processed_at is no time: taken as decided when it arrived');
  const row = {
    channelId: channelIdOf(cells),
    key,
    // When Eventyay sent it the original did not keep.
    message: { ...reading.message, sentAt: null },
    madeName,
    rank,
    arrivedAt,
    decidedAt: isDecided ? (processedAt ?? arrivedAt) : null,
    deciderId: isDecided ? readCentralauthId(cells.processed_by_centralauth_id) : null,
  };
  return { kind: 'row', row, changes };
}

/**
 * The event that Eventyay sent, as far as the original kept it: so the same function reads it as if it came to the
 * webhook, and what is sent again after the move is a duplicate.
 */
function bodyOf(cells: Cells, arrivedAt: number, isNameless: boolean): Buffer {
  const event = {
    message_id: cells.eventyay_message_id,
    timestamp: new Date(arrivedAt).toISOString(),
    screen_name: isNameless ? '' : cells.screen_name,
    sender_id: cells.sender_id,
    centralauth_id: cells.centralauth_id,
    centralauth_username: cells.wiki_username,
    message: cells.message,
    message_type: messageTypeOf(readWord(cells.message_type)),
    profile_img: cells.profile_img,
    user_language: readText(cells.detected_language) ?? cells.user_language,
    meta: readJson(cells.meta),
    // Nothing that Eventyay sends: of two events without an id each stays itself.
    row: cells.id,
  };
  return Buffer.from(JSON.stringify(event));
}

function readStatus(cell: unknown, changes: string[]): Status {
  const status = STATUSES.get(readWord(cell));
  if (status === undefined) changes.push('status is none that is known: taken as queued');
  return status ?? 'queued';
}

function readMadeName(name: unknown, labels: readonly string[]): OriginalMessage['madeName'] {
  if (typeof name !== 'string') return null;
  const label = labels.find((each) => name.startsWith(`${each} #`));
  const number = label === undefined ? undefined : MADE_NUMBER.exec(name.slice(label.length))?.[1];
  return label === undefined || number === undefined ? null : { label, number: Number(number) };
}
