import { Inject, Injectable } from '@nestjs/common';
import { hkdfSync } from 'node:crypto';
import { type SenderIdentity, veilWith } from '../moderation/sender';
import { SETTINGS, type Settings } from '../settings';

/**
 * Makes of an erased sender's ids and name what only this installation can recognise, by a key of its own derived from
 * the secret key. With another secret key the blocks of erased senders mean nobody.
 */
@Injectable()
export class SenderVeil {
  readonly veil: (identity: SenderIdentity) => SenderIdentity;

  constructor(@Inject(SETTINGS) { secretKey }: Pick<Settings, 'secretKey'>) {
    this.veil = veilWith(Buffer.from(hkdfSync('sha256', secretKey, '', 'chatstream: erased senders', 32)));
  }
}
