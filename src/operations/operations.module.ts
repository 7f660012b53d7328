import { Global, Module } from '@nestjs/common';
import { HealthController } from './health.controller';
import { Leases } from './leases';

@Global()
@Module({ controllers: [HealthController], providers: [Leases], exports: [Leases] })
export class OperationsModule {}
