import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { Between, type EntityTarget, type FindOptionsWhere } from 'typeorm';
import { Database } from '../database/database';
import { LogEntry } from '../entities/log-entry.entity';
import { Message } from '../entities/message.entity';
import { csvOf, jsonLinesOf, type MayStill, whileAllowed } from './downloads';
import type { LogEntryDto } from './log.dto';
import { LOG_COLUMNS, logView } from './log.view';
import type { ExportedMessageDto } from './message.dto';
import { EXPORT_COLUMNS, exportView } from './message.view';

/** Rows in memory at a time, of up to 64 KiB of text each. */
const PORTION = 20;

interface ChannelRow {
  id: number;
  channelId: string;
}

/**
 * All messages and decisions of a channel as files, oldest first: what was there when the file was asked for. Read in
 * portions while it is sent, no faster than it is taken, and no further when whoever takes it leaves, or has lost the
 * right to it.
 */
@Injectable()
export class ExportService {
  constructor(private readonly database: Database) {}

  async messagesAsJsonLines(channelId: string, mayStill: MayStill): Promise<Readable> {
    return jsonLinesOf(await this.messages(channelId, mayStill));
  }

  async messagesAsCsv(channelId: string, mayStill: MayStill): Promise<Readable> {
    return csvOf(await this.messages(channelId, mayStill), EXPORT_COLUMNS);
  }

  async decisionsAsJsonLines(channelId: string, mayStill: MayStill): Promise<Readable> {
    return jsonLinesOf(await this.decisions(channelId, mayStill));
  }

  async decisionsAsCsv(channelId: string, mayStill: MayStill): Promise<Readable> {
    return csvOf(await this.decisions(channelId, mayStill), LOG_COLUMNS);
  }

  private async messages(channelId: string, mayStill: MayStill): Promise<AsyncGenerator<ExportedMessageDto>> {
    return whileAllowed(await this.rows(Message, channelId, exportView), mayStill);
  }

  private async decisions(channelId: string, mayStill: MayStill): Promise<AsyncGenerator<LogEntryDto>> {
    return whileAllowed(await this.rows(LogEntry, channelId, logView), mayStill);
  }

  /** The end is fixed and the first portion read before anything is sent, when the database's failing can still be answered. */
  private async rows<Row extends ChannelRow, View>(
    entity: EntityTarget<Row>,
    channelId: string,
    view: (row: Row) => View,
  ): Promise<AsyncGenerator<View>> {
    const last = await this.database.reader.maximum(entity, 'id' as never, { channelId } as FindOptionsWhere<Row>);
    const rows = this.upTo(entity, channelId, Number(last ?? 0), view);
    return startedWith(await rows.next(), rows);
  }

  private async *upTo<Row extends ChannelRow, View>(
    entity: EntityTarget<Row>,
    channelId: string,
    last: number,
    view: (row: Row) => View,
  ): AsyncGenerator<View> {
    for (let after = 0; after < last;) {
      const rows = await this.database.reader.find(entity, {
        where: { channelId, id: Between(after + 1, last) } as FindOptionsWhere<Row>,
        order: { id: 'ASC' } as never,
        take: PORTION,
      });
      for (const row of rows) yield view(row);
      if (rows.length < PORTION) return;
      after = rows[rows.length - 1].id;
    }
  }
}

async function* startedWith<View>(first: IteratorResult<View>, rest: AsyncGenerator<View>): AsyncGenerator<View> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}
