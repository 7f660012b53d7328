import { Body, Controller, Delete, Get, HttpCode, Param, ParseIntPipe, Post } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { Access, CurrentChannel, CurrentUser, type Principal } from '../auth/access';
import type { Channel } from '../entities/channel.entity';
import { Refuses } from '../problem.dto';
import { CreatedTokenDto, CreateTokenDto, TokenListDto } from './token.dto';
import { TokensService } from './tokens.service';

@ApiTags('API tokens')
@ApiParam({ name: 'channelId', example: 'main-hall' })
@Controller('api/v1/channels/:channelId/tokens')
@Refuses(401, 403, 404)
export class TokensController {
  constructor(private readonly tokens: TokensService) {}

  @Get()
  @Access('admin', { tokens: false })
  @ApiOperation({ summary: 'List API tokens', description: 'Role: admin. Without the tokens themselves.' })
  @ApiOkResponse({ type: TokenListDto })
  async list(@CurrentChannel() { id }: Channel): Promise<TokenListDto> {
    return { tokens: await this.tokens.list(id) };
  }

  @Post()
  @Access('admin', { tokens: false })
  @ApiOperation({
    summary: 'Make an API token',
    description:
      'Role: admin. It is for this channel alone, and goes as `Authorization: Bearer <token>`, with which no CSRF header is needed. Only this answer holds it. It works for as long as its maker is an admin of the channel, or a superadmin.',
  })
  @ApiCreatedResponse({ type: CreatedTokenDto })
  @Refuses(400, 413, { 409: 'Another token of the channel has this name, or one that differs in case or space alone.' })
  create(
    @CurrentChannel() { id }: Channel,
    @CurrentUser() user: Principal,
    @Body() wanted: CreateTokenDto,
  ): Promise<CreatedTokenDto> {
    return this.tokens.create(id, wanted, user);
  }

  @Delete(':tokenId')
  @Access('admin', { tokens: false })
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke an API token', description: 'Role: admin. Effective at once.' })
  @ApiNoContentResponse({ description: 'It is dead.' })
  revoke(@CurrentChannel() { id }: Channel, @Param('tokenId', ParseIntPipe) tokenId: number): Promise<void> {
    return this.tokens.revoke(id, tokenId);
  }
}
