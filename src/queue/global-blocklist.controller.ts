import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  Res,
} from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { Access, CurrentUser, type Principal } from '../auth/access';
import { Refuses } from '../problem.dto';
import { GlobalBlocklistService } from './global-blocklist.service';
import { ExportedSenderDto, ListedSenderDto, SenderEntriesDto, SENDER_EXAMPLES, SenderTargetDto } from './sender.dto';

const entryId = new ParseIntPipe({
  exceptionFactory: () => new NotFoundException('There is no such entry on the global list.'),
});

@ApiTags('Senders')
@Controller('api/v1')
@Refuses(401, 403)
export class GlobalBlocklistController {
  constructor(private readonly blocklist: GlobalBlocklistService) {}

  @Get('global-blocked-senders')
  @Access('superadmin')
  @ApiOperation({ summary: 'List senders blocked everywhere', description: 'Every entry, newest first.' })
  @ApiOkResponse({ type: SenderEntriesDto })
  async list(): Promise<SenderEntriesDto> {
    return { entries: await this.blocklist.list() };
  }

  @Post('global-blocked-senders')
  @Access('superadmin')
  @ApiOperation({
    summary: 'Block a sender everywhere',
    description: 'As in one channel, for all of them. Cannot be undone as an operation.',
  })
  @ApiBody({ type: SenderTargetDto, examples: SENDER_EXAMPLES })
  @ApiCreatedResponse({ description: 'It has been added.', type: ListedSenderDto })
  @ApiOkResponse({ description: 'The entry was there.', type: ListedSenderDto })
  @Refuses(400, 404, 413)
  async block(
    @Body() target: SenderTargetDto,
    @CurrentUser() moderator: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ListedSenderDto> {
    const { created, answer } = await this.blocklist.block(target, moderator);
    response.status(created ? 201 : 200);
    return answer;
  }

  @Delete('global-blocked-senders/:entryId')
  @HttpCode(204)
  @Access('superadmin')
  @ApiOperation({
    summary: 'Remove a block from the global list',
    description: 'What it rejected stays rejected.',
  })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @Refuses(404)
  remove(@Param('entryId', entryId) id: number): Promise<void> {
    return this.blocklist.remove(id);
  }

  @Post('channels/:channelId/blocked-senders/:blockedId/export')
  @Access('admin')
  @ApiOperation({
    summary: 'Put a blocked sender on the global list',
    description: 'The block of one channel then holds in all of them; the entry of the channel stays.',
  })
  @ApiCreatedResponse({ type: ExportedSenderDto })
  @ApiOkResponse({ description: 'It was on the list.', type: ExportedSenderDto })
  @Refuses(404, { 409: 'The sender has been erased: nobody can tell whom the entry means elsewhere.' })
  async export(
    @Param('channelId') channelId: string,
    @Param('blockedId', ParseIntPipe) id: number,
    @CurrentUser() moderator: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ExportedSenderDto> {
    const { created, answer } = await this.blocklist.export(channelId, id, moderator);
    response.status(created ? 201 : 200);
    return answer;
  }
}
