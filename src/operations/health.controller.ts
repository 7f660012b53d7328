import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { Open } from '../auth/access';
import { Database } from '../database/database';
import { ProblemDto } from '../problem.dto';

/** Milliseconds after which a silent database counts as away. */
const PATIENCE = 2_000;

class HealthDto {
  @ApiProperty({ enum: ['ok'], example: 'ok' })
  status!: 'ok';
}

@Open()
@ApiTags('Operations')
@Controller()
export class HealthController {
  constructor(private readonly database: Database) {}

  @Get('healthz')
  @ApiOperation({
    summary: 'Is the process alive?',
    description: 'Asks nothing and nobody: it answers as long as the process can.',
  })
  @ApiOkResponse({ type: HealthDto })
  alive(): HealthDto {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({ summary: 'Can it work?', description: 'Asks the database.' })
  @ApiOkResponse({ type: HealthDto })
  @ApiServiceUnavailableResponse({ description: 'The database does not answer.', type: ProblemDto })
  async ready(): Promise<HealthDto> {
    await this.database.ping(PATIENCE).catch(() => {
      throw new ServiceUnavailableException('The database does not answer.');
    });
    return { status: 'ok' };
  }
}
