import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Access, CurrentChannel } from '../auth/access';
import type { Channel } from '../entities/channel.entity';
import { Refuses } from '../problem.dto';
import { WebhookChallengeDto, WebhookTestDto } from './webhook-trial.dto';
import { WebhookTrialService } from './webhook-trial.service';

@ApiTags('Channels')
@ApiParam({ name: 'channelId', example: 'main-hall' })
@Controller('api/v1/channels/:channelId')
export class WebhookTrialController {
  constructor(private readonly trial: WebhookTrialService) {}

  @Post('webhook-test')
  @Access('admin')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Send a test message',
    description:
      "Role: admin. The server opens a connection to its own webhook and sends a text signed with the channel's secret; it is judged, counted and queued like any other.",
  })
  @ApiOkResponse({ type: WebhookTestDto })
  @Refuses(401, 403, 404)
  async test(@CurrentChannel() channel: Channel): Promise<WebhookTestDto> {
    return this.trial.test(channel);
  }

  @Get('webhook-challenge')
  @Access('admin')
  @ApiOperation({
    summary: 'Try the registration challenge',
    description:
      "Role: admin. The server asks the channel's webhook what Eventyay asks when it is registered: at the public address and, where that does not answer, at its own.",
  })
  @ApiOkResponse({ type: WebhookChallengeDto })
  @Refuses(401, 403, 404)
  async challenge(@CurrentChannel() { id }: Channel): Promise<WebhookChallengeDto> {
    return this.trial.challenge(id);
  }
}
