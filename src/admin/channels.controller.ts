import { Body, Controller, Delete, Get, HttpCode, Patch, Post } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import {
  Access,
  CurrentChannel,
  CurrentUser,
  CurrentVisit,
  type Principal,
  SuperadminFields,
  type Visit,
} from '../auth/access';
import type { Channel } from '../entities/channel.entity';
import { ChannelDeletion } from './channel-deletion.service';
import { ChannelsService } from './channels.service';
import {
  ChannelDetailsDto,
  ChannelListDto,
  CreateChannelDto,
  DisplayTokenDto,
  UpdateChannelDto,
  WebhookSecretDto,
} from './channel.dto';
import { Refuses } from '../problem.dto';

@ApiTags('Channels')
@Controller('api/v1/channels')
export class ChannelsController {
  constructor(private readonly channels: ChannelsService) {}

  @Get()
  @Access('signed-in')
  @ApiOperation({
    summary: 'List channels',
    description:
      'For everybody signed in: the channels they are a member of, for superadmins all, each with what goes on in it; ordered by name, never with secrets.',
  })
  @ApiOkResponse({ type: ChannelListDto })
  @Refuses(401)
  async list(@CurrentUser() user: Principal): Promise<ChannelListDto> {
    return { channels: await this.channels.list(user) };
  }

  @Post()
  @Access('superadmin')
  @ApiOperation({
    summary: 'Create a channel',
    description: 'Role: superadmin. The answer has what Eventyay and the displays need.',
  })
  @ApiCreatedResponse({ type: ChannelDetailsDto })
  @Refuses(400, 401, 403, 413, { 409: 'There is already a channel of this id.' })
  async create(@CurrentUser() user: Principal, @Body() wanted: CreateChannelDto): Promise<ChannelDetailsDto> {
    return this.channels.show({ user, channel: await this.channels.create(wanted), role: 'superadmin' });
  }
}

@ApiTags('Channels')
@ApiParam({ name: 'channelId', example: 'main-hall' })
@Controller('api/v1/channels/:channelId')
export class ChannelController {
  constructor(
    private readonly channels: ChannelsService,
    private readonly deletion: ChannelDeletion,
  ) {}

  @Get()
  @Access('moderator')
  @ApiOperation({
    summary: 'Show a channel',
    description:
      'Role: moderator. Admins also see the webhook address and the display token, superadmins the webhook secret as well.',
  })
  @ApiOkResponse({ type: ChannelDetailsDto })
  @Refuses(401, 403, 404)
  async show(@CurrentVisit() visit: Visit): Promise<ChannelDetailsDto> {
    return this.channels.show(visit);
  }

  @Patch()
  @Access('admin')
  @SuperadminFields('name', 'description', 'active', 'customCss')
  @ApiOperation({
    summary: 'Change settings of a channel',
    description:
      'Role: admin; `name`, `description`, `active` and `customCss`: superadmin. What is left out stays as it is.',
  })
  @ApiOkResponse({ type: ChannelDetailsDto })
  @Refuses(400, 401, 403, 404, 413, { 409: 'The channel is being deleted.' })
  async update(@CurrentVisit() visit: Visit, @Body() changes: UpdateChannelDto): Promise<ChannelDetailsDto> {
    return this.channels.show({ ...visit, channel: await this.channels.update(visit.channel.id, changes) });
  }

  @Delete()
  @Access('superadmin')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete a channel',
    description:
      'Role: superadmin. It is closed at once, and everything that belongs to it goes, for ever. That may take some seconds where it is much; one that was interrupted is finished by the next start, or by repeating it.',
  })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @Refuses(401, 403, 404)
  async remove(@CurrentChannel() { id }: Channel): Promise<void> {
    await this.deletion.delete(id);
  }

  @Post('archive')
  @Access('admin')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Archive a channel',
    description: 'Role: admin. Its webhook takes nothing more; what is published stays. Repeating it changes nothing.',
  })
  @ApiOkResponse({ type: ChannelDetailsDto })
  @Refuses(401, 403, 404, { 409: 'The channel is being deleted.' })
  async archive(@CurrentVisit() visit: Visit): Promise<ChannelDetailsDto> {
    return this.channels.show({ ...visit, channel: await this.channels.archive(visit.channel.id) });
  }

  @Post('reopen')
  @Access('admin')
  @HttpCode(200)
  @ApiOperation({ summary: 'Reopen an archived channel', description: 'Role: admin. Repeating it changes nothing.' })
  @ApiOkResponse({ type: ChannelDetailsDto })
  @Refuses(401, 403, 404, { 409: 'The channel is being deleted.' })
  async reopen(@CurrentVisit() visit: Visit): Promise<ChannelDetailsDto> {
    return this.channels.show({ ...visit, channel: await this.channels.reopen(visit.channel.id) });
  }

  @Post('webhook-secret')
  @Access('superadmin')
  @ApiOperation({
    summary: 'Replace the webhook secret',
    description:
      'Role: superadmin. The secret before it stays valid for 24 hours, or until it is taken away; so does each that was replaced before, for its own 24 hours.',
  })
  @ApiCreatedResponse({ type: WebhookSecretDto })
  @Refuses(401, 403, 404, { 409: 'The channel is being deleted.' })
  async rotateWebhookSecret(@CurrentChannel() { id }: Channel): Promise<WebhookSecretDto> {
    const { webhookSecret } = await this.channels.rotateWebhookSecret(id);
    return { webhookSecret };
  }

  @Delete('webhook-secret/previous')
  @Access('superadmin')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Take the previous webhook secrets away',
    description: 'Role: superadmin. Repeating it changes nothing.',
  })
  @ApiNoContentResponse({ description: 'Only the current secret is valid.' })
  @Refuses(401, 403, 404, { 409: 'The channel is being deleted.' })
  async endPreviousSecrets(@CurrentChannel() { id }: Channel): Promise<void> {
    await this.channels.endPreviousSecrets(id);
  }

  @Post('display-token')
  @Access('admin', { tokens: false })
  @ApiOperation({ summary: 'Replace the display token', description: 'Role: admin. The old one is dead at once.' })
  @ApiCreatedResponse({ type: DisplayTokenDto })
  @Refuses(401, 403, 404, { 409: 'The channel is being deleted.' })
  async renewDisplayToken(@CurrentChannel() { id }: Channel, @CurrentUser() user: Principal): Promise<DisplayTokenDto> {
    const { displayToken } = await this.channels.renewDisplayToken(id, user);
    return { displayToken };
  }
}
