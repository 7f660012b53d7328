import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Access, CurrentChannel } from '../auth/access';
import type { Channel } from '../entities/channel.entity';
import { Refuses } from '../problem.dto';
import { IntakeDto } from './intake.dto';
import { IntakeCountsService } from './intake-counts.service';

@ApiTags('Channels')
@ApiParam({ name: 'channelId', example: 'main-hall' })
@Controller('api/v1/channels/:channelId/intake')
export class IntakeController {
  constructor(private readonly counts: IntakeCountsService) {}

  @Get()
  @Access('admin')
  @ApiOperation({
    summary: 'Show what arrived and what became of it',
    description:
      "Role: admin. Counts since the channel's start: `received` is the sum of all others but `refused`, exactly. Beside them the last 60 minutes one by one, and what was refused by reason.",
  })
  @ApiOkResponse({ type: IntakeDto })
  @Refuses(401, 403, 404)
  async show(@CurrentChannel() channel: Channel): Promise<IntakeDto> {
    return this.counts.of(channel);
  }
}
