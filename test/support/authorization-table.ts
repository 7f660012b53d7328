/** Who asks. `other` moderates another channel; the last three bring an API token of the channel with that scope. */
export const ASKERS = ['nobody', 'other', 'moderator', 'admin', 'superadmin', 'feed', 'moderate', 'all'] as const;
export type Asker = (typeof ASKERS)[number];

export interface Row {
  /** Method and path, as the router has it. */
  route: string;
  /** The status for each of ASKERS whose CSRF token, where one is needed, is right. */
  statuses: Record<Asker, number>;
  body?: object;
  query?: string;
}

/**
 * Every route there is, and what it answers to whom. A page sends who is signed out to sign in, and knows no API tokens.
 * In `:channelId` stands the channel of which the askers are what they are called; it is deleted last.
 */
const TABLE = `
                                                                 nobody other moderator admin superadmin feed moderate all
  GET /healthz                                                      200   200   200   200   200   200   200   200
  GET /readyz                                                       200   200   200   200   200   200   200   200
  GET /openapi.json                                                 200   200   200   200   200   200   200   200
  GET /docs                                                         200   200   200   200   200   200   200   200
  GET /rss/:channelId                                               200   200   200   200   200   200   200   200
  GET /rss/:channelId/highlights                                    200   200   200   200   200   200   200   200
  GET /atom/:channelId                                              200   200   200   200   200   200   200   200
  GET /atom/:channelId/highlights                                   200   200   200   200   200   200   200   200
  GET /jsonfeed/:channelId                                          200   200   200   200   200   200   200   200
  GET /jsonfeed/:channelId/highlights                               200   200   200   200   200   200   200   200
  GET /webhook/channel/:channelId                                   400   400   400   400   400   400   400   400
  POST /webhook/channel/:channelId                                  403   403   403   403   403   403   403   403

  GET /login                                                        200   302   302   302   302   200   200   200
  GET /oauth-callback                                               404   404   404   404   404   404   404   404
  GET /dev-login                                                    400   400   400   400   400   400   400   400
  POST /logout                                                      302   302   302   302   302   302   302   302
  GET /                                                             200   200   200   200   200   200   200   200
  GET /channel/:channelId/queue                                     302   403   200   200   200   302   302   302
  GET /channel/:channelId/log                                       302   403   200   200   200   302   302   302
  GET /channel/:channelId/blocked                                   302   403   200   200   200   302   302   302
  GET /channel/:channelId/allowed                                   302   403   200   200   200   302   302   302
  GET /channel/:channelId/settings                                  302   403   403   200   200   302   302   302
  GET /admin                                                        302   403   403   403   200   302   302   302
  GET /admin/channels                                               302   403   403   403   200   302   302   302
  GET /admin/global-blocklist                                       302   403   403   403   200   302   302   302
  GET /admin/simulation                                             302   403   403   403   200   302   302   302

  GET /api/v1/session                                               200   200   200   200   200   200   200   200
  GET /api/v1/channels                                              401   200   200   200   200   200   200   200
  POST /api/v1/channels                                             401   403   403   403   201   403   403   403
  GET /api/v1/simulation                                            401   403   403   403   200   403   403   403
  POST /api/v1/simulation                                           401   403   403   403   200   403   403   403
  POST /api/v1/simulation/replay                                    401   403   403   403   200   403   403   403
  GET /api/v1/global-blocked-senders                                401   403   403   403   200   403   403   403
  POST /api/v1/global-blocked-senders                               401   403   403   403   201   403   403   403
  DELETE /api/v1/global-blocked-senders/:entryId                    401   403   403   403   204   403   403   403

  GET /api/v1/channels/:channelId                                   401   403   200   200   200   403   200   200
  PATCH /api/v1/channels/:channelId                                 401   403   403   200   200   403   403   200
  GET /api/v1/channels/:channelId/intake                            401   403   403   200   200   403   403   200
  GET /api/v1/channels/:channelId/messages                          401   403   200   200   200   403   200   200
  GET /api/v1/channels/:channelId/changes                           401   403   200   200   200   403   200   200
  GET /api/v1/channels/:channelId/events                            401   403   200   200   200   403   200   200
  GET /api/v1/channels/:channelId/log                               401   403   200   200   200   403   200   200
  GET /api/v1/channels/:channelId/log.csv                           401   403   200   200   200   403   200   200
  GET /api/v1/channels/:channelId/export/messages.jsonl             401   403   403   200   200   403   403   200
  GET /api/v1/channels/:channelId/export/messages.csv               401   403   403   200   200   403   403   200
  GET /api/v1/channels/:channelId/export/decisions.jsonl            401   403   403   200   200   403   403   200
  GET /api/v1/channels/:channelId/export/decisions.csv              401   403   403   200   200   403   403   200
  POST /api/v1/channels/:channelId/messages/:messageId/decisions    401   403   200   200   200   403   200   200
  POST /api/v1/channels/:channelId/messages/:messageId/reject-similar 401 403   200   200   200   403   200   200
  POST /api/v1/channels/:channelId/operations/:operationId/undo     401   403   200   200   200   403   200   200
  GET /api/v1/channels/:channelId/blocked-senders                   401   403   200   200   200   403   200   200
  POST /api/v1/channels/:channelId/blocked-senders                  401   403   200   200   200   403   200   200
  DELETE /api/v1/channels/:channelId/blocked-senders/:blockedId     401   403   204   204   204   403   204   204
  POST /api/v1/channels/:channelId/blocked-senders/:blockedId/export 401  403   403   201   201   403   403   201
  GET /api/v1/channels/:channelId/allowed-senders                   401   403   200   200   200   403   200   200
  POST /api/v1/channels/:channelId/allowed-senders                  401   403   200   200   200   403   200   200
  DELETE /api/v1/channels/:channelId/allowed-senders/:allowedId     401   403   204   204   204   403   204   204
  GET /api/v1/channels/:channelId/blocked-patterns                  401   403   200   200   200   403   200   200
  POST /api/v1/channels/:channelId/blocked-patterns                 401   403   200   200   200   403   200   200
  DELETE /api/v1/channels/:channelId/blocked-patterns/:patternId    401   403   204   204   204   403   204   204

  GET /api/v1/channels/:channelId/senders/:senderId                 401   403   403   200   200   403   403   200
  DELETE /api/v1/channels/:channelId/senders/:senderId              401   403   403   204   204   403   403   204

  GET /api/v1/channels/:channelId/members                           401   403   403   200   200   403   403   403
  PUT /api/v1/channels/:channelId/members/:centralauthId            401   403   403   200   200   403   403   403
  DELETE /api/v1/channels/:channelId/members/:centralauthId         401   403   403   204   204   403   403   403
  GET /api/v1/channels/:channelId/accounts                          401   403   403   200   200   403   403   403
  GET /api/v1/channels/:channelId/tokens                            401   403   403   200   200   403   403   403
  POST /api/v1/channels/:channelId/tokens                           401   403   403   201   201   403   403   403
  DELETE /api/v1/channels/:channelId/tokens/:tokenId                401   403   403   204   204   403   403   403
  POST /api/v1/channels/:channelId/display-token                    401   403   403   201   201   403   403   403
  POST /api/v1/channels/:channelId/webhook-secret                   401   403   403   403   201   403   403   403
  DELETE /api/v1/channels/:channelId/webhook-secret/previous        401   403   403   403   204   403   403   403
  POST /api/v1/channels/:channelId/webhook-test                     401   403   403   200   200   403   403   200
  GET /api/v1/channels/:channelId/webhook-challenge                 401   403   403   200   200   403   403   200
  POST /api/v1/channels/:channelId/archive                          401   403   403   200   200   403   403   200
  POST /api/v1/channels/:channelId/reopen                           401   403   403   200   200   403   403   200
  DELETE /api/v1/channels/:channelId                                401   403   403   403   204   403   403   403
`;

