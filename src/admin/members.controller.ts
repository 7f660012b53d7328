import { Body, Controller, Delete, Get, HttpCode, Param, Put, Res, UseGuards } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { Access, CurrentChannel, CurrentUser, type Principal } from '../auth/access';
import type { Channel } from '../entities/channel.entity';
import { Refuses } from '../problem.dto';
import { MemberRoleGuard } from './member-rules';
import { MemberDto, MemberListDto, PutMemberDto } from './member.dto';
import { MembersService } from './members.service';

@ApiTags('Members')
@ApiParam({ name: 'channelId', example: 'main-hall' })
@Controller('api/v1/channels/:channelId/members')
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Get()
  @Access('admin', { tokens: false })
  @ApiOperation({ summary: 'List the members of a channel', description: 'Role: admin.' })
  @ApiOkResponse({ type: MemberListDto })
  @Refuses(401, 403, 404)
  async list(@CurrentChannel() { id }: Channel): Promise<MemberListDto> {
    return { members: await this.members.list(id) };
  }

  @Put(':centralauthId')
  @Access('admin', { tokens: false })
  @UseGuards(MemberRoleGuard)
  @ApiOperation({
    summary: 'Add a member, or change one',
    description:
      'Role: admin; to grant the role admin or to change an admin: superadmin. Who is an admin no more loses the API tokens they made. The name is shown until the account signs in next, then its own.',
  })
  @ApiParam({ name: 'centralauthId', description: 'Id of the Wikimedia account.', example: '12345678' })
  @ApiCreatedResponse({ type: MemberDto, description: 'Added.' })
  @ApiOkResponse({ type: MemberDto, description: 'Was a member before.' })
  @Refuses(400, 401, 403, 413, { 404: 'There is no such channel.' })
  async put(
    @CurrentChannel() { id }: Channel,
    @CurrentUser() user: Principal,
    @Param('centralauthId') centralauthId: string,
    @Body() wanted: PutMemberDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MemberDto> {
    const { created, member } = await this.members.put(id, user, centralauthId, wanted);
    response.status(created ? 201 : 200);
    return member;
  }

  @Delete(':centralauthId')
  @Access('admin', { tokens: false })
  @UseGuards(MemberRoleGuard)
  @HttpCode(204)
  @ApiOperation({
    summary: 'Remove a member',
    description:
      'Role: admin; to remove an admin: superadmin. Takes effect at once, and ends the API tokens that an admin made.',
  })
  @ApiParam({ name: 'centralauthId', description: 'Id of the Wikimedia account.', example: '12345678' })
  @ApiNoContentResponse({ description: 'No longer a member.' })
  @Refuses(401, 403, { 404: 'There is no such channel, or no such member.' })
  async remove(
    @CurrentChannel() { id }: Channel,
    @CurrentUser() user: Principal,
    @Param('centralauthId') centralauthId: string,
  ): Promise<void> {
    await this.members.remove(id, user, centralauthId);
  }
}
