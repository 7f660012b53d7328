import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard';
import { Accounts } from './accounts';
import { ApiTokens } from './api-tokens';
import { Roles } from './roles';
import { SessionStore } from './session-store';
import { SessionController } from './session.controller';
import { Sessions } from './sessions';
import { SignInController } from './sign-in.controller';
import { WikimediaSignIn } from './wikimedia-sign-in';

/** Who somebody is and what they may do. The guard is there for every route of the application. */
@Module({
  controllers: [SessionController, SignInController],
  providers: [
    Accounts,
    ApiTokens,
    Roles,
    SessionStore,
    Sessions,
    WikimediaSignIn,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [ApiTokens, Roles],
})
export class AuthModule {}
