import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import {
  type ChannelRole,
  CurrentChannel,
  CurrentRole,
  CurrentUser,
  Open,
  PageAccess,
  type Principal,
} from '../auth/access';
import type { Channel } from '../entities/channel.entity';
import { languageOf, PagesService } from '../pages/pages.service';
import { decisionChoices, typeChoices } from './pages.views';

/** What people see of channels; everything that changes on these pages goes through the API. */
@ApiExcludeController()
@Controller()
export class PagesController {
  constructor(private readonly pages: PagesService) {}

  @Get()
  @Open()
  async home(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (!request.principal) return response.render('welcome');
    response.render('channels', await this.pages.everyPage(request, request.principal));
  }

  @Get('channel/:channelId/queue')
  @PageAccess('moderator')
  async queue(
    @Req() request: Request,
    @Res() response: Response,
    @CurrentChannel() channel: Channel,
    @CurrentRole() role: ChannelRole,
    @CurrentUser() user: Principal,
  ): Promise<void> {
    response.render('queue', {
      ...(await this.pages.channelPage(request, { channel, role, user, section: 'queue' })),
      types: typeChoices(languageOf(request)),
      simulation: user.superadmin && channel.id === 'simulation',
    });
  }

  @Get('channel/:channelId/log')
  @PageAccess('moderator')
  async log(
    @Req() request: Request,
    @Res() response: Response,
    @CurrentChannel() channel: Channel,
    @CurrentRole() role: ChannelRole,
    @CurrentUser() user: Principal,
  ): Promise<void> {
    response.render('log', {
      ...(await this.pages.channelPage(request, { channel, role, user, section: 'log' })),
      decisions: decisionChoices(languageOf(request)),
      csvUrl: `/api/v1/channels/${channel.id}/log.csv`,
    });
  }
}
