import { ConflictException, Inject, Injectable } from '@nestjs/common';
import { randomBytes, randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { In } from 'typeorm';
import type { Principal, Visit } from '../auth/access';
import { Roles } from '../auth/roles';
import { ChannelWriter, type LockedChannel } from '../database/channel-writer';
import { Database } from '../database/database';
import { nextModified } from '../database/last-modified';
import { ChannelState } from '../entities/channel-state.entity';
import { Channel, isOpen, type PreviousSecret, stillValid } from '../entities/channel.entity';
import { ChannelFiguresService } from '../pages/channel-figures.service';
import { SETTINGS, type Settings } from '../settings';
import { ChannelDetailsDto, ChannelDto, CreateChannelDto, UpdateChannelDto } from './channel.dto';
import { details, overview } from './channel-views';
import { adminUnderLock } from './member-rules';
import { canonicalLanguage } from './text.validators';

const PREVIOUS_SECRET_LASTS_MS = 24 * 60 * 60 * 1000;
/** A signature that is wrong is compared with each. */
const PREVIOUS_SECRETS_KEPT = 20;
/** What feeds show of a channel, or whether they answer at all. */
const SHOWN_IN_FEEDS = ['name', 'description', 'public'] as const;

/** Channels as admins and superadmins set them up. */
@Injectable()
export class ChannelsService {
  constructor(
    private readonly database: Database,
    private readonly writer: ChannelWriter,
    private readonly roles: Roles,
    private readonly figures: ChannelFiguresService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** The channels of which the account is a member, a superadmin's are all; ordered by name. */
  async list(user: Principal): Promise<ChannelDto[]> {
    const roles = await this.roles.memberships(user);
    const channels = await this.database.reader.find(Channel, {
      where: user.superadmin ? {} : { id: In([...roles.keys()]) },
    });
    return (await this.figures.of(channels.sort(byName))).flatMap(([channel, figures]) => {
      const role = user.superadmin ? 'superadmin' : roles.get(channel.id);
      return role ? [overview(channel, figures, role)] : [];
    });
  }

  async show(visit: Visit): Promise<ChannelDetailsDto> {
    const { channel } = visit;
    const [[, figures]] = await this.figures.of([channel]);
    const state = await this.database.reader.findOneBy(ChannelState, { channelId: channel.id });
    const { publicUrl } = this.settings;
    return details(visit, figures, publicUrl, state);
  }

  /** @throws ConflictException when the id is taken */
  async create({ id, name, description = '' }: CreateChannelDto): Promise<Channel> {
    const channel = newChannel(id, name.trim(), description);
    try {
      await this.writer.writeNew(async (tx) => {
        await tx.insert(Channel, channel);
        await tx.insert(ChannelState, newState(channel));
      });
    } catch (error) {
      if (await this.database.reader.existsBy(Channel, { id }))
        throw new ConflictException(`There is already a channel ${id}.`);
      throw error;
    }
    return channel;
  }

  async update(
    channelId: string,
    { name, anonymousLabel, defaultLanguage, likelyLanguages, ...rest }: UpdateChannelDto,
  ): Promise<Channel> {
    return this.change(channelId, () => ({
      ...rest,
      name: name?.trim(),
      anonymousLabel: anonymousLabel?.trim(),
      defaultLanguage: canonicalLanguage(defaultLanguage) ?? undefined,
      likelyLanguages: likelyLanguages?.map((tag) => canonicalLanguage(tag) ?? tag),
    }));
  }

  async archive(channelId: string): Promise<Channel> {
    return this.change(channelId, ({ archivedAt }, { now }) => ({ archivedAt: archivedAt ?? now }));
  }

  async reopen(channelId: string): Promise<Channel> {
    return this.change(channelId, () => ({ archivedAt: null }));
  }

  /**
   * A new secret; the one it replaces stays valid for a day, so that no message is lost while Eventyay learns the new one,
   * and so do those that were replaced less than a day ago.
   */
  async rotateWebhookSecret(channelId: string): Promise<Channel> {
    return this.change(channelId, ({ webhookSecret, previousSecrets }, { now, state }) => {
      state.previousSecretUsedAt = null;
      state.previousSecretUsedUntil = null;
      return {
        webhookSecret: newSecret(),
        ...replaced(
          [{ secret: webhookSecret, expiresAt: now + PREVIOUS_SECRET_LASTS_MS }, ...stillValid(previousSecrets)].slice(
            0,
            PREVIOUS_SECRETS_KEPT,
          ),
        ),
      };
    });
  }

  /** The secrets themselves are kept, to tell what is still signed with one from what is signed with a wrong one. */
  async endPreviousSecrets(channelId: string): Promise<void> {
    await this.change(channelId, ({ previousSecrets }) =>
      replaced(previousSecrets.map(({ secret }) => ({ secret, expiresAt: null }))),
    );
  }

  /** A new display token; the old one is dead at once. */
  async renewDisplayToken(channelId: string, user: Principal): Promise<Channel> {
    return this.change(channelId, async (_channel, locked) => {
      await adminUnderLock(locked, user);
      return { displayToken: newSecret() };
    });
  }

  private async change(
    channelId: string,
    wanted: (channel: Channel, locked: LockedChannel) => Partial<Channel> | Promise<Partial<Channel>>,
  ): Promise<Channel> {
    return this.writer.write(channelId, async (locked) => {
      const channel = await locked.tx.findOneByOrFail(Channel, { id: channelId });
      // Opened again it would take messages that go with it.
      if (channel.deletingAt !== null) throw new ConflictException('This channel is being deleted.');
      const changes = differences(channel, await wanted(channel, locked));
      if (Object.keys(changes).length === 0) return channel;
      if (!isOpen(channel) && isOpen({ ...channel, ...changes })) changes.openedAt = locked.now;
      await locked.tx.update(Channel, { id: channelId }, changes);
      locked.raiseRules();
      if (SHOWN_IN_FEEDS.some((field) => field in changes)) locked.raisePublished();
      return Object.assign(channel, changes);
    });
  }
}

function replaced(previousSecrets: PreviousSecret[]): Partial<Channel> {
  const [last] = previousSecrets;
  return {
    previousSecrets,
    previousSecret: last?.secret ?? null,
    previousSecretExpiresAt: last?.expiresAt ?? null,
  };
}

function differences(channel: Channel, wanted: Partial<Channel>): Partial<Channel> {
  const isChange = ([field, value]: [string, unknown]) =>
    value !== undefined && !isDeepStrictEqual(value, channel[field as keyof Channel]);
  return Object.fromEntries(Object.entries(wanted).filter(isChange));
}

export function newChannel(id: string, name: string, description: string): Channel {
  return {
    id,
    name,
    description,
    active: true,
    archivedAt: null,
    public: true,
    emojiAutoApprove: true,
    anonymousLabel: 'Anonymous',
    languageDetection: false,
    defaultLanguage: 'en',
    likelyLanguages: [],
    customCss: '',
    webhookSecret: newSecret(),
    previousSecrets: [],
    previousSecret: null,
    previousSecretExpiresAt: null,
    deletingAt: null,
    silenceWarningMinutes: null,
    retentionDays: null,
    openedAt: null,
    displayToken: newSecret(),
    createdAt: Date.now(),
  };
}

/**
 * The versions begin where no deleted channel of the same id has ever been: other processes may still remember its
 * rules and feeds, and pages its change numbers.
 */
export function newState({ id, createdAt }: Channel): ChannelState {
  return {
    channelId: id,
    rulesVersion: randomInt(1, 2 ** 30),
    changeSeq: createdAt,
    removedSeq: null,
    publishedVersion: createdAt,
    publishedModified: nextModified(0, Math.floor(createdAt / 1000)),
    anonymousCounter: 0,
    received: 0,
    queued: 0,
    approved: 0,
    duplicate: 0,
    ignored: 0,
    droppedGlobal: 0,
    droppedBlocked: 0,
    droppedPattern: 0,
    lastReceivedAt: null,
    previousSecretUsedAt: null,
    previousSecretUsedUntil: null,
  };
}

const newSecret = () => randomBytes(32).toString('base64url');

const names = new Intl.Collator('en', { numeric: true });
const byName = (a: Channel, b: Channel) => names.compare(a.name, b.name) || names.compare(a.id, b.id);
