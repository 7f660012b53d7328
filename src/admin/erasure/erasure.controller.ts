import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Access, CurrentVisit, type Visit } from '../../auth/access';
import { Refuses } from '../../problem.dto';
import { ErasureService } from './erasure.service';
import { ErasureQueryDto, KnownSenderDto } from './known-sender.dto';

const SENDER_ID = {
  name: 'senderId',
  description: "The sender's id; of one without, the number of the Wikimedia account; of one without either, the name.",
  example: 'b8f0c1de-4b1c-4a77-9f2e-2f0a3d1c5e6f',
};

@ApiTags('Life cycle')
@ApiParam({ name: 'channelId', example: 'main-hall' })
@Controller('api/v1/channels/:channelId/senders')
export class ErasureController {
  constructor(private readonly erasure: ErasureService) {}

  @Get(':senderId')
  @Access('admin')
  @ApiOperation({
    summary: 'Show what is known of a sender',
    description:
      'What an erasure of this id would be about: whom it means and how much there is of them, so that it can be looked at before. An id that nobody has is no error. Role: admin.',
  })
  @ApiParam(SENDER_ID)
  @ApiOkResponse({ type: KnownSenderDto })
  @Refuses(401, 403, 404, { 400: 'The id is blank, or `means` is none of these.' })
  async show(
    @CurrentVisit() visit: Visit,
    @Param('senderId') senderId: string,
    @Query() { means }: ErasureQueryDto,
  ): Promise<KnownSenderDto> {
    return this.erasure.show(visit, senderId, means);
  }

  @Delete(':senderId')
  @Access('admin')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Erase a sender',
    description:
      'Removes the messages of whoever wrote under this id, or from a Wikimedia account that did, and empties what the log says of them. An allowance ends. A block stays effective, but no longer says whom it means; on the global blocklist too, if messages of this channel have that id or account, or a superadmin asks. Blocked patterns made of their words stay: `GET` lists them beforehand, and they are removed one by one. Other channels are not touched. Of somebody unknown there is nothing to erase: that is no error. Role: admin.',
  })
  @ApiParam(SENDER_ID)
  @ApiNoContentResponse({ description: 'Nothing of what this id means is left, if it means somebody.' })
  @Refuses(401, 403, 404, { 400: 'The id is blank, or `means` is none of these.' })
  async erase(
    @CurrentVisit() visit: Visit,
    @Param('senderId') senderId: string,
    @Query() { means }: ErasureQueryDto,
  ): Promise<void> {
    await this.erasure.erase(visit, senderId, means);
  }
}
