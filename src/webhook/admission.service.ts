import { Injectable, NotFoundException } from '@nestjs/common';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Channel, isOpen, stillValid } from '../entities/channel.entity';
import { ChannelRulesCache } from './channel-rules';
import { Refusal } from './refusal';

/** timingSafeEqual throws on unequal lengths, and decoding hex stops quietly at the first wrong digit: so this first. */
const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/** Who may post: an open channel's sender, by a signature made with its secret. */
@Injectable()
export class AdmissionService {
  constructor(private readonly rules: ChannelRulesCache) {}

  /**
   * @returns the secret that the body was signed with; the transaction that stores the message asks again whether it
   * still counts, see {@link refusalOf}
   * @throws NotFoundException unknown channel; Refusal when it is closed, or the signature missing or wrong
   */
  async admit(channelId: string, body: Buffer, signature: string | undefined): Promise<string> {
    const remembered = this.rules.remembered(channelId);
    const known =
      remembered && isOpen(remembered.channel) && signingSecret(validSecrets(remembered.channel), body, signature);
    if (known) return known;

    // Nobody is refused by what this process remembers: another may just have made the channel or a new secret.
    const channel = await this.openChannel(channelId);
    const secret = signingSecret(validSecrets(channel), body, signature);
    if (!secret) throw signatureRefusal(channel, body, signature);
    return secret;
  }

  /**
   * For a body that no transaction will see, since there is nothing in it to store: whether its sender may be told so.
   * @throws NotFoundException, Refusal when what let it in was out of date
   */
  async confirm(channelId: string, secret: string): Promise<void> {
    const refused = refusalOf(await this.openChannel(channelId), secret);
    if (refused) throw refused;
  }

  private async openChannel(channelId: string): Promise<Channel> {
    const current = await this.rules.current(channelId);
    if (!current) throw unknownChannel();
    if (!isOpen(current.channel)) throw closed(current.channel);
    return current.channel;
  }
}

/** Why what was admitted with this secret must not be stored after all, under the rules that hold now; null: it may. */
export function refusalOf(channel: Channel, secret: string): Refusal | null {
  if (!isOpen(channel)) return closed(channel);
  return validSecrets(channel).includes(secret) ? null : oldSecret();
}

const NOT_OPEN = 'There is no open channel with this id.';
export const unknownChannel = () => new NotFoundException(NOT_OPEN);
const closed = ({ archivedAt }: Channel) => new Refusal(archivedAt === null ? 'inactive' : 'archived', NOT_OPEN);
const oldSecret = () => new Refusal('old-secret', 'The signature was made with a secret that counts no more.');

function validSecrets(channel: Channel): string[] {
  const { webhookSecret, previousSecrets } = channel;
  if (previousSecrets.length === 0) return [webhookSecret];
  return [webhookSecret, ...stillValid(previousSecrets).map(({ secret }) => secret)];
}

function signingSecret(candidates: string[], body: Buffer, signature: string | undefined): string | undefined {
  const claimed = SIGNATURE.exec(signature ?? '')?.[1];
  if (!claimed) return undefined;
  const digest = Buffer.from(claimed, 'hex');
  return candidates.find((secret) => timingSafeEqual(createHmac('sha256', secret).update(body).digest(), digest));
}

function signatureRefusal(channel: Channel, body: Buffer, signature: string | undefined): Refusal {
  if (signature === undefined) return new Refusal('no-signature', 'The header X-Eventyay-Signature is missing.');
  if (!SIGNATURE.test(signature))
    return new Refusal('malformed-signature', 'X-Eventyay-Signature must be sha256= and 64 lower-case hex digits.');
  const replaced = channel.previousSecrets.map(({ secret }) => secret);
  if (signingSecret(replaced, body, signature)) return oldSecret();
  return new Refusal('wrong-secret', 'The signature does not fit the body and the secret of this channel.');
}
