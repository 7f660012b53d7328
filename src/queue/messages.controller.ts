import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '../auth/access';
import { Refuses } from '../problem.dto';
import { ChangesDto, ChangesQueryDto, MessageListDto, MessageQueryDto } from './message.dto';
import { MessagesService } from './messages.service';

@ApiTags('Queue')
@Controller('api/v1/channels/:channelId')
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  @Get('messages')
  @Access('moderator')
  @ApiOperation({
    summary: 'List messages',
    description: 'A window of the messages that fit the filters, by arrival.',
  })
  @ApiOkResponse({ type: MessageListDto })
  @Refuses(400, 401, 403, 404)
  list(@Param('channelId') channelId: string, @Query() query: MessageQueryDto): Promise<MessageListDto> {
    return this.messages.list(channelId, query);
  }

  @Get('changes')
  @Access('moderator')
  @ApiOperation({
    summary: 'Ask what changed',
    description: 'The messages that came or changed since a seq that an earlier answer told.',
  })
  @ApiOkResponse({ type: ChangesDto })
  @Refuses(400, 401, 403, 404)
  changes(@Param('channelId') channelId: string, @Query() { since }: ChangesQueryDto): Promise<ChangesDto> {
    return this.messages.changes(channelId, since);
  }
}
