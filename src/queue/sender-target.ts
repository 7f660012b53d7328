import { BadRequestException, NotFoundException } from '@nestjs/common';
import { EntityManager } from 'typeorm';
import type { SenderEntry } from '../entities/sender-entry';
import { Message } from '../entities/message.entity';
import { readCentralauthId, storedIdFromApi } from '../moderation/ids';
import { entryIdentity, isVeiled, nameKey, type SenderIdentity, type Veil } from '../moderation/sender';
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

/** By which an entry that means the same is found: as it is made, or veiled since. */
export function identitiesOf(target: SenderIdentity, veil: Veil): string[] {
  return [entryIdentity(target), entryIdentity(veil(target))];
}

/** What is shown of an entry whose sender has been erased. */
const NOBODY = { senderId: null, centralauthId: null, screenName: null };

export function entryView(entry: SenderEntry & { id: number }): SenderEntryDto {
  const { senderId, centralauthId, screenName } = entry;
  return {
    id: String(entry.id),
    ...(isVeiled(entry) ? { ...NOBODY, erased: true } : { senderId, centralauthId, screenName, erased: false }),
    addedBy: entry.addedBy,
    addedAt: new Date(entry.addedAt).toISOString(),
  };
}

/** The columns of a new entry but for whose list it is on. */
export function newEntry(target: Target, addedBy: string, addedAt: number) {
  const { senderId, centralauthId, screenName, nameKey: key } = target;
  return { identity: entryIdentity(target), senderId, centralauthId, screenName, nameKey: key, addedBy, addedAt };
}
