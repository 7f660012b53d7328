import { createHmac } from 'node:crypto';
import { DocumentedApi } from '../support/documented-api';
import { Client, type Unchecked } from '../support/http';
import { onStage } from '../support/intake';

const SIGNATURE = 'X-Eventyay-Signature';
const stage = onStage('sqlite');

/** As the document describes the header. */
const signature = (secret: string, body: Buffer) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

const textOf = (xml: string, tag: string) => new RegExp(`<${tag}[^>]*>([^<]*)</${tag}>`).exec(xml)?.[1];

it('an integrator goes from making a channel to reading its feed by what the document says alone', async () => {
  const [{ url }] = stage.servers;
  const api = await DocumentedApi.read(`${url}/openapi.json`);
  // A person has signed in with a browser; all that follows is a program's.
  const session = await new Client(url).signIn('Admin');
  const { csrfToken: csrf, user } = (await api.succeeds('Session_show', { as: { session } })).body;
  expect(user.superadmin).toBe(true);
  const superadmin = { session, csrf };

  const wanted = api.example('Channels_create');
  const channel = (await api.succeeds('Channels_create', { body: wanted, as: superadmin })).body;
  expect(channel).toMatchObject(wanted);
  await api.answers('Channels_create', 'already a channel of this id', { body: wanted, as: superadmin });
  const there = { channelId: channel.id };

  const challenge = String(api.parameter('Webhook_challenge', 'challenge').example);
  const proved = await api.succeeds('Webhook_challenge', { parameters: { ...there, challenge } });
  expect(proved.body.challenge).toBe(challenge);

  const event = { ...api.example('Webhook_receive', 'A text'), timestamp: new Date().toISOString() };
  const question = api.example('Webhook_receive', 'A question, with the least there has to be');
  const reaction = api.example('Webhook_receive', 'A reaction to the text');
  const post = (payload: Unchecked, secret = channel.webhookSecret) => {
    const body = Buffer.from(JSON.stringify(payload));
    return { parameters: { ...there, [SIGNATURE]: signature(secret, body) }, body };
  };
  for (const payload of [event, question, reaction])
    expect((await api.succeeds('Webhook_receive', post(payload))).body).toEqual({ ok: true, outcome: 'queued' });
  expect((await api.succeeds('Webhook_receive', post(event))).body.outcome).toBe('duplicate');
  await api.answers('Webhook_receive', 'Signature missing, malformed or wrong', post(event, 'another secret'));

  const made = await api.succeeds('Tokens_create', {
    parameters: there,
    body: api.example('Tokens_create'),
    as: superadmin,
  });
  const program = { token: made.body.token as string };

  const queue = (await api.succeeds('Messages_list', { parameters: { ...there, order: 'oldest' }, as: program })).body;
  expect(queue.messages.map(({ text }: Unchecked) => text)).toEqual([
    event.message,
    question.message,
    reaction.meta.reaction,
  ]);
  const [first, second] = queue.messages;
  const decide = async (message: Unchecked, how: string) => {
    const parameters = { ...there, messageId: message.id };
    const body = api.example('Decisions_decide', how);
    return (await api.succeeds('Decisions_decide', { parameters, body, as: program })).body;
  };
  expect((await decide(first, 'Approve it')).outcome).toBe('applied');
  expect((await decide(second, 'Reject it')).outcome).toBe('applied');

  const feed = await api.succeeds('Feed_jsonFeed', { parameters: there });
  expect(feed.body.items).toEqual([
    expect.objectContaining({ id: first.id, title: event.screen_name, content_text: event.message }),
  ]);
  const known = { ...there, 'If-None-Match': feed.headers.etag! };
  await api.answers('Feed_jsonFeed', 'Not modified', { parameters: known });
  const rss = (await api.succeeds('Feed_rss', { parameters: there })).text;
  const item = rss.slice(rss.indexOf('<item>'));
  expect(['guid', 'title', 'description'].map((tag) => textOf(item, tag))).toEqual([
    first.id,
    event.screen_name,
    event.message,
  ]);
  const atom = (await api.succeeds('Feed_atom', { parameters: there })).text;
  expect(textOf(atom.slice(atom.indexOf('<entry')), 'content')).toBe(event.message);

  expect((await decide(first, 'Put an approved message back into the queue')).message.status).toBe('queued');
  await api.succeeds('Feed_jsonFeed', { parameters: known });
  const log = (await api.succeeds('Log_list', { parameters: there, as: program })).body.entries;
  expect(log.map(({ decision }: Unchecked) => decision)).toEqual(['reconsider', 'reject', 'approve']);

  await api.succeeds('Channel_update', { parameters: there, body: { public: false }, as: superadmin });
  await api.answers('Feed_rss', 'The channel is private', { parameters: there });
  await api.succeeds('Feed_rss', { parameters: there, as: { displayToken: channel.displayToken } });
  await api.succeeds('Feed_rss', { parameters: there, as: program });

  await api.succeeds('Tokens_revoke', { parameters: { ...there, tokenId: made.body.id }, as: superadmin });
  await api.answers('Messages_list', 'API token is not valid', { parameters: there, as: program });
  await api.succeeds('Channel_archive', { parameters: there, as: superadmin });
  await api.answers('Webhook_receive', 'inactive or archived', post({ ...event, message_id: 1 }));
  await api.succeeds('Channel_remove', { parameters: there, as: superadmin });
  await api.answers('Channel_show', 'There is no such channel', { parameters: there, as: superadmin });
});
