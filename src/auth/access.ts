import {
  createParamDecorator,
  ExecutionContext,
  SetMetadata,
  UseFilters,
  UseInterceptors,
  applyDecorators,
} from '@nestjs/common';
import { ApiCookieAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { Request } from 'express';
import type { TokenScope } from '../entities/api-token.entity';
import type { Role } from '../entities/channel-member.entity';
import type { Channel } from '../entities/channel.entity';
import { RefuseUnreadableBody } from '../json-body';
import { SignInFirstFilter } from './sign-in-first';

/** Somebody with a browser session. */
interface UserPrincipal {
  kind: 'user';
  /** Canonical digits of the Wikimedia account's id. */
  centralauthId: string;
  username: string;
  superadmin: boolean;
}

/** A program with an API token, which is for one channel. */
export interface TokenPrincipal {
  kind: 'token';
  tokenId: number;
  channelId: string;
  /** The widest that the token has. */
  scope: TokenScope;
  /** `token:` and its name: with a colon, it can be no Wikimedia account's. */
  username: string;
  centralauthId: null;
  superadmin: false;
}

/** Whoever makes a request. */
export type Principal = UserPrincipal | TokenPrincipal;

/** What somebody is in one channel; a superadmin is one in every channel. */
export type ChannelRole = 'superadmin' | Role;

/** What it takes to use a route. With `:channelId` in its path, 'signed-in' means any role in that channel. */
export type AccessLevel = 'signed-in' | 'moderator' | 'admin' | 'superadmin';

declare module 'express-serve-static-core' {
  interface Request {
    /** Null when signed out; undefined where sessions are not mounted. */
    principal?: Principal | null;
    /** Set by AccessGuard on routes with `:channelId`. */
    channel?: Channel;
    role?: ChannelRole;
  }
}

export interface AccessRule {
  level: AccessLevel | 'open';
  page: boolean;
  /** Whether an API token may come here, if its scope suffices. */
  tokens: boolean;
}

export const ACCESS_RULE = 'chatstream:access';
export const SUPERADMIN_FIELDS = 'chatstream:superadmin-fields';
/** The names of the OpenAPI security schemes. */
export const SESSION_SECURITY = 'session';
const TOKEN_SECURITY = 'token';
/** Where the OpenAPI document says who may use an operation. */
const ROLE_EXTENSION = 'x-role';
/** The least scope of a token for a level. */
const scopeFor: Record<AccessLevel, TokenScope> = {
  'signed-in': 'feed',
  moderator: 'moderate',
  admin: 'admin',
  superadmin: 'admin',
};

const rule = (given: AccessRule) => SetMetadata(ACCESS_RULE, given);

/** Everybody may; nothing is checked and nothing is looked up. */
export const Open = () =>
  applyDecorators(rule({ level: 'open', page: false, tokens: true }), ApiExtension(ROLE_EXTENSION, 'anybody'));

/**
 * A route of the API. See AccessGuard for what is checked, and in which order; a body that cannot be read is refused after
 * that. Here and not for every route, for an interceptor costs the webhook a tenth of what it can take.
 *
 * @param tokens false where no API token may come, whatever its scope: tokens, members, secrets
 */
export const Access = (level: AccessLevel, { tokens = level !== 'superadmin' } = {}) =>
  applyDecorators(
    rule({ level, page: false, tokens }),
    ApiExtension(ROLE_EXTENSION, level),
    ApiCookieAuth(SESSION_SECURITY),
    ...(tokens ? [ApiSecurity(TOKEN_SECURITY, [scopeFor[level]])] : []),
    UseInterceptors(RefuseUnreadableBody),
  );

/** A page: as Access, but whoever is signed out is sent to sign in and comes back afterwards. */
export const PageAccess = (level: AccessLevel) =>
  applyDecorators(rule({ level, page: true, tokens: false }), UseFilters(SignInFirstFilter));

/** Fields of the JSON body that only a superadmin may send: 403 for others, before the body is looked at any closer. */
export const SuperadminFields = (...fields: string[]) => SetMetadata(SUPERADMIN_FIELDS, fields);

/** The Principal; not on `@Open()` routes. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext) =>
  granted(context, 'principal'),
);

/** The Channel that `:channelId` names, as of the start of the request. */
export const CurrentChannel = createParamDecorator((_: unknown, context: ExecutionContext) =>
  granted(context, 'channel'),
);

/** The ChannelRole in that channel. */
export const CurrentRole = createParamDecorator((_: unknown, context: ExecutionContext) => granted(context, 'role'));

/** Who looks at which channel, as what: the three above in one, for pages need them all. */
export interface Visit {
  user: Principal;
  channel: Channel;
  role: ChannelRole;
}
export const CurrentVisit = createParamDecorator((_: unknown, context: ExecutionContext): Visit => ({
  user: granted(context, 'principal'),
  channel: granted(context, 'channel'),
  role: granted(context, 'role'),
}));

function granted<K extends 'principal' | 'channel' | 'role'>(
  context: ExecutionContext,
  key: K,
): NonNullable<Request[K]> {
  const value = context.switchToHttp().getRequest<Request>()[key];
  if (!value) throw new Error(`this route has no ${key}: it is open, or its path names no channel`);
  return value;
}
