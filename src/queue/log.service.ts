import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify';
import { pipeline, Readable } from 'node:stream';
import { LessThan } from 'typeorm';
import { Database } from '../database/database';
import { LogEntry } from '../entities/log-entry.entity';
import { statusOf } from '../moderation/decision';
import type { LogDto, LogEntryDto, LogFilterDto, LogQueryDto } from './log.dto';

const CSV_PAGE = 500;
const CSV_COLUMNS = [
  'id',
  'messageId',
  'decision',
  'from',
  'to',
  'automatic',
  'cause',
  'operation',
  'moderator',
  'screenName',
  'text',
  'type',
  'arrivedAt',
  'decidedAt',
] as const satisfies (keyof LogEntryDto)[];

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
  async csv(channelId: string, filter: LogFilterDto): Promise<Readable> {
    const first = await this.list(channelId, { ...filter, limit: CSV_PAGE });
    // What a stranger wrote may begin like a formula; a spreadsheet must show it, not run it.
    const rows = stringify({
      header: true,
      columns: [...CSV_COLUMNS],
      escape_formulas: true,
      bom: true,
      cast: { boolean: String },
    });
    // Not pipe(): that would let a fault of the database, or a reader who leaves, end one of the two and not the other.
    return pipeline(Readable.from(this.pages(channelId, filter, first)), rows, () => undefined);
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

function logView(row: LogEntry): LogEntryDto {
  return {
    id: String(row.id),
    messageId: String(row.messageId),
    decision: row.decision as LogEntryDto['decision'],
    from: statusOf(row.fromRank),
    to: statusOf(row.toRank),
    automatic: row.automatic,
    cause: row.cause as LogEntryDto['cause'],
    operation: row.operation,
    moderator: row.moderator,
    screenName: row.screenName,
    text: row.text,
    type: row.type,
    arrivedAt: new Date(row.arrivedAt).toISOString(),
    decidedAt: new Date(row.decidedAt).toISOString(),
  };
}
