import { BadRequestException, NotFoundException } from '@nestjs/common';
import { EntityManager } from 'typeorm';
import type { SenderEntry } from '../entities/sender-entry';
import { Message } from '../entities/message.entity';
import { digestOf, readCentralauthId, storedIdFromApi } from '../moderation/ids';
import { nameKey, type SenderIdentity } from '../moderation/sender';
import { cut, removeControls } from '../moderation/text';
import type { SenderEntryDto, SenderTargetDto } from './sender.dto';

const MAX_NAME = 200;

/** Whom a list entry is to mean, and under which name it is shown. */
export interface Target extends SenderIdentity {
  screenName: string | null;
  /** The message that was pointed at, if one was. */
  messageId: number | null;
}

/**
 * @param channelId null: a message of any channel may be pointed at
 * @throws BadRequestException nobody is named; NotFoundException no such message
 */
export async function resolveTarget(
  tx: EntityManager,
  channelId: string | null,
  dto: SenderTargetDto,
): Promise<Target> {
  const { messageId, senderId, centralauthId, screenName } = dto;
  if (messageId === undefined) return namedTarget(dto);
  if ([senderId, centralauthId, screenName].some((given) => given !== undefined && given !== null)) {
    throw new BadRequestException(['messageId stands for the sender: give nothing else with it']);
  }
  const id = Number(messageId);
  const message =
    id <= 2 ** 31 - 1 ? await tx.findOneBy(Message, { id, ...(channelId === null ? {} : { channelId }) }) : null;
  if (!message) throw new NotFoundException('There is no such message in this channel.');
  return {
    senderId: message.senderId,
    centralauthId: message.centralauthId,
    nameKey: message.nameKey,
    // A name that was made here is not theirs.
    screenName: message.nameKey === null ? null : message.screenName,
    messageId: id,
  };
}

function namedTarget({ senderId, centralauthId, screenName }: SenderTargetDto): Target {
  const target: Target = {
    senderId: senderId ? storedIdFromApi(senderId) : null,
    centralauthId: centralauthId ? readCentralauthId(centralauthId) : null,
    screenName: screenName ? cut(removeControls(screenName).trim(), MAX_NAME) : null,
    nameKey: null,
    messageId: null,
  };
  target.nameKey = nameKey(target.screenName);
  if (target.nameKey === null) target.screenName = null;
  if (centralauthId && target.centralauthId === null)
    throw new BadRequestException(['centralauthId must be a positive integer up to 2^53 - 1']);
  if (isNobody(target))
    throw new BadRequestException([
      'one of messageId, senderId, centralauthId and screenName is needed, and must not be blank',
    ]);
  return target;
}

export function isNobody({ senderId, centralauthId, nameKey: key }: SenderIdentity): boolean {
  return senderId === null && centralauthId === null && key === null;
}

export function hasId({ senderId, centralauthId }: SenderIdentity): boolean {
  return senderId !== null || centralauthId !== null;
}

/** What makes two entries the same: the ids, or the name where there are none. */
function identityOf(target: SenderIdentity): string {
  return hasId(target)
    ? digestOf('ids', JSON.stringify([target.senderId, target.centralauthId]))
    : digestOf('name', target.nameKey ?? '');
}

export function entryView(entry: SenderEntry & { id: number }): SenderEntryDto {
  return {
    id: String(entry.id),
    senderId: entry.senderId,
    centralauthId: entry.centralauthId,
    screenName: entry.screenName,
    addedBy: entry.addedBy,
    addedAt: new Date(entry.addedAt).toISOString(),
  };
}

/** The columns of a new entry but for whose list it is on. */
export function newEntry(target: Target, addedBy: string, addedAt: number) {
  const { senderId, centralauthId, screenName, nameKey: key } = target;
  return { identity: identityOf(target), senderId, centralauthId, screenName, nameKey: key, addedBy, addedAt };
}
