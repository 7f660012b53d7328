import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { In } from 'typeorm';
import type { Principal, Visit } from '../auth/access';
import { Roles } from '../auth/roles';
import { Database } from '../database/database';
import { Channel } from '../entities/channel.entity';
import { localeOf } from '../views';
import { ChannelFiguresService } from './channel-figures.service';
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
    private readonly figures: ChannelFiguresService,
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

  /** The channels that somebody may open, a superadmin's are all, with what goes on in each. */
  private async channelsOf(user: Principal): Promise<CountedChannel[]> {
    const roles = await this.granted.memberships(user);
    const where = user.superadmin ? {} : { id: In([...roles.keys()]) };
    const channels = await this.database.reader.findBy(Channel, where);
    return (await this.figures.of(channels)).map(([channel, figures]) => ({
      channel,
      role: user.superadmin ? 'superadmin' : (roles.get(channel.id) ?? 'moderator'),
      figures,
    }));
  }
}

/** In which of our languages a page is to be. */
export const languageOf = (request: Request) => localeOf(request.acceptsLanguages());
