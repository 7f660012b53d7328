import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { PagesService } from './pages.service';

/** What the pages of the queue and of the administration share: the header, the tabs. */
@Module({ imports: [AuthModule], providers: [PagesService], exports: [PagesService] })
export class PagesModule {}
