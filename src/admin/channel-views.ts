import type { ChannelRole, Visit } from '../auth/access';
import { type Channel, stillValid } from '../entities/channel.entity';
import type { ChannelState } from '../entities/channel-state.entity';
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
  publicUrl: string,
  state: ChannelState | null,
): ChannelDetailsDto {
  const { id, displayToken, webhookSecret } = channel;
  const webhookUrl = `${publicUrl}/webhook/channel/${id}`;
  const forAdmins = user.kind === 'token' ? { webhookUrl } : { webhookUrl, displayToken };
  const forSuperadmins = { webhookSecret, ...previousSecret(channel, state) };
  return {
    ...overview(channel, figures, role),
    ...(role === 'moderator' ? {} : forAdmins),
    ...(role === 'superadmin' ? forSuperadmins : {}),
  };
}

/** Of several that still count the one that was used last, for that is the one to be replaced at the sender; else the last. */
function previousSecret({ previousSecrets }: Channel, state: ChannelState | null) {
  const valid = stillValid(previousSecrets);
  const isUsed = valid.some(({ expiresAt }) => expiresAt === state?.previousSecretUsedUntil);
  const until = isUsed ? state?.previousSecretUsedUntil : valid[0]?.expiresAt;
  return {
    previousWebhookSecretUntil: isoOrNull(until ?? null),
    previousWebhookSecretUsedAt: isoOrNull((isUsed ? state?.previousSecretUsedAt : null) ?? null),
  };
}

export const isoOrNull = (time: number | null) => (time === null ? null : new Date(time).toISOString());
