import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { PagesModule } from '../pages/pages.module';
import { DecisionsController } from './decisions.controller';
import { DecisionsService } from './decisions.service';
import { EventsController } from './events.controller';
import { EventsService } from './events.service';
import { ExportController } from './export.controller';
import { ExportService } from './export.service';
import { GlobalBlocklistController } from './global-blocklist.controller';
import { GlobalBlocklistService } from './global-blocklist.service';
import { LogController } from './log.controller';
import { LogService } from './log.service';
import { MessagesController } from './messages.controller';
import { MessagesService } from './messages.service';
import { PagesController } from './pages.controller';
import { PatternsController } from './patterns.controller';
import { PatternsService } from './patterns.service';
import { PresenceService } from './presence.service';
import { SendersController } from './senders.controller';
import { SendersService } from './senders.service';
import { StreamRights } from './stream-rights';

@Module({
  imports: [AuthModule, PagesModule],
  controllers: [
    DecisionsController,
    EventsController,
    ExportController,
    GlobalBlocklistController,
    LogController,
    MessagesController,
    PagesController,
    PatternsController,
    SendersController,
  ],
  providers: [
    DecisionsService,
    EventsService,
    ExportService,
    GlobalBlocklistService,
    LogService,
    MessagesService,
    PatternsService,
    PresenceService,
    SendersService,
    StreamRights,
  ],
})
export class QueueModule {}
