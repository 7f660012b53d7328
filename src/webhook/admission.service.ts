import { ForbiddenException, HttpException, Injectable, NotFoundException } from '@nestjs/common';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Channel } from '../entities/channel.entity';
import { ChannelRulesCache } from './channel-rules';

/** timingSafeEqual throws on unequal lengths, and decoding hex stops quietly at the first wrong digit: so this first. */
const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/** Who may post: an open channel's sender, by a signature made with its secret. */
@Injectable()
export class AdmissionService {
  constructor(private readonly rules: ChannelRulesCache) {}

  /**
   * @returns the secret that the body was signed with; the transaction that stores the message asks again whether it
   * still counts, see {@link refusalOf}
   * @throws NotFoundException unknown, inactive or archived channel; ForbiddenException signature missing or wrong
   */
  async admit(channelId: string, body: Buffer, signature: string | undefined): Promise<string> {
    const remembered = this.rules.remembered(channelId);
    const known = remembered && isOpen(remembered.channel) && signingSecret(remembered.channel, body, signature);
    if (known) return known;

    // Nobody is refused by what this process remembers: another may just have made the channel or a new secret.
    const channel = await this.openChannel(channelId);
    const secret = signingSecret(channel, body, signature);
    if (!secret) throw new ForbiddenException(refusal(signature));
    return secret;
  }

  /**
   * For a body that no transaction will see, since there is nothing in it to store: whether its sender may be told so.
   * @throws NotFoundException, ForbiddenException when what let it in was out of date
   */
  async confirm(channelId: string, secret: string): Promise<void> {
    const refused = refusalOf(await this.openChannel(channelId), secret);
    if (refused) throw refused;
  }

  private async openChannel(channelId: string): Promise<Channel> {
    const current = await this.rules.current(channelId);
    if (!current || !isOpen(current.channel)) throw notOpen();
    return current.channel;
  }
}

/** Why what was admitted with this secret must not be stored after all, under the rules that hold now; null: it may. */
export function refusalOf(channel: Channel, secret: string): HttpException | null {
  if (!isOpen(channel)) return notOpen();
  return validSecrets(channel).includes(secret)
    ? null
    : new ForbiddenException('The signature was made with a secret that counts no more.');
}

export const notOpen = () => new NotFoundException('There is no open channel with this id.');

function isOpen(channel: Channel): boolean {
  return channel.active && channel.archivedAt === null;
}

function validSecrets(channel: Channel): string[] {
  const { webhookSecret, previousSecret, previousSecretExpiresAt } = channel;
  const previousCounts = previousSecret !== null && (previousSecretExpiresAt ?? 0) > Date.now();
  return previousCounts ? [webhookSecret, previousSecret] : [webhookSecret];
}

function signingSecret(channel: Channel, body: Buffer, signature: string | undefined): string | undefined {
  const claimed = SIGNATURE.exec(signature ?? '')?.[1];
  if (!claimed) return undefined;
  const digest = Buffer.from(claimed, 'hex');
  return validSecrets(channel).find((secret) =>
    timingSafeEqual(createHmac('sha256', secret).update(body).digest(), digest),
  );
}

function refusal(signature: string | undefined): string {
  if (signature === undefined) return 'The header X-Eventyay-Signature is missing.';
  if (!SIGNATURE.test(signature)) return 'X-Eventyay-Signature must be sha256= and 64 lower-case hex digits.';
  return 'The signature does not fit the body and the secret of this channel.';
}
