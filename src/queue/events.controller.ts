import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Access } from '../auth/access';
import { Refuses } from '../problem.dto';
import { EventsService } from './events.service';

@ApiTags('Queue')
@Controller('api/v1/channels/:channelId/events')
export class EventsController {
  constructor(private readonly events: EventsService) {}

  @Get()
  @Access('moderator')
  @ApiOperation({
    summary: 'Follow what changes',
    description:
      'Server-sent events: `message` (`{seq,messages}`, newly queued), `decision` (`{seq,messages}`, decided or reconsidered), `stats` (`{seq,stats}`), `presence` (`{users:[{username}]}`, who has the queue open, whichever process serves them; without an id), and `reset` (`{seq}`: too much changed, or messages were removed: fetch the window again). A push is a hint; ask `changes` for what was missed. For moderators of the channel.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The id of the last event that was seen; what came since is sent first.',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({
    content: {
      'text/event-stream': {
        schema: { type: 'string' },
        example:
          'event: stats\nid: 7\ndata: {"seq":7,"stats":{"queued":1,"highlighted":0,"approved":0,"rejected":0}}\n\n',
      },
    },
  })
  @Refuses(401, 403, 404)
  async open(@Param('channelId') channelId: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    // Express answers HEAD by the same handler, and would wait for an end that never comes.
    if (request.method === 'HEAD') return void response.type('text/event-stream').end();
    return this.events.open(channelId, request, response);
  }
}
