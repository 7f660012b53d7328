import { DynamicModule, Module } from '@nestjs/common';
import type { Database } from '../database/database';
import { DatabaseModule } from '../database/database.module';
import type { Settings } from '../settings';
import { SettingsModule } from '../settings.module';
import { ChannelImport } from './channel-import';
import { Importer } from './importer';
import { ListImport } from './list-import';
import { LogImport } from './log-import';
import { MessageImport } from './message-import';

/** A program of its own on the server's database; it stands above all features, and none knows of it. */
@Module({})
export class ImportModule {
  static with(settings: Settings, database: Database): DynamicModule {
    return {
      module: ImportModule,
      imports: [SettingsModule.with(settings), DatabaseModule.with(database)],
      providers: [ChannelImport, Importer, ListImport, LogImport, MessageImport],
    };
  }
}
