import { BadRequestException, Injectable, NotFoundException } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Principal } from '../auth/access';
import { ChannelWriter, LockedChannel } from '../database/channel-writer';
import { Database } from '../database/database';
import { decideEach } from '../database/decide';
import { BlockedPattern } from '../entities/blocked-pattern.entity';
import { Message } from '../entities/message.entity';
import { digestOf } from '../moderation/ids';
import { normalise } from '../moderation/similarity';
import { isBlank, removeControls } from '../moderation/text';
import { entryOf, recordOperation } from './operations';
import type { BlockedPatternDto, PatternDto, PatternTargetDto } from './pattern.dto';
import { similarMessages } from './similar-messages';

/** A channel's blocked patterns: texts that are dropped on arrival, with everything similar to them. */
@Injectable()
export class PatternsService {
  constructor(
    private readonly channels: ChannelWriter,
    private readonly database: Database,
  ) {}

  async list(channelId: string): Promise<PatternDto[]> {
    const patterns = await this.database.reader.find(BlockedPattern, { where: { channelId }, order: { id: 'DESC' } });
    return patterns.map(patternView);
  }

  /** Rejects what is similar and not rejected yet, and drops what comes. Repeating it finds the pattern and sweeps again. */
  async block(
    channelId: string,
    dto: PatternTargetDto,
    moderator: Principal,
  ): Promise<{ created: boolean; answer: BlockedPatternDto }> {
    return this.channels.write(channelId, async (channel) => {
      const text = await resolveText(channel, dto);
      const { created, pattern } = await findOrAdd(channel, text, moderator);
      const operation = randomUUID();
      const similar = await similarMessages(channel, pattern.normalText, {
        types: ['text', 'qa'],
        status: 'not rejected',
      });
      const affected = await decideEach(
        channel,
        { decision: { decision: 'reject' }, cause: 'pattern', operation, moderator },
        similar,
      );
      const entryId = await entryOf(channel, 'pattern', { created, entryId: pattern.id });
      await recordOperation(channel, { id: operation, cause: 'pattern', entryId, moderator });
      return { created, answer: { pattern: patternView(pattern), affected, operation } };
    });
  }

  async remove(channelId: string, id: number): Promise<void> {
    await this.channels.write(channelId, async (channel) => {
      await channel.tx.delete(BlockedPattern, { id, channelId });
      channel.raiseRules();
    });
  }
}

async function findOrAdd(
  channel: LockedChannel,
  text: string,
  moderator: Principal,
): Promise<{ created: boolean; pattern: BlockedPattern }> {
  const { tx, id: channelId } = channel;
  const wanted = newPattern(text);
  const known = await tx.findOneBy(BlockedPattern, { channelId, digest: wanted.digest });
  if (known) return { created: false, pattern: known };
  const row = { channelId, ...wanted, addedBy: moderator.username, addedAt: channel.now };
  const pattern = await tx.save(tx.create(BlockedPattern, row));
  channel.raiseRules();
  return { created: true, pattern };
}

/** The columns of a new pattern that its text decides. */
export function newPattern(text: string) {
  const normalText = normalise(text);
  return { digest: digestOf(normalText), text, normalText };
}

async function resolveText(
  { tx, id: channelId }: LockedChannel,
  { messageId, text }: PatternTargetDto,
): Promise<string> {
  if ((messageId === undefined) === (text === undefined))
    throw new BadRequestException(['exactly one of messageId and text is needed']);
  if (text !== undefined) {
    if (isBlank(text)) throw new BadRequestException(['text must not be blank']);
    return removeControls(text).trim();
  }
  const id = Number(messageId);
  const message = id <= 2 ** 31 - 1 ? await tx.findOneBy(Message, { id, channelId }) : null;
  if (!message) throw new NotFoundException('There is no such message in this channel.');
  if (message.type === 'emoji')
    throw new BadRequestException([
      'messageId must be that of a text or a question: patterns do not look at reactions',
    ]);
  return message.text;
}

function patternView({ id, text, addedBy, addedAt }: BlockedPattern): PatternDto {
  return { id: String(id), text, addedBy, addedAt: new Date(addedAt).toISOString() };
}
