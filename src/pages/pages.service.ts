import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { In } from 'typeorm';
import type { Principal, Visit } from '../auth/access';
import { Roles } from '../auth/roles';
import { Database } from '../database/database';
import { ChannelState } from '../entities/channel-state.entity';
import { Channel } from '../entities/channel.entity';
import { Message } from '../entities/message.entity';
import { rankOf } from '../moderation/decision';
import { localeOf } from '../views';
import {
  byUrgency,
  type ChannelView,
  channelView,
  type CountedChannel,
  type Section,
  type Tab,
  tabsOf,
} from './pages.views';

/** What the header of every page needs, besides what views.ts gives to all. */
export interface Page {
  channels: ChannelView[];
}

export interface ChannelPage extends Page {
  section: Section;
  tabs: Tab[];
  channel: ChannelView | undefined;
}

@Injectable()
export class PagesService {
  constructor(
    private readonly database: Database,
    private readonly granted: Roles,
  ) {}

  async everyPage(request: Request, user: Principal): Promise<Page> {
    const counted = await this.channelsOf(user);
    return { channels: counted.map((channel) => channelView(channel, languageOf(request))).sort(byUrgency) };
  }

  async channelPage(request: Request, { channel, role, user }: Visit, section: Section): Promise<ChannelPage> {
    const page = await this.everyPage(request, user);
    const channels = page.channels.map((view) => ({ ...view, current: view.id === channel.id }));
    const tabs = tabsOf(channel, role, section, languageOf(request));
    return { channels, section, tabs, channel: channels.find(({ current }) => current) };
  }

  /** The channels that somebody may open, a superadmin's are all, with what waits in each. */
  private async channelsOf(user: Principal): Promise<CountedChannel[]> {
    const { reader } = this.database;
    const roles = await this.granted.memberships(user);
    const channels = await reader.findBy(Channel, user.superadmin ? {} : { id: In([...roles.keys()]) });
    const ids = channels.map(({ id }) => id);
    const [states, waiting] = await Promise.all([
      reader.findBy(ChannelState, { channelId: In(ids) }),
      this.waiting(ids),
    ]);
    const received = new Map(states.map(({ channelId, lastReceivedAt }) => [channelId, lastReceivedAt]));
    return channels.map((channel) => ({
      channel,
      role: user.superadmin ? 'superadmin' : (roles.get(channel.id) ?? 'moderator'),
      waiting: waiting.get(channel.id) ?? 0,
      lastReceivedAt: received.get(channel.id) ?? null,
    }));
  }

  private async waiting(channelIds: string[]): Promise<Map<string, number>> {
    const rows = await this.database.reader
      .createQueryBuilder(Message, 'message')
      .select('message.channelId', 'channelId')
      .addSelect('COUNT(*)', 'count')
      .where({ channelId: In(channelIds), rank: rankOf('queued') })
      .groupBy('message.channelId')
      .getRawMany<{ channelId: string; count: number | string }>();
    return new Map(rows.map(({ channelId, count }) => [channelId, Number(count)]));
  }
}

/** In which of our languages a page is to be. */
export const languageOf = (request: Request) => localeOf(request.acceptsLanguages());
