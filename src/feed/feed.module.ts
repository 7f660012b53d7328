import { Module } from '@nestjs/common';
import { DisplayAccess } from './display-access';
import { FeedController } from './feed.controller';
import { FeedService } from './feed.service';
import { Renderings } from './renderings';

@Module({ controllers: [FeedController], providers: [DisplayAccess, FeedService, Renderings] })
export class FeedModule {}
