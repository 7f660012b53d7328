import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { In } from 'typeorm';
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
   * For what outlives the look that was taken at its start, such as event streams: those of the requests whose right to the
   * channel is left by now. It is gone as well when the session has ended, by signing out or by its age, or the token was
   * revoked.
   */
  async stillIn(
    channelId: string,
    requests: readonly Request[],
    level: 'moderator' | 'admin' = 'moderator',
  ): Promise<Set<Request>> {
    const people = requests.flatMap((request) => (request.principal?.kind === 'user' ? [request] : []));
    const programs = requests.flatMap(({ principal }) => (principal?.kind === 'token' ? [principal] : []));
    const [sessions, tokens, moderators] = await Promise.all([
      this.sessions.liveAmong(people.map(({ sessionID }) => sessionID)),
      this.tokens.liveAmong(programs.map(({ tokenId }) => tokenId)),
      this.peopleIn(channelId, [...new Set(people.flatMap(({ principal }) => principal?.centralauthId ?? []))], level),
    ]);
    const isStill = ({ principal, sessionID }: Request) =>
      principal?.kind === 'token'
        ? tokens.has(principal.tokenId) &&
          principal.channelId === channelId &&
          suffices(roleOfScope[principal.scope], level)
        : principal?.kind === 'user' && sessions.has(sessionID) && moderators.has(principal.centralauthId);
    return new Set(requests.filter(isStill));
  }

  /** Those of the accounts whose role in the channel is enough. */
  private async peopleIn(channelId: string, centralauthIds: string[], level: AccessLevel): Promise<Set<string>> {
    if (centralauthIds.length === 0) return new Set();
    const [known, members] = await Promise.all([
      this.accounts.principalsAmong(centralauthIds),
      this.database.reader.findBy(ChannelMember, { channelId, centralauthId: In(centralauthIds) }),
    ]);
    const able = members.filter(({ role }) => suffices(role, level));
    const memberIds = new Set(able.map(({ centralauthId }) => centralauthId));
    return new Set(
      centralauthIds.filter((id) => known.get(id)?.superadmin === true || (known.has(id) && memberIds.has(id))),
    );
  }
}