/** What is sent along where the route wants something, so that it succeeds. */
const BODIES: Record<string, object> = {
  'POST /api/v1/channels': { id: 'another', name: 'Another' },
  'POST /api/v1/simulation': { action: 'stop' },
  // One line of a recording.
  'POST /api/v1/simulation/replay': { message_id: 1, message: 'Recorded' },
  'POST /api/v1/global-blocked-senders': { senderId: 'blocked everywhere' },
  'PATCH /api/v1/channels/:channelId': { emojiAutoApprove: false },
  'POST /api/v1/channels/:channelId/messages/:messageId/decisions': { decision: 'highlight' },
  'POST /api/v1/channels/:channelId/blocked-senders': { senderId: 'blocked before' },
  'POST /api/v1/channels/:channelId/allowed-senders': { senderId: 'allowed before' },
  'POST /api/v1/channels/:channelId/blocked-patterns': { text: 'blocked before' },
  'PUT /api/v1/channels/:channelId/members/:centralauthId': { username: 'Somebody', role: 'moderator' },
  'POST /api/v1/channels/:channelId/tokens': { name: 'Another', scopes: ['feed'] },
};

const QUERIES: Record<string, string> = {
  'GET /api/v1/channels/:channelId/changes': '?since=0',
  'GET /api/v1/channels/:channelId/accounts': '?q=Alice',
};

export const ROWS: Row[] = TABLE.trim()
  .split('\n')
  .slice(1)
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [method, path, ...statuses] = line.trim().split(/\s+/);
    if (statuses.length !== ASKERS.length) throw new Error(`a status is missing in: ${line}`);
    const route = `${method} ${path}`;
    return {
      route,
      statuses: Object.fromEntries(ASKERS.map((asker, i) => [asker, Number(statuses[i])])) as Row['statuses'],
      body: BODIES[route],
      query: QUERIES[route],
    };
  });
