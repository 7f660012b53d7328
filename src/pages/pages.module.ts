import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { ChannelFiguresService } from './channel-figures.service';
import { PagesService } from './pages.service';

/** What the pages of the queue and of the administration share: the header, the tabs, what goes on in the channels. */
@Module({
  imports: [AuthModule],
  providers: [ChannelFiguresService, PagesService],
  exports: [ChannelFiguresService, PagesService],
})
export class PagesModule {}
