import { LockedChannel } from '../database/channel-writer';
import { insertRows, numberPlaceholders, placeholders } from '../database/statements';
import { Channel } from '../entities/channel.entity';
import { rankOf } from '../moderation/decision';
import { Candidate, Verdict } from '../moderation/intake-rules';
import { languageOf } from '../moderation/language';
import { IncomingMessage } from '../moderation/message';
import { anonymousKey } from '../moderation/sender';
import { codePointLength } from '../moderation/similarity';

type Judged = Extract<Candidate['reading'], { kind: 'message' }>;

/** A message that goes on. */
export interface Accepted {
  reading: Judged;
  verdict: Extract<Verdict, { outcome: 'queued' | 'approved' }>;
}

const MESSAGE_COLUMNS = [
  'channel_id',
  'change_seq',
  'source_id',
  'source_channel',
  'target_id',
  'type',
  'text',
  'normal_text',
  'normal_length',
  'symbol',
  'screen_name',
  'name_key',
  'published_name',
  'wiki_username',
  'sender_id',
  'centralauth_id',
  'language',
  'profile_image',
  'status_rank',
  'revision',
  'arrived_at',
  'sent_at',
  'decided_at',
] as const;

const LOG_COLUMNS = [
  'channel_id',
  'message_id',
  'decision',
  'from_rank',
  'to_rank',
  'revision',
  'automatic',
  'cause',
  'screen_name',
  'text',
  'type',
  'arrived_at',
  'decided_at',
] as const;

/** Inserts the messages that go on, in order of arrival, and a log row for each automatic approval. */
export async function storeMessages(channel: LockedChannel, settings: Channel, accepted: Accepted[]): Promise<void> {
  if (accepted.length === 0) return;
  const numbers = await anonymousNumbers(channel, accepted);
  const rows = accepted.map((one, i) =>
    messageRow(channel, settings, one, screenName(one.reading.message, settings, numbers[i])),
  );
  const inserted = await insertRows<{ id: number }>(channel.tx, 'messages', MESSAGE_COLUMNS, rows, 'RETURNING id');
  // Every database numbers the rows in their order, but promises no order for what RETURNING answers.
  const ids = inserted.map(({ id }) => id).sort((a, b) => a - b);
  channel.touch();

  const approvals = accepted.flatMap(({ reading: { message }, verdict }, i) =>
    verdict.outcome === 'approved'
      ? [
          [
            channel.id,
            ids[i],
            'approve',
            rankOf('queued'),
            rankOf('approved'),
            0,
            true,
            verdict.cause,
            screenName(message, settings, numbers[i]),
            message.text,
            message.type,
            channel.now,
            channel.now,
          ],
        ]
      : [],
  );
  await insertRows(channel.tx, 'moderation_log', LOG_COLUMNS, approvals);
  if (approvals.length > 0) channel.raisePublished();
}

function messageRow(
  { id, seq, now }: LockedChannel,
  settings: Channel,
  { reading: { message, sender, normalText }, verdict }: Accepted,
  name: string,
) {
  const approved = verdict.outcome === 'approved';
  return [
    id,
    seq,
    message.sourceId,
    message.sourceChannel,
    message.targetId,
    message.type,
    message.text,
    normalText,
    codePointLength(normalText),
    message.type === 'emoji' ? message.text : null,
    name,
    sender.nameKey,
    approved && verdict.underLabel ? settings.anonymousLabel : null,
    message.wikiUsername,
    message.senderId,
    message.centralauthId,
    languageOf(message, {
      detection: settings.languageDetection,
      likely: settings.likelyLanguages,
      default: settings.defaultLanguage,
    }),
    message.profileImage,
    rankOf(approved ? 'approved' : 'queued'),
    0,
    now,
    message.sentAt,
    approved ? now : null,
  ];
}

function screenName({ ownName }: IncomingMessage, { anonymousLabel }: Channel, number: number | null): string {
  return ownName ?? `${anonymousLabel} #${number}`;
}

/** A number for each message without a name: an identified sender keeps theirs, and none is ever given twice. */
async function anonymousNumbers(channel: LockedChannel, accepted: Accepted[]): Promise<(number | null)[]> {
  const digests = accepted.map(({ reading: { message } }) => (message.ownName === null ? anonymousKey(message) : null));
  const known = await knownNumbers(channel, [...new Set(digests.filter((digest) => digest !== null))]);
  const given: [string, string, number][] = [];
  const numbers = accepted.map(({ reading: { message } }, i) => {
    if (message.ownName !== null) return null;
    const digest = digests[i];
    const before = digest === null ? undefined : known.get(digest);
    if (before !== undefined) return before;
    const number = (channel.state.anonymousCounter += 1);
    if (digest !== null) {
      known.set(digest, number);
      given.push([channel.id, digest, number]);
    }
    return number;
  });
  await insertRows(channel.tx, 'anonymous_senders', ['channel_id', 'sender_digest', 'number'], given);
  return numbers;
}

async function knownNumbers({ tx, id }: LockedChannel, digests: string[]): Promise<Map<string, number>> {
  if (digests.length === 0) return new Map();
  const rows = await tx.query<{ sender_digest: string; number: number }[]>(
    numberPlaceholders(
      tx,
      `SELECT sender_digest, number FROM anonymous_senders WHERE channel_id = ? AND sender_digest IN (${placeholders(digests)})`,
    ),
    [id, ...digests],
  );
  return new Map(rows.map(({ sender_digest, number }) => [sender_digest, number]));
}
