import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Access } from '../../auth/access';
import { Refuses } from '../../problem.dto';
import { readRecordingBody } from './recording-body';
import { ReplayQueryDto } from './replay.dto';
import { SimulationCommandDto, SimulationDto } from './simulation.dto';
import { SimulationService } from './simulation.service';

/** Two seconds of one. */
const RECORDING = [
  { message_id: 1, timestamp: '2026-08-05T09:30:00+00:00', screen_name: 'Ngozi', sender_id: 'a', message: 'Hello!' },
  { message_id: 2, timestamp: '2026-08-05T09:30:02+00:00', screen_name: 'Mei', sender_id: 'b', message: 'Hi there' },
]
  .map((body) => JSON.stringify(body))
  .join('\n');

@ApiTags('Simulation')
@Controller('api/v1/simulation')
export class SimulationController {
  constructor(private readonly simulation: SimulationService) {}

  @Get()
  @Access('superadmin')
  @ApiOperation({ summary: 'Show whether the simulation is running', description: 'Role: superadmin.' })
  @ApiOkResponse({ type: SimulationDto })
  @Refuses(401, 403)
  async status(): Promise<SimulationDto> {
    return this.simulation.status();
  }

  @Post()
  @Access('superadmin')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Start or stop the simulation, or send one message or a raid',
    description:
      'Role: superadmin. Made-up messages go through the real webhook of the channel `simulation`, which is created when it is missing. It stops by itself after an hour, a raid after 30 seconds.',
  })
  @ApiOkResponse({ type: SimulationDto })
  @Refuses(400, 401, 403, 413, {
    409: 'The channel `simulation` is inactive or archived, or a raid is under way already.',
    503: 'The webhook did not take the injected message.',
  })
  async carryOut(@Body() command: SimulationCommandDto): Promise<SimulationDto> {
    return this.simulation.carryOut(command);
  }

  @Post('replay')
  @Access('superadmin')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Replay a recording',
    description:
      'Role: superadmin. JSON Lines: a webhook body on each line, as Eventyay delivered it, or `{"receivedAt": …, "body": {…}}`; at most 10 MiB and 20,000 events. They go through the real webhook of the channel `simulation` with the gaps that they had, divided by `speed`, with ids of their own and the times at which they are sent. A silence of more than 30 seconds is played as one of 30. A reaction without `receivedAt` comes with the line before it, for it does not say when it happened. It stops at its end, after an hour, or by the action `stop`.',
  })
  @ApiConsumes('application/jsonl', 'application/x-ndjson', 'text/plain')
  @ApiBody({ schema: { type: 'string' }, examples: { recording: { value: RECORDING } } })
  @ApiOkResponse({ type: SimulationDto })
  @Refuses(401, 403, {
    400: 'The speed, or a line of the recording, is wrong; `message` names the first such line.',
    409: 'The channel `simulation` is inactive or archived, or a replay is under way already.',
    413: 'The recording is larger than 10 MiB.',
  })
  async replay(@Req() request: Request, @Query() { speed }: ReplayQueryDto): Promise<SimulationDto> {
    return this.simulation.replay(await readRecordingBody(request), speed);
  }
}
