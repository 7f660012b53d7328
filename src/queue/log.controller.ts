import { Controller, Get, Param, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Access } from '../auth/access';
import { Refuses } from '../problem.dto';
import { download } from './downloads';
import { CSV_EXAMPLE, LogDto, LogFilterDto, LogQueryDto } from './log.dto';
import { LogService } from './log.service';
import { StreamRights } from './stream-rights';

@ApiTags('Log')
@Controller('api/v1/channels/:channelId')
@Refuses(400, 401, 403, 404)
export class LogController {
  constructor(
    private readonly log: LogService,
    private readonly rights: StreamRights,
  ) {}

  @Get('log')
  @Access('moderator')
  @ApiOperation({
    summary: 'Read the moderation log',
    description: 'One entry for each effective decision, newest first.',
  })
  @ApiOkResponse({ type: LogDto })
  list(@Param('channelId') channelId: string, @Query() query: LogQueryDto): Promise<LogDto> {
    return this.log.list(channelId, query);
  }

  @Get('log.csv')
  @Access('moderator')
  @ApiOperation({
    summary: 'Download the moderation log as CSV',
    description:
      'All entries that fit the filters, newest first: UTF-8 with a byte order mark, RFC 4180 quoting, lines ended by a line feed, and the header line first, with the keys of a log entry. What is null is empty; `automatic` is `true` or `false`. A value that begins with `=`, `+`, `-`, `@`, a tab or a carriage return stands behind an apostrophe, so that no spreadsheet runs what a stranger wrote.',
  })
  @ApiProduces('text/csv')
  @ApiOkResponse({
    description: 'The log.',
    content: { 'text/csv': { schema: { type: 'string' }, example: CSV_EXAMPLE } },
  })
  async csv(
    @Param('channelId') channelId: string,
    @Query() filter: LogFilterDto,
    @Req() request: Request,
  ): Promise<StreamableFile> {
    const mayStill = () => this.rights.has(channelId, request);
    return download(await this.log.csv(channelId, filter, mayStill), 'text/csv', `${channelId}-log.csv`);
  }
}
