import type { Database } from '../../src/database/database';
import { ChannelState } from '../../src/entities/channel-state.entity';
import { Channel } from '../../src/entities/channel.entity';
import { Message } from '../../src/entities/message.entity';

/** A channel with nothing published. */
export async function addChannel(database: Database, id: string, rest: Partial<Channel> = {}): Promise<void> {
  await database.write(async (tx) => {
    await tx.insert(Channel, {
      id,
      name: `Room ${id}`,
      description: '',
      active: true,
      archivedAt: null,
      public: true,
      emojiAutoApprove: true,
      anonymousLabel: 'Anonymous',
      languageDetection: false,
      defaultLanguage: 'en',
      likelyLanguages: [],
      customCss: '',
      webhookSecret: 'webhook-secret',
      displayToken: 'display-token',
      createdAt: 1_763_000_000_000,
      ...rest,
    });
    const none = {
      received: 0,
      queued: 0,
      approved: 0,
      duplicate: 0,
      ignored: 0,
      droppedGlobal: 0,
      droppedBlocked: 0,
      droppedPattern: 0,
    };
    await tx.insert(ChannelState, {
      channelId: id,
      rulesVersion: 0,
      changeSeq: 0,
      publishedVersion: 0,
      publishedModified: 1_763_000_000,
      anonymousCounter: 0,
      ...none,
    });
  });
}

export function messageRow(channelId: string, rest: Partial<Message> = {}): Omit<Message, 'id'> {
  return {
    channelId,
    changeSeq: 1,
    sourceId: '1',
    sourceChannel: null,
    targetId: null,
    type: 'text',
    text: 'Hello',
    normalText: 'hello',
    normalLength: 5,
    symbol: null,
    screenName: 'Ada',
    nameKey: 'ada',
    publishedName: null,
    wikiUsername: null,
    senderId: null,
    centralauthId: null,
    language: null,
    profileImage: null,
    rank: 2,
    revision: 0,
    arrivedAt: 1_763_000_000_000,
    sentAt: null,
    decidedAt: 1_763_000_000_000,
    decidedBy: null,
    ...rest,
  };
}

export async function addMessages(database: Database, rows: Omit<Message, 'id'>[]): Promise<void> {
  await database.write(async (tx) => {
    // One by one: what TypeORM answers of several rows' ids is unreliable.
    for (const row of rows) await tx.insert(Message, row);
  });
}
