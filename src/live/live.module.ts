import { Global, Module } from '@nestjs/common';
import { ChangeHints } from './change-hints';

@Global()
@Module({ providers: [ChangeHints], exports: [ChangeHints] })
export class LiveModule {}
