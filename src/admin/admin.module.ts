import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { LeasesModule } from '../operations/leases';
import { PagesModule } from '../pages/pages.module';
import { AccountSearchController } from './account-search.controller';
import { AccountSearchService } from './account-search.service';
import { ChannelController, ChannelsController } from './channels.controller';
import { ChannelDeletion } from './channel-deletion.service';
import { ChannelsService } from './channels.service';
import { ErasureController } from './erasure/erasure.controller';
import { ErasureService } from './erasure/erasure.service';
import { IntakeController } from './intake.controller';
import { IntakeCountsService } from './intake-counts.service';
import { MemberRoleGuard } from './member-rules';
import { MembersController } from './members.controller';
import { MembersService } from './members.service';
import { AdminPagesController, ChannelAdminPagesController } from './pages.controller';
import { Crowd } from './simulation/crowd';
import { LoopbackWebhook } from './simulation/loopback-webhook';
import { Playbacks } from './simulation/playbacks';
import { SimulationChannel } from './simulation/simulation-channel';
import { SimulationRunner } from './simulation/simulation-runner';
import { SimulationController } from './simulation/simulation.controller';
import { SimulationService } from './simulation/simulation.service';
import { TokensController } from './tokens.controller';
import { TokensService } from './tokens.service';
import { WebhookTrialController } from './webhook-trial.controller';
import { WebhookTrialService } from './webhook-trial.service';

/** What admins and superadmins do. */
@Module({
  imports: [AuthModule, LeasesModule, PagesModule],
  controllers: [
    AccountSearchController,
    AdminPagesController,
    ChannelAdminPagesController,
    ChannelsController,
    ChannelController,
    ErasureController,
    MembersController,
    IntakeController,
    SimulationController,
    TokensController,
    WebhookTrialController,
  ],
  providers: [
    AccountSearchService,
    ChannelDeletion,
    ChannelsService,
    ErasureService,
    // One for the whole process: two that began in the same millisecond would number their messages alike.
    { provide: Crowd, useFactory: () => new Crowd(Date.now()) },
    IntakeCountsService,
    LoopbackWebhook,
    MemberRoleGuard,
    MembersService,
    Playbacks,
    SimulationChannel,
    SimulationRunner,
    SimulationService,
    TokensService,
    WebhookTrialService,
  ],
})
export class AdminModule {}
