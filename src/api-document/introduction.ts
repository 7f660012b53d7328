/** What the document says before its operations. */
export const INTRODUCTION = [
  'The moderation queue for live conference chat. Signed messages go in by the webhook, moderators decide by the REST API or the queue page, displays read the feeds.',
  'Bodies are JSON in UTF-8 with keys in camelCase (the webhook’s in snake_case, as Eventyay sends them). Times are ISO 8601 in UTC with milliseconds; ids are strings. A key that is not described is refused in a request; answers may get new keys.',
  'From a channel to its feed: a superadmin makes the channel with `Channels_create`, and gives its `webhookUrl` and `webhookSecret` to the sender. The sender posts to `Webhook_receive`, signed as `X-Eventyay-Signature` says. An admin makes a token for a program with `Tokens_create`. With that as `Authorization: Bearer <token>` the program lists the queue with `Messages_list`, decides with `Decisions_decide`, and reads what is published with `Feed_jsonFeed`. Afterwards `Tokens_revoke`, `Channel_archive` and, for good, `Channel_remove`.',
  'Each operation says what its caller must be as `x-role`: anybody, signed-in, or at least a moderator, an admin or a superadmin; an API token stands for a moderator or an admin of its one channel, as its scope says.',
  'Refusals are JSON `{"statusCode","error","message"}` and are checked in this order: 401 not signed in, 403 CSRF token, 404 unknown channel, 403 role, 404 not in this channel, 400 bad input, 409 conflict. A 503 carries `Retry-After`.',
].join('\n\n');

/** In the order in which the page shows them; what is not named here follows. */
const TAGS: Record<string, string> = {
  Webhook: 'Where chat comes in.',
  Session: 'Who is signed in with a browser.',
  Channels: 'Making channels, setting them up, and what arrives in them.',
  'API tokens': 'What programs sign in with.',
  Members: 'Who moderates a channel.',
  Queue: 'What waits for moderators, and what changes.',
  Decisions: 'What moderators say to it.',
  Senders: 'Who is blocked, and who needs no moderator.',
  Patterns: 'What may not be said.',
  Log: 'Who decided what, and when.',
  Displays: 'What is published.',
  Simulation: 'Made-up chat, to practise with.',
  Operations: 'Whether the server is well.',
};

export const describeTags = () => Object.entries(TAGS).map(([name, description]) => ({ name, description }));
