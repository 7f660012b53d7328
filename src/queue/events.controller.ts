import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import {
  ApiExtension,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Access } from '../auth/access';
import { Refuses } from '../problem.dto';
import { EVENTS } from './event.dto';
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
      'Server-sent events, each with the JSON of its `x-events` schema as data: `message`, `decision`, `stats`, `presence`, and `reset` (too much changed, or messages were removed: fetch the window again). What changed is told within a second, several changes at once; a comment comes every 15 seconds. A push is a hint: ask `changes` for what was missed.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The id of the last event that was seen; what came since is sent first.',
    example: '7',
  })
  @ApiProduces('text/event-stream')
  @ApiExtraModels(...Object.values(EVENTS).map(({ type }) => type))
  @ApiExtension('x-events', describedEvents())
  @ApiOkResponse({
    description: 'The stream; it ends when the right does, or the server.',
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

function describedEvents(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(EVENTS).map(([name, { type, description }]) => [
      name,
      { description, schema: { $ref: getSchemaPath(type) } },
    ]),
  );
}
