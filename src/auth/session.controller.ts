import { Controller, Get, Req } from '@nestjs/common';
import { ApiCookieAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Refuses } from '../problem.dto';
import { Open, SESSION_SECURITY } from './access';
import { SessionDto } from './session.dto';

@ApiTags('Session')
@Controller('api/v1/session')
export class SessionController {
  @Get()
  @Open()
  @ApiCookieAuth(SESSION_SECURITY)
  @ApiSecurity({})
  @ApiOperation({
    summary: 'Who is signed in',
    description:
      'Role: anybody. Tells who the session cookie belongs to, and the CSRF token of that session. Signed out, both are null and no session is made.',
  })
  @ApiOkResponse({ type: SessionDto })
  @Refuses({ 401: 'The API token is not valid.' }, 503)
  show(@Req() { principal, session }: Request): SessionDto {
    if (principal?.kind !== 'user') return { user: null, csrfToken: null };
    const { username, centralauthId, superadmin } = principal;
    return { user: { username, centralauthId, superadmin }, csrfToken: session.csrfToken ?? null };
  }
}
