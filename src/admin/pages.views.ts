import type { ChannelRole } from '../auth/access';
import type { Channel } from '../entities/channel.entity';
import type { ChannelView } from '../pages/pages.views';
import { msg } from '../views';

export type AdminSection = 'dashboard' | 'channels' | 'global-blocklist' | 'simulation';

/** The pages of the whole installation's administration. */
export function adminTabs(current: AdminSection, locale: string) {
  const sections: AdminSection[] = ['dashboard', 'channels', 'global-blocklist', 'simulation'];
  return sections.map((section) => ({
    href: section === 'dashboard' ? '/admin/' : `/admin/${section}`,
    label: msg(locale, `admin-tab-${section}`),
    current: section === current,
  }));
}

/** What stands above the dashboard's channels. */
export function totalsOf(channels: ChannelView[], locale: string) {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const open = channels.filter((channel) => channel.open).length;
  const waiting = channels.reduce((sum, channel) => sum + channel.waiting, 0);
  const rate = channels.reduce((sum, channel) => sum + channel.rate, 0);
  return [
    { label: msg(locale, 'total-open'), value: number.format(open) },
    { label: msg(locale, 'total-closed'), value: number.format(channels.length - open) },
    { label: msg(locale, 'total-waiting'), value: number.format(waiting) },
    { label: msg(locale, 'total-rate'), value: number.format(rate) },
  ];
}

/** The lists of a channel, with the right to carry an entry to the global list. */
export function listsPage({ id }: Channel, role: ChannelRole, list: 'blocked' | 'allowed') {
  return {
    sendersPath: `/api/v1/channels/${id}/${list}-senders`,
    patternsPath: `/api/v1/channels/${id}/blocked-patterns`,
    mayExport: list === 'blocked' && role !== 'moderator',
  };
}

const SECTIONS = [
  'general',
  'moderation',
  'language',
  'display',
  'webhook',
  'team',
  'tokens',
  'data',
  'danger',
] as const;
const FEEDS = ['rss', 'atom', 'jsonfeed'] as const;
const EXPORTS = ['messages.jsonl', 'messages.csv', 'decisions.jsonl', 'decisions.csv'] as const;
const COUNTS = ['received', 'queued', 'approved', 'duplicate', 'dropped', 'ignored'] as const;
/** In the order of the chart's bars, see public/js/admin/minute-bars.js. */
const MINUTE_COUNTS = ['queued', 'approved', 'duplicate', 'dropped', 'ignored', 'refused'] as const;

/** The settings page without the settings: these come from the API. */
export function settingsPage({ id }: Channel, role: ChannelRole, locale: string) {
  return {
    superadmin: role === 'superadmin',
    patternsUrl: `/channel/${id}/blocked#patterns`,
    sections: SECTIONS.map((section) => ({ id: section, label: msg(locale, `section-${section}`) })),
    feeds: FEEDS.flatMap((format) => [
      { name: format, path: `/${format}/${id}`, label: msg(locale, `feed-${format}`) },
      {
        name: `${format}-highlights`,
        path: `/${format}/${id}/highlights`,
        label: msg(locale, 'feed-highlights', msg(locale, `feed-${format}`)),
      },
    ]),
    exports: EXPORTS.map((file) => ({
      href: `/api/v1/channels/${id}/export/${file}`,
      label: msg(locale, `data-export-${file.replace('.', '-')}`),
    })),
    counts: COUNTS.map((name) => ({ name, label: msg(locale, `count-${name}`) })),
    minuteCounts: MINUTE_COUNTS.map((name) => ({ name, label: msg(locale, `count-${name}`) })),
  };
}
