/** The tables of the Python original that are read, with the columns without which a table is no such table. */
export const ORIGINAL_TABLES = {
  channels: ['id', 'name', 'display_token', 'webhook_hmac_secret'],
  channel_members: ['channel_id', 'centralauth_id', 'role'],
  blacklist: ['channel_id', 'screen_name', 'sender_id'],
  whitelist: ['channel_id', 'screen_name', 'sender_id'],
  global_blacklist: ['screen_name'],
  blocked_patterns: ['channel_id', 'pattern_text'],
  messages: ['id', 'channel_id', 'eventyay_message_id', 'message', 'message_type', 'status', 'arrived_at'],
  moderation_log: ['channel_id', 'message_id', 'decision', 'decided_at'],
} as const;

export type OriginalTable = keyof typeof ORIGINAL_TABLES;

/** Those without which there is nothing to import; the others came one by one as the original grew. */
export const REQUIRED_TABLES: readonly OriginalTable[] = ['channels', 'messages'];
