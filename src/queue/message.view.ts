import { Message } from '../entities/message.entity';
import { statusOf } from '../moderation/decision';
import type { MessageDto } from './message.dto';

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

/** @param time epoch milliseconds */
function isoTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
