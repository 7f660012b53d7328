import { Message } from '../entities/message.entity';
import { statusOf } from '../moderation/decision';
import type { ExportedMessageDto, MessageDto } from './message.dto';

/** A message as the API shows it. */
export function messageView(message: Message): MessageDto {
  return {
    id: String(message.id),
    sourceId: message.sourceId,
    screenName: message.screenName,
    wikiUsername: message.wikiUsername,
    senderId: message.senderId,
    centralauthId: message.centralauthId,
    text: message.text,
    type: message.type,
    language: message.language,
    profileImage: message.profileImage,
    status: statusOf(message.rank),
    revision: message.revision,
    arrivedAt: new Date(message.arrivedAt).toISOString(),
    decidedAt: isoTime(message.decidedAt),
    decidedBy: message.decidedBy,
    count: 1,
  };
}

/** The columns of a CSV file of messages, and what stands in each line of JSON. */
export const EXPORT_COLUMNS = [
  'id',
  'sourceId',
  'sourceChannel',
  'targetId',
  'screenName',
  'publishedName',
  'wikiUsername',
  'senderId',
  'centralauthId',
  'text',
  'type',
  'language',
  'profileImage',
  'status',
  'revision',
  'arrivedAt',
  'sentAt',
  'decidedAt',
  'decidedBy',
] as const satisfies (keyof ExportedMessageDto)[];

/** A message with all that is kept of it. */
export function exportView(message: Message): ExportedMessageDto {
  const { sourceChannel, targetId, publishedName, sentAt } = message;
  const whole: ExportedMessageDto = {
    ...messageView(message),
    sourceChannel,
    targetId,
    publishedName,
    sentAt: isoTime(sentAt),
  };
  return Object.fromEntries(EXPORT_COLUMNS.map((column) => [column, whole[column]])) as unknown as ExportedMessageDto;
}

/** @param time epoch milliseconds */
function isoTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
