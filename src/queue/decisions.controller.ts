import { Body, Controller, HttpCode, Param, ParseIntPipe, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentUser, type Principal } from '../auth/access';
import { Refuses } from '../problem.dto';
import { DecidedDto, DECISION_EXAMPLES, DecisionDto, RejectedSimilarDto, UndoneDto } from './decision.dto';
import { DecisionsService } from './decisions.service';

@ApiTags('Decisions')
@Controller('api/v1/channels/:channelId')
@Refuses(400, 401, 403, 404, 413)
export class DecisionsController {
  constructor(private readonly decisions: DecisionsService) {}

  @Post('messages/:messageId/decisions')
  @HttpCode(200)
  @Access('moderator')
  @ApiOperation({
    summary: 'Decide on a message',
    description: 'Where moderators disagree, the most restrictive wins.',
  })
  @ApiBody({ type: DecisionDto, examples: DECISION_EXAMPLES })
  @ApiOkResponse({ type: DecidedDto })
  decide(
    @Param('channelId') channelId: string,
    @Param('messageId', ParseIntPipe) messageId: number,
    @Body() decision: DecisionDto,
    @CurrentUser() moderator: Principal,
  ): Promise<DecidedDto> {
    return this.decisions.decide(channelId, messageId, decision, moderator);
  }

  @Post('messages/:messageId/reject-similar')
  @HttpCode(200)
  @Access('moderator')
  @ApiOperation({
    summary: 'Reject a message and all similar ones in the queue',
    description: 'The message itself, and the queued ones of its type whose text is similar.',
  })
  @ApiOkResponse({ type: RejectedSimilarDto })
  rejectSimilar(
    @Param('channelId') channelId: string,
    @Param('messageId', ParseIntPipe) messageId: number,
    @CurrentUser() moderator: Principal,
  ): Promise<RejectedSimilarDto> {
    return this.decisions.rejectSimilar(channelId, messageId, moderator);
  }

  @Post('operations/:operationId/undo')
  @HttpCode(200)
  @Access('moderator')
  @ApiOperation({
    summary: 'Undo a bulk decision',
    description:
      'Reconsiders every message that still stands as the operation left it, and removes the list entry or pattern that it made.',
  })
  @ApiOkResponse({ type: UndoneDto })
  undo(
    @Param('channelId') channelId: string,
    @Param('operationId') operationId: string,
    @CurrentUser() moderator: Principal,
  ): Promise<UndoneDto> {
    return this.decisions.undo(channelId, operationId, moderator);
  }
}
