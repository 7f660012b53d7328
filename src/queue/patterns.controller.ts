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
import { Refuses } from '../problem.dto';
import { BlockedPatternDto, PATTERN_EXAMPLES, PatternsDto, PatternTargetDto } from './pattern.dto';
import { PatternsService } from './patterns.service';

@ApiTags('Patterns')
@Controller('api/v1/channels/:channelId/blocked-patterns')
@Refuses(401, 403, 404)
export class PatternsController {
  constructor(private readonly patterns: PatternsService) {}

  @Get()
  @Access('moderator')
  @ApiOperation({ summary: 'List blocked patterns', description: 'Every pattern of the channel, newest first.' })
  @ApiOkResponse({ type: PatternsDto })
  async list(@Param('channelId') channelId: string): Promise<PatternsDto> {
    return { patterns: await this.patterns.list(channelId) };
  }

  @Post()
  @Access('moderator')
  @ApiOperation({
    summary: 'Block a text and what is similar to it',
    description:
      'Rejects texts and questions that are queued or published, and drops what comes. Similar: both normalised, equal below 4 characters, at most 1 edit from 4 to 7, at most 2 from 8; the shorter one counts.',
  })
  @ApiBody({ type: PatternTargetDto, examples: PATTERN_EXAMPLES })
  @ApiCreatedResponse({ description: 'It has been added.', type: BlockedPatternDto })
  @ApiOkResponse({ description: 'The pattern was there.', type: BlockedPatternDto })
  @Refuses(400, 413)
  async block(
    @Param('channelId') channelId: string,
    @Body() target: PatternTargetDto,
    @CurrentUser() moderator: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<BlockedPatternDto> {
    const { created, answer } = await this.patterns.block(channelId, target, moderator);
    response.status(created ? 201 : 200);
    return answer;
  }

  @Delete(':patternId')
  @HttpCode(204)
  @Access('moderator')
  @ApiOperation({
    summary: 'Remove a blocked pattern',
    description: 'What it rejected stays rejected.',
  })
  @ApiNoContentResponse({ description: 'It is gone.' })
  remove(@Param('channelId') channelId: string, @Param('patternId', ParseIntPipe) id: number): Promise<void> {
    return this.patterns.remove(channelId, id);
  }
}
