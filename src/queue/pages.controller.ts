import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CurrentVisit, Open, PageAccess, type Visit } from '../auth/access';
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
  async queue(@Req() request: Request, @Res() response: Response, @CurrentVisit() visit: Visit): Promise<void> {
    response.render('queue', {
      ...(await this.pages.channelPage(request, visit, 'queue')),
      types: typeChoices(languageOf(request)),
      simulation: visit.user.superadmin && visit.channel.id === 'simulation',
    });
  }

  @Get('channel/:channelId/log')
  @PageAccess('moderator')
  async log(@Req() request: Request, @Res() response: Response, @CurrentVisit() visit: Visit): Promise<void> {
    response.render('log', {
      ...(await this.pages.channelPage(request, visit, 'log')),
      decisions: decisionChoices(languageOf(request)),
      csvUrl: `/api/v1/channels/${visit.channel.id}/log.csv`,
    });
  }
}
