import type { ChannelRole, Visit } from '../auth/access';
import { type Channel, stillValid } from '../entities/channel.entity';
import type { ChannelFigures } from '../pages/channel-figures.service';
import { ChannelDetailsDto, ChannelDto } from './channel.dto';

/** What every member may see, field by field: a new column shows nowhere until it is named here. */
export function overview(channel: Channel, figures: ChannelFigures, role: ChannelRole): ChannelDto {
  return {
    id: channel.id,
    name: channel.name,
    description: channel.description,
    active: channel.active,
    archivedAt: isoOrNull(channel.archivedAt),
    public: channel.public,
    emojiAutoApprove: channel.emojiAutoApprove,
    anonymousLabel: channel.anonymousLabel,
    languageDetection: channel.languageDetection,
    defaultLanguage: channel.defaultLanguage,
    likelyLanguages: channel.likelyLanguages,
    customCss: channel.customCss,
    silenceWarningMinutes: channel.silenceWarningMinutes,
    retentionDays: channel.retentionDays,
    createdAt: new Date(channel.createdAt).toISOString(),
    waiting: figures.waiting,
    arrivalsPerMinute: Math.round(figures.arrivalsPerMinute * 10) / 10,
    lastReceivedAt: isoOrNull(figures.lastReceivedAt),
    silentSince: isoOrNull(figures.silentSince),
    role,
  };
}

/** The overview, for admins with the display token, for superadmins with the webhook secret too; for API tokens without any secret. */
export function details(
  { channel, role, user }: Visit,
  figures: ChannelFigures,
  { publicUrl, previousSecretUsedAt }: { publicUrl: string; previousSecretUsedAt: number | null },
): ChannelDetailsDto {
  const { id, displayToken, webhookSecret, previousSecrets } = channel;
  const webhookUrl = `${publicUrl}/webhook/channel/${id}`;
  const forAdmins = user.kind === 'token' ? { webhookUrl } : { webhookUrl, displayToken };
  const [lastReplaced] = stillValid(previousSecrets);
  const forSuperadmins = {
    webhookSecret,
    previousWebhookSecretUntil: isoOrNull(lastReplaced?.expiresAt ?? null),
    previousWebhookSecretUsedAt: isoOrNull(previousSecretUsedAt),
  };
  return {
    ...overview(channel, figures, role),
    ...(role === 'moderator' ? {} : forAdmins),
    ...(role === 'superadmin' ? forSuperadmins : {}),
  };
}

export const isoOrNull = (time: number | null) => (time === null ? null : new Date(time).toISOString());
