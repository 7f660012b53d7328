import { BadRequestException, Controller, Get, Param, Post, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBody,
  ApiForbiddenResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiPayloadTooLargeResponse,
  ApiQuery,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { Open } from '../auth/access';
import { ProblemDto, Refuses } from '../problem.dto';
import { EVENT_EXAMPLES, RECEIVE_DESCRIPTION, SIGNATURE_HEADER } from './webhook-description';
import { ChallengeAnswerDto, ChatEventDto, ReceiptDto } from './webhook.dto';
import { IntakeService } from './intake.service';
import { sendReceipt } from './receipts';
import { SignatureInterceptor, type SignedRequest } from './signature.interceptor';

/** What Eventyay talks to. */
@Open()
@ApiTags('Webhook')
@ApiParam({ name: 'channelId', example: 'main-hall' })
@Controller('webhook/channel/:channelId')
export class WebhookController {
  constructor(private readonly intake: IntakeService) {}

  // First, for Express tries routes in this order.
  @Post()
  @UseInterceptors(SignatureInterceptor)
  @ApiOperation({
    summary: 'Take one chat message or reaction',
    description: RECEIVE_DESCRIPTION,
  })
  @ApiNotFoundResponse({ description: 'No such channel, or it is inactive or archived.', type: ProblemDto })
  @ApiHeader(SIGNATURE_HEADER)
  @ApiBody({ type: ChatEventDto, examples: EVENT_EXAMPLES })
  @ApiOkResponse({ type: ReceiptDto })
  @ApiBadRequestResponse({
    description: 'Not a JSON object, a required field unusable, or a timestamp more than 300 s from now.',
    type: ProblemDto,
  })
  @ApiForbiddenResponse({ description: 'Signature missing, malformed or wrong.', type: ProblemDto })
  @ApiPayloadTooLargeResponse({ description: 'The body is larger than 64 KiB.', type: ProblemDto })
  @ApiServiceUnavailableResponse({
    description: 'The server can hold no more, or its database is away; see Retry-After.',
    type: ProblemDto,
  })
  async receive(@Req() { delivery }: SignedRequest, @Res() response: Response): Promise<void> {
    sendReceipt(response, await this.intake.accept(delivery));
  }

  @Get()
  @ApiOperation({
    summary: 'Prove that this address is a webhook',
    description: 'Answers the challenge that Eventyay sends when the webhook is registered.',
  })
  @ApiQuery({ name: 'challenge', type: String, description: '1 to 512 characters.', example: '3kT9vQ' })
  @ApiOkResponse({ type: ChallengeAnswerDto })
  @ApiBadRequestResponse({ description: 'The challenge is missing or too long.', type: ProblemDto })
  @ApiNotFoundResponse({ description: 'No such channel.', type: ProblemDto })
  @Refuses(503)
  async challenge(
    @Param('channelId') channelId: string,
    @Query('challenge') challenge: unknown,
  ): Promise<ChallengeAnswerDto> {
    await this.intake.requireChannel(channelId);
    if (typeof challenge !== 'string' || challenge === '' || [...challenge].length > 512) {
      throw new BadRequestException('The parameter challenge is needed: 1 to 512 characters.');
    }
    return { challenge };
  }
}
