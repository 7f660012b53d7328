import { Injectable, NotFoundException } from '@nestjs/common';
import { In, Like, SelectQueryBuilder } from 'typeorm';
import { Database } from '../database/database';
import { ChannelState } from '../entities/channel-state.entity';
import { Message } from '../entities/message.entity';
import { rankOf, type Status, STATUSES } from '../moderation/decision';
import { readCentralauthId, storedIdFromApi } from '../moderation/ids';
import { normalise } from '../moderation/similarity';
import { removeControls } from '../moderation/text';
import {
  type ChangesDto,
  type LanguageCountDto,
  type MessageListDto,
  type MessageQueryDto,
  type StatsDto,
  type TypeCountDto,
  TYPES,
} from './message.dto';
import { messageView } from './message.view';

/** A page that missed more than this fetches its window again. */
const MAX_CHANGES = 500;
/** What an id column holds; PostgreSQL refuses to compare it with more. */
const MAX_ID = 2 ** 31 - 1;

/** What moderators see of a channel: windows of its messages, and what changed since. */
@Injectable()
export class MessagesService {
  private readonly counted = new Map<string, { seq: number; stats: StatsDto }>();

  constructor(private readonly database: Database) {}

  async list(channelId: string, query: MessageQueryDto): Promise<MessageListDto> {
    const { order = 'newest', limit = 100, offset = 0, cursor } = query;
    // Before the list: what is committed in between is told twice rather than never.
    const { changeSeq: seq } = await this.state(channelId);
    const page = this.filtered(channelId, query).orderBy('message.id', order === 'newest' ? 'DESC' : 'ASC');
    if (cursor !== undefined)
      page.andWhere(`message.id ${order === 'newest' ? '<' : '>'} :cursor`, {
        cursor: Math.min(Number(cursor), MAX_ID),
      });
    const rows = await page
      .offset(cursor === undefined ? offset : 0)
      .limit(limit + 1)
      .getMany();
    const messages = rows.slice(0, limit).map(messageView);
    return {
      messages,
      total: await this.filtered(channelId, query).getCount(),
      nextCursor: rows.length > limit ? messages[messages.length - 1].id : null,
      languages: await this.languages(channelId, query),
      types: await this.types(channelId, query),
      stats: await this.stats(channelId),
      seq,
    };
  }

  /** What came or changed after `since`, a seq that an earlier answer told. */
  async changes(channelId: string, since: number): Promise<ChangesDto> {
    const { changeSeq: seq, removedSeq } = await this.state(channelId);
    const rows = await this.database.reader
      .createQueryBuilder(Message, 'message')
      .where('message.channelId = :channelId AND message.changeSeq > :since', { channelId, since })
      .orderBy('message.changeSeq')
      .addOrderBy('message.id')
      .limit(MAX_CHANGES + 1)
      .getMany();
    // A number from the future can only come from before the channel was deleted and made again.
    const reset = rows.length > MAX_CHANGES || since > seq || since < (removedSeq ?? 0);
    return { seq, reset, messages: reset ? [] : rows.map(messageView), stats: await this.stats(channelId) };
  }

  async stats(channelId: string): Promise<StatsDto> {
    const { changeSeq: seq } = await this.state(channelId);
    const known = this.counted.get(channelId);
    if (known?.seq === seq) return known.stats;
    const rows = await this.database.reader
      .createQueryBuilder(Message, 'message')
      .select('message.rank', 'rank')
      .addSelect('COUNT(*)', 'count')
      .where({ channelId })
      .groupBy('message.rank')
      .getRawMany<{ rank: number; count: number | string }>();
    const count = (status: Status) => Number(rows.find(({ rank }) => rank === rankOf(status))?.count ?? 0);
    const stats = Object.fromEntries(STATUSES.map((status) => [status, count(status)])) as unknown as StatsDto;
    this.counted.set(channelId, { seq, stats });
    return stats;
  }

  /** @throws NotFoundException when the channel has been deleted meanwhile */
  private async state(channelId: string): Promise<ChannelState> {
    const state = await this.database.reader.findOneBy(ChannelState, { channelId });
    if (!state) throw new NotFoundException('There is no such channel.');
    return state;
  }

  private async languages(channelId: string, query: MessageQueryDto): Promise<LanguageCountDto[]> {
    const counts = await this.countedBy(
      'language',
      this.filtered(channelId, { ...query, lang: undefined }).andWhere('message.language IS NOT NULL'),
    );
    return counts
      .map(([code, count]) => ({ code, count }))
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
  }

  private async types(channelId: string, query: MessageQueryDto): Promise<TypeCountDto[]> {
    const counts = new Map(await this.countedBy('type', this.filtered(channelId, { ...query, type: undefined })));
    return TYPES.map((type) => ({ type, count: counts.get(type) ?? 0 }));
  }

  private async countedBy(
    column: 'language' | 'type',
    builder: SelectQueryBuilder<Message>,
  ): Promise<[string, number][]> {
    const rows = await builder
      .select(`message.${column}`, 'value')
      .addSelect('COUNT(*)', 'count')
      .groupBy(`message.${column}`)
      .getRawMany<{ value: string; count: number | string }>();
    return rows.map(({ value, count }) => [value, Number(count)]);
  }

  private filtered(channelId: string, { status, type, lang, q, sender }: MessageQueryDto): SelectQueryBuilder<Message> {
    const ranks = (status ?? (['queued'] as const)).map(rankOf);
    const others = { channelId, rank: In(ranks), ...(type ? { type: In(type) } : {}) };
    const builder = this.database.reader
      .createQueryBuilder(Message, 'message')
      .where(lang ? languages(lang).map((language) => ({ ...others, language })) : others);
    const words = normalise(removeControls(q ?? ''));
    if (words) {
      // A name that was made here has no key; what people see of it is still what they look for.
      const places = ['message.normalText', 'message.nameKey', 'LOWER(message.screenName)'];
      builder.andWhere(`(${places.map((place) => `${place} LIKE :words ESCAPE '!'`).join(' OR ')})`, {
        words: `%${words.replace(/[!%_]/g, '!$&')}%`,
      });
    }
    if (sender) {
      builder.andWhere('(message.senderId = :sender OR message.centralauthId = :account)', {
        sender: storedIdFromApi(sender),
        account: readCentralauthId(sender),
      });
    }
    return builder;
  }
}

/** Those tags, and of a bare language its regions and scripts too: `pt` means `pt-BR` as well. */
function languages(tags: string[]) {
  const bare = tags.filter((tag) => /^[a-z]{2,3}$/.test(tag));
  return [In(tags), ...bare.map((tag) => Like(`${tag}-%`))];
}
