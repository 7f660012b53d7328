import type { ChannelRole } from '../auth/access';
import type { Channel } from '../entities/channel.entity';
import { msg } from '../views';
import type { ChannelFigures } from './channel-figures.service';

/** What the pages show of a channel that somebody may see. */
export interface ChannelView {
  id: string;
  name: string;
  description: string;
  open: boolean;
  /** Why it is not open; null while it is. */
  stateText: string | null;
  roleText: string;
  queueUrl: string;
  waiting: number;
  waitingText: string;
  /** Messages a minute. */
  rate: number;
  rateText: string;
  /** ISO 8601; null before the first message. */
  lastArrivalIso: string | null;
  /** The minutes after which silence is worth a warning; null while there is none. */
  silentFor: number | null;
}

/** A channel with what is counted of it. */
export interface CountedChannel {
  channel: Channel;
  role: ChannelRole;
  figures: ChannelFigures;
}

export interface Tab {
  href: string;
  label: string;
  current: boolean;
  external: boolean;
  icon: string | null;
}

export type Section = 'queue' | 'log' | 'blocked' | 'allowed' | 'settings';

export function channelView({ channel, role, figures }: CountedChannel, locale: string): ChannelView {
  const { waiting, arrivalsPerMinute, lastReceivedAt, silentSince } = figures;
  const state = channel.archivedAt !== null ? 'archived' : channel.active ? null : 'inactive';
  return {
    id: channel.id,
    name: channel.name,
    description: channel.description,
    open: state === null,
    stateText: state && msg(locale, `state-${state}`),
    roleText: msg(locale, `role-${role}`),
    queueUrl: pathOf(channel.id, 'queue'),
    waiting,
    waitingText: new Intl.NumberFormat(locale).format(waiting),
    rate: arrivalsPerMinute,
    rateText: new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(arrivalsPerMinute),
    lastArrivalIso: lastReceivedAt === null ? null : new Date(lastReceivedAt).toISOString(),
    silentFor: silentSince === null ? null : channel.silenceWarningMinutes,
  };
}

/** Open channels with the most to do first. */
export function byUrgency(a: ChannelView, b: ChannelView): number {
  return Number(b.open) - Number(a.open) || b.waiting - a.waiting || (a.name < b.name ? -1 : 1);
}

/** The pages of a channel that a role may open, and its feed. */
export function tabsOf(channel: Channel, role: ChannelRole, current: Section, locale: string): Tab[] {
  const sections: Section[] = [
    'queue',
    'log',
    'blocked',
    'allowed',
    ...(role === 'moderator' ? [] : (['settings'] as const)),
  ];
  const pages = sections.map((section) => ({
    href: pathOf(channel.id, section),
    label: msg(locale, `tab-${section}`),
    current: section === current,
    external: false,
    icon: null,
  }));
  const feed = {
    href: feedPath(channel, role),
    label: msg(locale, 'tab-rss'),
    current: false,
    external: true,
    icon: 'feed',
  };
  return channel.public || role !== 'moderator' ? [...pages, feed] : pages;
}

/** A private channel's feed needs the display token, which admins may see. */
function feedPath({ id, public: isPublic, displayToken }: Channel, role: ChannelRole): string {
  const path = `/rss/${id}`;
  return isPublic || role === 'moderator' ? path : `${path}?token=${encodeURIComponent(displayToken)}`;
}

const pathOf = (channelId: string, section: Section) => `/channel/${channelId}/${section}`;
