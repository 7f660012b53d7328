import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { DisplayAccess } from './display-access';
import { FeedController } from './feed.controller';
import { FeedService } from './feed.service';
import { Renderings } from './renderings';

@Module({ imports: [AuthModule], controllers: [FeedController], providers: [DisplayAccess, FeedService, Renderings] })
export class FeedModule {}
