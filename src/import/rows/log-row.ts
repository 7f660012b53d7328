import type { Cause } from '../../database/decide';
import { NAME_LENGTH } from '../../entities/columns';
import { effect } from '../../moderation/decision';
import { digestOf, readCentralauthId } from '../../moderation/ids';
import { MAX_TEXT_BYTES, type MessageType, messageTypeOf } from '../../moderation/message';
import { emojiOnly } from '../../moderation/symbol';
import { cut, cutBytes } from '../../moderation/text';
import type { Cells } from '../original/original';
import { readRowId, readText, readTime, readWord } from './cells';
import { type Identified, type Mapped, refused } from './mapped';
import { accountName, type Adder, channelIdOf } from './people-rows';

export interface OriginalLogRow extends Identified {
  /** The message's id at the original; null when it is gone there. */
  messageKey: string | null;
  decision: 'highlight' | 'approve' | 'reject';
  cause: Cause | null;
  toRank: number;
  moderator: Adder;
  screenName: string;
  text: string;
  type: MessageType;
  arrivedAt: number;
  decidedAt: number;
}

/** The original wrote now the verb, now the status it led to, now the button that was pressed. */
const DECISIONS = new Map<string, [OriginalLogRow['decision'], Cause | null]>([
  ['highlight', ['highlight', null]],
  ['highlighted', ['highlight', null]],
  ['approve', ['approve', null]],
  ['approved', ['approve', null]],
  ['accept', ['approve', null]],
  ['accepted', ['approve', null]],
  ['allow', ['approve', 'allow']],
  ['allowed', ['approve', 'allow']],
  ['whitelist', ['approve', 'allow']],
  ['reject', ['reject', null]],
  ['rejected', ['reject', null]],
  ['reject-similar', ['reject', 'reject-similar']],
  ['rejected-similar', ['reject', 'reject-similar']],
  ['ban', ['reject', 'block']],
  ['banned', ['reject', 'block']],
  ['block', ['reject', 'block']],
  ['blocked', ['reject', 'block']],
  ['blacklist', ['reject', 'block']],
  ['block-similar', ['reject', 'pattern']],
]);

/** What tells a row from all others; older originals have no id. */
const TELLING = [
  'id',
  'message_id',
  'moderator_centralauth_id',
  'decision',
  'screen_name',
  'message_text',
  'message_type',
  'arrived_at',
  'decided_at',
];

export function mapLogRow(cells: Cells): Mapped<OriginalLogRow> {
  const known = DECISIONS.get(readWord(cells.decision));
  if (known === undefined) return refused('decision is none that is known');
  const decidedAt = readTime(cells.decided_at);
  if (decidedAt === null) return refused('decided_at is no time');
  const [decision, cause] = known;
  const type = messageTypeOf(readWord(cells.message_type));
  const row = {
    channelId: channelIdOf(cells),
    key: digestOf('log', JSON.stringify(TELLING.map((column) => cells[column] ?? null))),
    messageKey: readRowId(cells.message_id),
    decision,
    cause,
    toRank: effect({ decision }).rank,
    moderator: {
      name: accountName(cells.moderator_wiki_username),
      centralauthId: readCentralauthId(cells.moderator_centralauth_id),
    },
    screenName: cut(readText(cells.screen_name) ?? '', NAME_LENGTH),
    text: textOf(type, cells.message_text),
    type,
    arrivedAt: readTime(cells.arrived_at) ?? decidedAt,
    decidedAt,
  };
  return { kind: 'row', row, changes: [] };
}

/** A reaction's text at the original may be that of the message reacted to, which nobody need have let through. */
function textOf(type: MessageType, cell: unknown): string {
  return type === 'emoji' ? (emojiOnly(cell) ?? '') : cutBytes(readText(cell) ?? '', MAX_TEXT_BYTES);
}
