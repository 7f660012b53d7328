import { Module } from '@nestjs/common';
import { AdmissionService } from './admission.service';
import { ChannelRulesCache } from './channel-rules';
import { IntakeService } from './intake.service';
import { IntakeWriter } from './intake-writer';
import { Refusals } from './refusals';
import { WebhookController } from './webhook.controller';

@Module({
  controllers: [WebhookController],
  providers: [AdmissionService, ChannelRulesCache, IntakeService, IntakeWriter, Refusals],
})
export class WebhookModule {}
