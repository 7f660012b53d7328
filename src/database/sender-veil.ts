import { Inject, Injectable } from '@nestjs/common';
import { createHmac, hkdfSync } from 'node:crypto';
import { type SenderIdentity, veilWith } from '../moderation/sender';
import { SETTINGS, type Settings } from '../settings';

/**
 * Makes of an erased sender's ids and name what only this installation can recognise, by a key of its own derived from
 * the secret key. With another secret key the blocks of erased senders mean nobody.
 */
@Injectable()
export class SenderVeil {
  readonly veil: (identity: SenderIdentity) => SenderIdentity;
  private readonly key: Buffer;

  constructor(@Inject(SETTINGS) { secretKey }: Pick<Settings, 'secretKey'>) {
    this.key = Buffer.from(hkdfSync('sha256', secretKey, '', 'chatstream: erased senders', 32));
    this.veil = veilWith(this.key);
  }

  /** 43 characters that stand for a text, for what outlives an erasure and could be guessed from a plain hash. */
  digest(text: string): string {
    return createHmac('sha256', this.key)
      .update(JSON.stringify(['digest', text]))
      .digest('base64url');
  }
}
