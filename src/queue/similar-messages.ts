import { Between, In, LessThan, MoreThan } from 'typeorm';
import type { LockedChannel } from '../database/channel-writer';
import { Message } from '../entities/message.entity';
import { rankOf } from '../moderation/decision';
import type { MessageType } from '../moderation/message';
import { codePointLength, isSimilar } from '../moderation/similarity';

/** The greatest difference in length of two similar texts: the greatest distance there is. */
const MAX_DISTANCE = 2;
const ROWS_AT_A_TIME = 5_000;
/** Code points of all texts that are in memory at a time: there may be thousands of the longest. */
const CODE_POINTS_AT_A_TIME = 2_000_000;

/**
 * The ids of the channel's messages that are similar to a text: queued ones, or all that are not rejected. Length alone
 * tells most apart, so the database sends only those that come into question.
 */
export async function similarMessages(
  { tx, id: channelId }: LockedChannel,
  normalText: string,
  { types, status }: { types: MessageType[]; status: 'queued' | 'not rejected' },
): Promise<number[]> {
  const length = codePointLength(normalText);
  const rank = status === 'queued' ? rankOf('queued') : LessThan(rankOf('rejected'));
  const take = Math.max(1, Math.min(ROWS_AT_A_TIME, Math.floor(CODE_POINTS_AT_A_TIME / (length + MAX_DISTANCE))));
  const normalLength = Between(length - MAX_DISTANCE, length + MAX_DISTANCE);
  const similar: number[] = [];
  let rows: Message[];
  let last = 0;
  do {
    rows = await tx.find(Message, {
      select: { id: true, normalText: true },
      where: { channelId, type: In(types), rank, normalLength, id: MoreThan(last) },
      order: { id: 'ASC' },
      take,
    });
    for (const row of rows) if (isSimilar(row.normalText, normalText)) similar.push(row.id);
    last = rows[rows.length - 1]?.id ?? last;
  } while (rows.length === take);
  return similar;
}
