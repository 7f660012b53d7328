import {
  BadRequestException,
  Controller,
  ForbiddenException,
  Get,
  Inject,
  Logger,
  NotFoundException,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { normaliseUsername, SETTINGS, type Settings } from '../settings';
import { Open } from './access';
import { developmentId, isWellFormed } from './account-name';
import { type Account, Accounts } from './accounts';
import { csrfProblem } from './csrf';
import { safeReturnTo } from './return-to';
import { Sessions } from './sessions';
import { WikimediaSignIn } from './wikimedia-sign-in';

/** The pages through which people come and go. */
@ApiExcludeController()
@Open()
@Controller()
export class SignInController {
  private readonly logger = new Logger(SignInController.name);

  constructor(
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly wikimedia: WikimediaSignIn,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get('login')
  async login(@Req() request: Request, @Res() response: Response, @Query('returnTo') wish: unknown): Promise<void> {
    const returnTo = safeReturnTo(wish);
    if (request.principal) return response.redirect(returnTo);
    this.checkSecure(request);
    if (this.wikimedia.isConfigured) return response.redirect(await this.wikimedia.start(request, returnTo));
    const [suggestedUsername] = this.settings.superadmins;
    response.render('login', { devLogin: this.settings.devLogin, returnTo, suggestedUsername });
  }

  @Get('oauth-callback')
  async oauthCallback(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (!this.wikimedia.isConfigured) throw new NotFoundException('Sign-in through Wikimedia is not set up here.');
    try {
      const { account, returnTo } = await this.wikimedia.finish(request);
      await this.signIn(request, account);
      response.redirect(returnTo);
    } catch (error) {
      // Whoever was signed in before stays so, and so does what another tab has begun: the address of this page can be
      // put into any link.
      const other = this.sessions.awaitsAnother(request, request.query.state);
      if (!request.principal && !other) await this.sessions.end(request, response);
      throw error;
    }
  }

  @Get('dev-login')
  async devLogin(
    @Req() request: Request,
    @Res() response: Response,
    @Query('username') given: unknown,
    @Query('returnTo') wish: unknown,
  ): Promise<void> {
    if (!this.settings.devLogin) throw new NotFoundException('There is no development login here.');
    const username = typeof given === 'string' ? normaliseUsername(given) : '';
    if (!isWellFormed(username)) throw new BadRequestException('username: must have 1 to 255 characters');
    await this.signIn(request, { centralauthId: developmentId(username), username });
    response.redirect(safeReturnTo(wish));
  }

  @Post('logout')
  async logout(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (request.principal) {
      const problem = csrfProblem(request, this.settings.publicUrl);
      if (problem) throw new ForbiddenException(problem);
      await this.sessions.end(request, response);
    }
    response.redirect('/');
  }

  private async signIn(request: Request, account: Account): Promise<void> {
    await this.accounts.record(account);
    await this.sessions.begin(request, account.centralauthId);
  }

  /** A secure cookie is not given over HTTP, and signing in would fail later for no visible reason. */
  private checkSecure(request: Request): void {
    if (this.settings.env !== 'production' || request.secure) return;
    this.logger.warn(
      'a sign-in came over plain HTTP; behind a proxy, it must send X-Forwarded-Proto, and TRUST_PROXY be set',
    );
    throw new BadRequestException(
      `Signing in needs a secure connection. Open ${this.settings.publicUrl} and try again there.`,
    );
  }
}
