import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '../../auth/access';
import { Refuses } from '../../problem.dto';
import { SimulationCommandDto, SimulationDto } from './simulation.dto';
import { SimulationService } from './simulation.service';

@ApiTags('Simulation')
@Controller('api/v1/simulation')
export class SimulationController {
  constructor(private readonly simulation: SimulationService) {}

  @Get()
  @Access('superadmin')
  @ApiOperation({ summary: 'Show whether the simulation is running', description: 'Role: superadmin.' })
  @ApiOkResponse({ type: SimulationDto })
  @Refuses(401, 403)
  async status(): Promise<SimulationDto> {
    return this.simulation.status();
  }

  @Post()
  @Access('superadmin')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Start or stop the simulation, or send one message or a raid',
    description:
      'Role: superadmin. Made-up messages go through the real webhook of the channel `simulation`, which is created when it is missing. It stops by itself after an hour, a raid after 30 seconds.',
  })
  @ApiOkResponse({ type: SimulationDto })
  @Refuses(400, 401, 403, 413, {
    409: 'The channel `simulation` is inactive or archived, or a raid is under way already.',
    503: 'The webhook did not take the injected message.',
  })
  async carryOut(@Body() command: SimulationCommandDto): Promise<SimulationDto> {
    return this.simulation.carryOut(command);
  }
}
