import { LogEntry } from '../entities/log-entry.entity';
import { statusOf } from '../moderation/decision';
import type { LogEntryDto } from './log.dto';

/** The columns of every CSV file of log entries. */
export const LOG_COLUMNS = [
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

/** A log entry as the API shows it. */
export function logView(row: LogEntry): LogEntryDto {
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
