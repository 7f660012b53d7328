import { HttpException, Injectable, Logger, NotFoundException } from '@nestjs/common';
import { isRowToBlame } from '../database/failures';
import { GroupCommit } from '../database/group-commit';
import { readMessage, type Reading } from '../moderation/message';
import { nameKey } from '../moderation/sender';
import { normalise } from '../moderation/similarity';
import { AdmissionService } from './admission.service';
import { Arrival, IntakeWriter } from './intake-writer';
import { ChannelRulesCache } from './channel-rules';
import { Refusal } from './refusal';
import { Delivery } from './signature.interceptor';
import { Outcome } from './webhook.dto';

/** What may wait for the database before the next request is told to come back. */
const MAX_PENDING = { items: 5_000, bytes: 64 * 1024 * 1024 };

/** Takes what the signature let through: body → message → batch → one answer for each, once it is durable. */
@Injectable()
export class IntakeService {
  private readonly logger = new Logger(IntakeService.name);
  private readonly commits: GroupCommit<Arrival, Outcome | HttpException>;

  constructor(
    private readonly admission: AdmissionService,
    private readonly rules: ChannelRulesCache,
    writer: IntakeWriter,
  ) {
    this.commits = new GroupCommit(
      (arrivals) => writer.write(arrivals),
      (error) => !isRowToBlame(error),
    );
  }

  /** @throws Refusal naming the field, or when nothing more can be held */
  async accept(delivery: Delivery): Promise<Outcome> {
    const { channelId, body, secret } = delivery;
    const reading = readMessage(body, Date.now());
    if (reading.kind === 'unusable') {
      await this.admission.confirm(channelId, secret);
      throw new Refusal(reading.why, reading.problem);
    }
    const { pending } = this.commits;
    if (pending.items >= MAX_PENDING.items || pending.bytes >= MAX_PENDING.bytes) {
      throw new Refusal('server-full', 'The server holds as much as it can.');
    }
    const candidate = prepare(reading);
    const arrival = { channelId, secret, reading: candidate };
    const outcome = await this.commits
      .add(arrival, storedBytes(candidate))
      .catch((error: unknown) => this.failed(error));
    if (outcome instanceof HttpException) throw outcome;
    return outcome;
  }

  /** @throws NotFoundException */
  async requireChannel(channelId: string): Promise<void> {
    if (!(await this.rules.current(channelId))) throw new NotFoundException('There is no channel with this id.');
  }

  private failed(error: unknown): Refusal {
    if (!isRowToBlame(error)) return new Refusal('database-away', 'The database does not answer.', error);
    // The driver's message may quote the row.
    this.logger.error(`a message could not be stored: ${(error as { code?: string }).code ?? (error as Error).name}`);
    return new Refusal('not-stored', 'The message cannot be stored.');
  }
}

/** What judging takes beside the message, worked out before any lock is held. */
function prepare(reading: Exclude<Reading, { kind: 'unusable' }>): Arrival['reading'] {
  if (reading.kind === 'ignored') return { kind: 'ignored' };
  const { message } = reading;
  const { senderId, centralauthId, ownName } = message;
  const sender = { senderId, centralauthId, nameKey: nameKey(ownName) };
  return { kind: 'message', message, sender, normalText: normalise(message.text) };
}

/** About what it takes in statements: the text, the normalised text, and the text again in the log. */
function storedBytes(reading: Arrival['reading']): number {
  return reading.kind === 'message'
    ? 2 * Buffer.byteLength(reading.message.text) + Buffer.byteLength(reading.normalText)
    : 0;
}
