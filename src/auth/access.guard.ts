import {
  CanActivate,
  ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
  NotFoundException,
  Type,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { Database } from '../database/database';
import { Channel, CHANNEL_ID } from '../entities/channel.entity';
import { SETTINGS, type Settings } from '../settings';
import { ACCESS_RULE, type AccessLevel, type AccessRule, type Principal, SUPERADMIN_FIELDS } from './access';
import { channelParams } from './channel-params';
import { csrfProblem, isSafeMethod } from './csrf';
import { Roles, suffices } from './roles';
import { SignInFirst } from './sign-in-first';

/** What a route's decorators say, and the controller it is a route of. */
interface Declared {
  of: Type;
  rule: AccessRule | undefined;
  fields: string[];
}

/** The rule of a route that is not for everybody. */
type ClosedRule = AccessRule & { level: AccessLevel };

/**
 * Who may pass, for every route. The order of the checks is the contract's: 401 not signed in, 403 CSRF, 404 unknown
 * channel, 403 no such role there, 404 not in this channel; whatever is wrong with the input comes after all of these.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly known = new WeakMap<object, Declared>();

  constructor(
    private readonly reflector: Reflector,
    private readonly database: Database,
    private readonly roles: Roles,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    const { rule, fields } = this.declared(context);
    // A route whose author forgot to say who may use it is for nobody.
    if (!rule) throw new ForbiddenException('Nobody may use this.');
    if (rule.level === 'open') return true;
    return this.check(context.switchToHttp().getRequest<Request>(), { ...rule, level: rule.level }, fields);
  }

  /** Remembered, for reading it off the decorators is a good part of what an open route costs, and the webhook is one. */
  private declared(context: ExecutionContext): Declared {
    const handler = context.getHandler();
    const of = context.getClass();
    const known = this.known.get(handler);
    if (known?.of === of) return known;
    const read = <T>(key: string) => this.reflector.getAllAndOverride<T | undefined>(key, [handler, of]);
    const declared = { of, rule: read<AccessRule>(ACCESS_RULE), fields: read<string[]>(SUPERADMIN_FIELDS) ?? [] };
    this.known.set(handler, declared);
    return declared;
  }

  private async check(
    request: Request,
    { level, page, tokens }: ClosedRule,
    superadminFields: string[],
  ): Promise<true> {
    const { principal } = request;
    if (!principal) throw page ? new SignInFirst() : new UnauthorizedException('Sign in first.');
    // A browser sends cookies on its own, but never a token: so nobody else's page can have sent that.
    const trusted = isSafeMethod(request.method) || principal.kind === 'token';
    const problem = trusted ? null : csrfProblem(request, this.settings.publicUrl);
    if (problem) throw new ForbiddenException(problem);

    const { channelId, ...others } = request.params;
    if (typeof channelId !== 'string') {
      if (level !== 'signed-in' && !principal.superadmin) throw new ForbiddenException(denial('superadmin'));
      checkKind(principal, tokens);
      return true;
    }
    await this.checkRole(request, principal, channelId, { level, tokens });
    checkFields(request, superadminFields);
    await this.checkParams(channelId, others);
    return true;
  }

  private async checkRole(
    request: Request,
    principal: Principal,
    channelId: string,
    { level, tokens }: Pick<ClosedRule, 'level' | 'tokens'>,
  ): Promise<void> {
    const [channel, role] = CHANNEL_ID.test(channelId)
      ? await Promise.all([
          this.database.reader.findOneBy(Channel, { id: channelId }),
          this.roles.roleIn(principal, channelId),
        ])
      : [null, null];
    if (!channel) throw new NotFoundException('There is no such channel.');
    checkKind(principal, tokens);
    if (!role || !suffices(role, level)) throw new ForbiddenException(denial(level));
    request.channel = channel;
    request.role = role;
  }

  /** What another parameter names must be in the channel; the contract's 404 for another channel's things. */
  private async checkParams(channelId: string, params: Record<string, string | string[] | undefined>): Promise<void> {
    for (const [name, text] of Object.entries(params)) {
      const param = channelParams[name];
      if (!param) continue;
      const id = typeof text === 'string' ? param.parse(text) : null;
      const found = id !== null && (await this.database.reader.existsBy(param.entity, { id, channelId }));
      if (!found) throw new NotFoundException('There is no such thing in this channel.');
    }
  }
}

function checkKind(principal: Principal, tokens: boolean): void {
  if (principal.kind === 'token' && !tokens) throw new ForbiddenException('No API token may do this. Sign in.');
}

function checkFields(request: Request, superadminFields: string[]): void {
  const body: unknown = request.body;
  if (request.role === 'superadmin' || typeof body !== 'object' || body === null) return;
  const theirs = superadminFields.filter((field) => Object.hasOwn(body, field));
  if (theirs.length > 0) throw new ForbiddenException(`Only a superadmin may set ${theirs.join(', ')}.`);
}

/** What somebody is told who has not the role for a level. */
export function denial(level: AccessLevel): string {
  if (level === 'superadmin') return 'Only a superadmin may do this.';
  return `Only ${level === 'admin' ? 'an admin' : 'a moderator'} of this channel may do this.`;
}
