import type { EntityTarget, ObjectLiteral } from 'typeorm';
import { AllowedSender } from '../entities/allowed-sender.entity';
import { ApiToken } from '../entities/api-token.entity';
import { BlockedPattern } from '../entities/blocked-pattern.entity';
import { BlockedSender } from '../entities/blocked-sender.entity';
import { Message } from '../entities/message.entity';
import { Operation } from '../entities/operation.entity';

interface ChannelParam {
  entity: EntityTarget<ObjectLiteral>;
  /** What the path says as the column wants it; null when there can be no such row. */
  parse(text: string): number | string | null;
}

const MAX_INT32 = 2 ** 31 - 1;

function serial(text: string): number | null {
  return /^[1-9]\d{0,9}$/.test(text) && Number(text) <= MAX_INT32 ? Number(text) : null;
}

function uuid(text: string): string | null {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text) ? text : null;
}

/** Path parameters that name something of the channel in `:channelId`. In another channel's path they are 404. */
export const channelParams: Readonly<Record<string, ChannelParam>> = {
  messageId: { entity: Message, parse: serial },
  blockedId: { entity: BlockedSender, parse: serial },
  allowedId: { entity: AllowedSender, parse: serial },
  patternId: { entity: BlockedPattern, parse: serial },
  tokenId: { entity: ApiToken, parse: serial },
  operationId: { entity: Operation, parse: uuid },
};
