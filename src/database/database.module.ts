import { DynamicModule, Global, Module } from '@nestjs/common';
import { ChannelWriter } from './channel-writer';
import { Database } from './database';
import { SenderVeil } from './sender-veil';

@Global()
@Module({})
export class DatabaseModule {
  /** @param database open already, so that what is wrong with it is said at start in a sentence and not by the framework */
  static with(database: Database): DynamicModule {
    const opened = { provide: Database, useValue: database };
    return {
      module: DatabaseModule,
      providers: [opened, ChannelWriter, SenderVeil],
      exports: [Database, ChannelWriter, SenderVeil],
    };
  }
}
