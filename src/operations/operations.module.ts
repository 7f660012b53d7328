import { Module } from '@nestjs/common';
import { HealthController } from './health.controller';
import { LeasesModule } from './leases';
import { OldMinutes } from './old-minutes';
import { Retention } from './retention';

@Module({ imports: [LeasesModule], controllers: [HealthController], providers: [OldMinutes, Retention] })
export class OperationsModule {}
