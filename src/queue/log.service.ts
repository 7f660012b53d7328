import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { LessThan } from 'typeorm';
import { Database } from '../database/database';
import { LogEntry } from '../entities/log-entry.entity';
import { csvOf, type MayStill, whileAllowed } from './downloads';
import type { LogDto, LogEntryDto, LogFilterDto, LogQueryDto } from './log.dto';
import { LOG_COLUMNS, logView } from './log.view';

const CSV_PAGE = 50;
/** Who decided what, and when. */
@Injectable()
export class LogService {
  constructor(private readonly database: Database) {}

  async list(channelId: string, { decision, moderator, cursor, limit = 100 }: LogQueryDto): Promise<LogDto> {
    const rows = await this.database.reader.find(LogEntry, {
      where: {
        channelId,
        ...(decision === undefined ? {} : { decision }),
        ...(moderator === undefined ? {} : { moderator }),
        ...(cursor === undefined ? {} : { id: LessThan(Math.min(Number(cursor), 2 ** 31 - 1)) }),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const entries = rows.slice(0, limit).map(logView);
    return { entries, nextCursor: rows.length > limit ? entries[entries.length - 1].id : null };
  }

  /** The whole log as CSV, newest first, read in pages while it is sent. The first is read before anything is. */
  async csv(channelId: string, filter: LogFilterDto, mayStill: MayStill): Promise<Readable> {
    const first = await this.list(channelId, { ...filter, limit: CSV_PAGE });
    return csvOf(whileAllowed(this.pages(channelId, filter, first), mayStill), LOG_COLUMNS);
  }

  private async *pages(channelId: string, filter: LogFilterDto, first: LogDto): AsyncGenerator<LogEntryDto> {
    for (let page = first; ;) {
      yield* page.entries;
      const { nextCursor: cursor } = page;
      if (cursor === null) return;
      page = await this.list(channelId, { ...filter, cursor, limit: CSV_PAGE });
    }
  }
}
