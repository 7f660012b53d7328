import { Module } from '@nestjs/common';
import { PagesService } from './pages.service';

/** What the pages of the queue and of the administration share: the header, the tabs. */
@Module({ providers: [PagesService], exports: [PagesService] })
export class PagesModule {}
