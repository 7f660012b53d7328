import { Module } from '@nestjs/common';
import { HealthController } from './health.controller';
import { LeasesModule } from './leases';
import { OldMinutes } from './old-minutes';

@Module({ imports: [LeasesModule], controllers: [HealthController], providers: [OldMinutes] })
export class OperationsModule {}
