import type { SenderIdentity } from '../moderation/sender';
import type { Where } from './statements';

const NO_ID = 'sender_id IS NULL AND centralauth_id IS NULL';
const NOBODY: Where = { sql: '1 = 0', parameters: [] };

/** moderation/sender.ts's `blocks`, as a condition on messages. */
export function blockedWhere({ senderId, centralauthId, nameKey }: SenderIdentity): Where {
  const hasNoId = senderId === null && centralauthId === null;
  return any([
    ...(senderId === null ? [] : [{ sql: 'sender_id = ?', parameters: [senderId] }]),
    ...(centralauthId === null ? [] : [{ sql: 'centralauth_id = ?', parameters: [centralauthId] }]),
    ...(nameKey === null
      ? []
      : [{ sql: hasNoId ? 'name_key = ?' : `name_key = ? AND ${NO_ID}`, parameters: [nameKey] }]),
  ]);
}

/** moderation/sender.ts's `allows`, as a condition on messages. */
export function allowedWhere({ senderId, centralauthId }: SenderIdentity): Where {
  if (senderId === null && centralauthId === null) return NOBODY;
  if (centralauthId === null) return { sql: 'sender_id = ?', parameters: [senderId as string] };
  if (senderId === null) return { sql: 'centralauth_id = ?', parameters: [centralauthId] };
  return any([
    { sql: 'sender_id = ? AND (centralauth_id = ? OR centralauth_id IS NULL)', parameters: [senderId, centralauthId] },
    { sql: 'centralauth_id = ? AND sender_id IS NULL', parameters: [centralauthId] },
  ]);
}

function any(conditions: Where[]): Where {
  if (conditions.length === 0) return NOBODY;
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(' OR '),
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}
