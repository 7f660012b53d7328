import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CurrentUser, CurrentVisit, PageAccess, type Principal, type Visit } from '../auth/access';
import { languageOf, PagesService } from '../pages/pages.service';
import { type AdminSection, adminTabs, listsPage, settingsPage, totalsOf } from './pages.views';
import { SIMULATION } from './simulation/simulation-channel';

/** The pages on which a channel is set up; what they show and change goes through the API. */
@ApiExcludeController()
@Controller('channel/:channelId')
export class ChannelAdminPagesController {
  constructor(private readonly pages: PagesService) {}

  @Get('blocked')
  @PageAccess('moderator')
  async blocked(@Req() request: Request, @Res() response: Response, @CurrentVisit() visit: Visit): Promise<void> {
    response.render('blocked', {
      ...(await this.pages.channelPage(request, visit, 'blocked')),
      ...listsPage(visit.channel, visit.role, 'blocked'),
    });
  }

  @Get('allowed')
  @PageAccess('moderator')
  async allowed(@Req() request: Request, @Res() response: Response, @CurrentVisit() visit: Visit): Promise<void> {
    response.render('allowed', {
      ...(await this.pages.channelPage(request, visit, 'allowed')),
      ...listsPage(visit.channel, visit.role, 'allowed'),
    });
  }

  @Get('settings')
  @PageAccess('admin')
  async settings(@Req() request: Request, @Res() response: Response, @CurrentVisit() visit: Visit): Promise<void> {
    response.render('settings', {
      ...(await this.pages.channelPage(request, visit, 'settings')),
      ...settingsPage(visit.channel, visit.role, languageOf(request)),
    });
  }
}

/** The administration of the whole installation. */
@ApiExcludeController()
@Controller('admin')
@PageAccess('superadmin')
export class AdminPagesController {
  constructor(private readonly pages: PagesService) {}

  @Get()
  async dashboard(@Req() request: Request, @Res() response: Response, @CurrentUser() user: Principal): Promise<void> {
    const page = await this.page(request, user, 'dashboard');
    response.render('dashboard', { ...page, totals: totalsOf(page.channels, languageOf(request)) });
  }

  @Get('channels')
  async channels(@Req() request: Request, @Res() response: Response, @CurrentUser() user: Principal): Promise<void> {
    response.render('admin-channels', await this.page(request, user, 'channels'));
  }

  @Get('global-blocklist')
  async blocklist(@Req() request: Request, @Res() response: Response, @CurrentUser() user: Principal): Promise<void> {
    response.render('global-blocklist', await this.page(request, user, 'global-blocklist'));
  }

  @Get('simulation')
  async simulation(@Req() request: Request, @Res() response: Response, @CurrentUser() user: Principal): Promise<void> {
    const page = await this.page(request, user, 'simulation');
    // In production the channel is made by the first start.
    response.render('admin-simulation', { ...page, hasChannel: page.channels.some(({ id }) => id === SIMULATION) });
  }

  private async page(request: Request, user: Principal, section: AdminSection) {
    return { ...(await this.pages.everyPage(request, user)), tabs: adminTabs(section, languageOf(request)) };
  }
}
