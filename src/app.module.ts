import { DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { LoggerModule } from 'nestjs-pino';
import { AdminModule } from './admin/admin.module';
import { AuthModule } from './auth/auth.module';
import type { Database } from './database/database';
import { DatabaseModule } from './database/database.module';
import { FeedModule } from './feed/feed.module';
import { LiveModule } from './live/live.module';
import { logging } from './logging';
import { OperationsModule } from './operations/operations.module';
import { QueueModule } from './queue/queue.module';
import type { Settings } from './settings';
import { SettingsModule } from './settings.module';
import { WebhookModule } from './webhook/webhook.module';

/** The way of a message: webhook → queue → feed; everything else is around it. */
@Module({})
export class AppModule {
  static with(settings: Settings, database: Database): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SettingsModule.with(settings),
        LoggerModule.forRoot(logging(settings)),
        ScheduleModule.forRoot(),
        DatabaseModule.with(database),
        // Routes are tried in the order of the modules: first the two that are asked all day.
        WebhookModule,
        FeedModule,
        AuthModule,
        LiveModule,
        QueueModule,
        AdminModule,
        OperationsModule,
      ],
    };
  }
}
