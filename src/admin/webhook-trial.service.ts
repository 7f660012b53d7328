import { Inject, Injectable } from '@nestjs/common';
import { randomBytes, randomUUID } from 'node:crypto';
import { Database } from '../database/database';
import { Channel } from '../entities/channel.entity';
import { SETTINGS, type Settings } from '../settings';
import { LoopbackWebhook } from './simulation/loopback-webhook';
import type { Closed, WebhookChallengeDto, WebhookTestDto } from './webhook-trial.dto';

/** As Eventyay: what takes longer is no answer. */
const TIMEOUT_MS = 5_000;

/** What admins try before they trust their connection to Eventyay. */
@Injectable()
export class WebhookTrialService {
  constructor(
    private readonly database: Database,
    private readonly webhook: LoopbackWebhook,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async test({ id, webhookSecret }: Channel): Promise<WebhookTestDto> {
    const { status, outcome } = await this.webhook.send(id, webhookSecret, testMessage(new Date()));
    return { status, outcome, closed: status === 404 ? await this.whyClosed(id) : null };
  }

  /** As of now: it may have been closed while the message was under way. */
  private async whyClosed(channelId: string): Promise<Closed | null> {
    const channel = await this.database.reader.findOneBy(Channel, { id: channelId });
    if (!channel) return null;
    return channel.archivedAt === null ? 'inactive' : 'archived';
  }

  async challenge(channelId: string): Promise<WebhookChallengeDto> {
    if (await answers(this.settings.publicUrl, channelId)) return { answeredAt: 'public' };
    return { answeredAt: (await answers(this.webhook.origin, channelId)) ? 'loopback' : null };
  }
}

/** With an id as no sender of Eventyay's has one, and a text that tells moderators what to do with it. */
function testMessage(now: Date) {
  return {
    message_id: `test-${randomUUID()}`,
    timestamp: now.toISOString(),
    screen_name: 'ChatStream Moderate',
    sender_id: 'chatstream-test',
    message: `This is a test message of ${now.toISOString().slice(11, 19)} UTC. Please reject it.`,
    message_type: 'text',
    meta: {},
  };
}

/** Whether Eventyay would take the answer: exactly 200 and the same challenge; it follows no redirect. */
async function answers(origin: string, channelId: string): Promise<boolean> {
  const challenge = randomBytes(24).toString('base64url');
  try {
    const response = await fetch(`${origin}/webhook/channel/${channelId}?challenge=${challenge}`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = (await response.json()) as { challenge?: unknown } | null;
    return response.status === 200 && answer?.challenge === challenge;
  } catch {
    return false;
  }
}
