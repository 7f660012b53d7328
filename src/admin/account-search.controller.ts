import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Access, CurrentChannel } from '../auth/access';
import type { Channel } from '../entities/channel.entity';
import { Refuses } from '../problem.dto';
import { AccountQueryDto, FoundAccountsDto } from './account-search.dto';
import { AccountSearchService } from './account-search.service';

@ApiTags('Members')
@ApiParam({ name: 'channelId', example: 'main-hall' })
@Controller('api/v1/channels/:channelId/accounts')
export class AccountSearchController {
  constructor(private readonly accounts: AccountSearchService) {}

  @Get()
  @Access('admin', { tokens: false })
  @ApiOperation({
    summary: 'Look up Wikimedia accounts',
    description:
      'Role: admin. The server asks the wiki for accounts by the beginning of their names, with the ids by which members are added, and tells what each is in this channel. It answers 200 also when the wiki is away; see `available`. Answers of the wiki are used for a minute.',
  })
  @ApiOkResponse({ type: FoundAccountsDto })
  @Refuses(400, 401, 403, { 404: 'There is no such channel.' })
  search(@CurrentChannel() { id }: Channel, @Query() { q }: AccountQueryDto): Promise<FoundAccountsDto> {
    return this.accounts.search(id, q);
  }
}
