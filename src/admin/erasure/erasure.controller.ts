import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Access, CurrentVisit, type Visit } from '../../auth/access';
import { Refuses } from '../../problem.dto';
import { ErasureService } from './erasure.service';

@ApiTags('Life cycle')
@ApiParam({ name: 'channelId', example: 'main-hall' })
@Controller('api/v1/channels/:channelId/senders')
export class ErasureController {
  constructor(private readonly erasure: ErasureService) {}

  @Delete(':senderId')
  @Access('admin')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Erase a sender',
    description:
      'Removes the messages of whoever wrote under this id, or from a Wikimedia account that did, and empties what the log says of them. An allowance ends. A block stays effective, but no longer says whom it means. On the global blocklist the sender is hidden only if a superadmin asks. Of somebody unknown there is nothing to erase: that is no error. Role: admin.',
  })
  @ApiParam({
    name: 'senderId',
    description: "The sender's id; of one without, the number of the Wikimedia account.",
    example: 'b8f0c1de-4b1c-4a77-9f2e-2f0a3d1c5e6f',
  })
  @ApiNoContentResponse({ description: 'Nothing of them is left.' })
  @Refuses(401, 403, 404, { 400: 'The id is blank.' })
  async erase(@CurrentVisit() visit: Visit, @Param('senderId') senderId: string): Promise<void> {
    await this.erasure.erase(visit, senderId);
  }
}
