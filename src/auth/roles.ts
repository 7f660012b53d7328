import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Database } from '../database/database';
import type { TokenScope } from '../entities/api-token.entity';
import { ChannelMember, type Role } from '../entities/channel-member.entity';
import type { AccessLevel, ChannelRole, Principal } from './access';
import { Accounts } from './accounts';
import { ApiTokens } from './api-tokens';
import { SessionStore } from './session-store';

const ranks: Record<ChannelRole, number> = { moderator: 1, admin: 2, superadmin: 3 };
/** A token that reads feeds has no role: what it reads is no part of the API. */
const roleOfScope: Record<TokenScope, Role | null> = { feed: null, moderate: 'moderator', admin: 'admin' };

/** Whether a role, or none, is enough for a level. */
export function suffices(role: ChannelRole | null, level: AccessLevel): boolean {
  if (role === null) return false;
  return level === 'signed-in' || ranks[role] >= ranks[level];
}

/** Who may do what in a channel, as of now: nothing is remembered, so a right that is removed is gone at once. */
@Injectable()
export class Roles {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly tokens: ApiTokens,
    private readonly sessions: SessionStore,
  ) {}

  async roleIn(principal: Principal, channelId: string): Promise<ChannelRole | null> {
    if (principal.superadmin) return 'superadmin';
    return (await this.memberships(principal, channelId)).get(channelId) ?? null;
  }

  /** The roles that somebody has been given, by channel; a superadmin needs none. */
  async memberships(principal: Principal, channelId?: string): Promise<Map<string, Role>> {
    if (principal.kind === 'token') {
      const role = roleOfScope[principal.scope];
      return new Map(role ? [[principal.channelId, role]] : []);
    }
    const { centralauthId } = principal;
    const members = await this.database.reader.findBy(ChannelMember, {
      centralauthId,
      ...(channelId === undefined ? {} : { channelId }),
    });
    return new Map(members.map((member) => [member.channelId, member.role]));
  }

  /**
   * For what outlives the look that was taken at its start, such as an event stream: the role that is left by now.
   * Null when the session has ended, by signing out or by its age, or the token was revoked, as well.
   */
  async roleStill({ principal, sessionID }: Request, channelId: string): Promise<ChannelRole | null> {
    if (!principal) return null;
    if (principal.kind === 'token')
      return (await this.tokens.isLive(principal.tokenId)) ? this.roleIn(principal, channelId) : null;
    if (!(await this.sessions.isLive(sessionID))) return null;
    const now = await this.accounts.principalOf(principal.centralauthId);
    return now && this.roleIn(now, channelId);
  }
}
