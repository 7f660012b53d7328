import { Body, Controller, Delete, Get, HttpCode, Param, ParseIntPipe, Post, Res } from '@nestjs/common';
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
import { AllowedSender } from '../entities/allowed-sender.entity';
import { BlockedSender } from '../entities/blocked-sender.entity';
import { Refuses } from '../problem.dto';
import { ALLOWED_EXAMPLES, ListedSenderDto, SENDER_EXAMPLES, SenderEntriesDto, SenderTargetDto } from './sender.dto';
import { type Listed, SendersService } from './senders.service';

@ApiTags('Senders')
@Controller('api/v1/channels/:channelId')
@Refuses(401, 403, 404)
export class SendersController {
  constructor(private readonly senders: SendersService) {}

  @Get('blocked-senders')
  @Access('moderator')
  @ApiOperation({ summary: 'List blocked senders', description: 'Every block of the channel, newest first.' })
  @ApiOkResponse({ type: SenderEntriesDto })
  async blocked(@Param('channelId') channelId: string): Promise<SenderEntriesDto> {
    return { entries: await this.senders.list(BlockedSender, channelId) };
  }

  @Post('blocked-senders')
  @Access('moderator')
  @ApiOperation({
    summary: 'Block a sender',
    description:
      'Rejects what of the sender is queued or published, and drops what comes. By name alone it means everybody of that name.',
  })
  @ApiBody({ type: SenderTargetDto, examples: SENDER_EXAMPLES })
  @ApiCreatedResponse({ description: 'It has been added.', type: ListedSenderDto })
  @ApiOkResponse({ description: 'The entry was there.', type: ListedSenderDto })
  @Refuses(400, 413)
  async block(
    @Param('channelId') channelId: string,
    @Body() target: SenderTargetDto,
    @CurrentUser() moderator: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ListedSenderDto> {
    return answer(response, await this.senders.block(channelId, target, moderator));
  }

  @Delete('blocked-senders/:blockedId')
  @HttpCode(204)
  @Access('moderator')
  @ApiOperation({
    summary: 'Remove a block',
    description: 'What it rejected stays rejected.',
  })
  @ApiNoContentResponse({ description: 'It is gone.' })
  unblock(@Param('channelId') channelId: string, @Param('blockedId', ParseIntPipe) id: number): Promise<void> {
    return this.senders.remove(BlockedSender, channelId, id);
  }

  @Get('allowed-senders')
  @Access('moderator')
  @ApiOperation({ summary: 'List allowed senders', description: 'Every allowance of the channel, newest first.' })
  @ApiOkResponse({ type: SenderEntriesDto })
  async allowed(@Param('channelId') channelId: string): Promise<SenderEntriesDto> {
    return { entries: await this.senders.list(AllowedSender, channelId) };
  }

  @Post('allowed-senders')
  @Access('moderator')
  @ApiOperation({
    summary: 'Allow a sender',
    description: 'Approves what of the sender is queued, and what comes. Needs an id: anybody can take a name.',
  })
  @ApiBody({ type: SenderTargetDto, examples: ALLOWED_EXAMPLES })
  @ApiCreatedResponse({ description: 'It has been added.', type: ListedSenderDto })
  @ApiOkResponse({ description: 'The entry was there.', type: ListedSenderDto })
  @Refuses(400, 409, 413)
  async allow(
    @Param('channelId') channelId: string,
    @Body() target: SenderTargetDto,
    @CurrentUser() moderator: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ListedSenderDto> {
    return answer(response, await this.senders.allow(channelId, target, moderator));
  }

  @Delete('allowed-senders/:allowedId')
  @HttpCode(204)
  @Access('moderator')
  @ApiOperation({
    summary: 'Remove an allowance',
    description: 'What it approved stays approved.',
  })
  @ApiNoContentResponse({ description: 'It is gone.' })
  disallow(@Param('channelId') channelId: string, @Param('allowedId', ParseIntPipe) id: number): Promise<void> {
    return this.senders.remove(AllowedSender, channelId, id);
  }
}

function answer(response: Response, listed: Listed): ListedSenderDto {
  response.status(listed.created ? 201 : 200);
  return listed.answer;
}
