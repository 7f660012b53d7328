import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Database } from '../database/database';
import { ChannelMember } from '../entities/channel-member.entity';
import type { AccessLevel, ChannelRole, Principal } from './access';
import { Accounts } from './accounts';
import { SessionStore } from './session-store';

const ranks: Record<ChannelRole, number> = { moderator: 1, admin: 2, superadmin: 3 };

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
    private readonly sessions: SessionStore,
  ) {}

  async roleIn(principal: Principal, channelId: string): Promise<ChannelRole | null> {
    if (principal.superadmin) return 'superadmin';
    const { centralauthId } = principal;
    const member = await this.database.reader.findOneBy(ChannelMember, { channelId, centralauthId });
    return member?.role ?? null;
  }

  /**
   * For what outlives the look that was taken at its start, such as an event stream: the role that is left by now.
   * Null when the session has ended, by signing out or by its age, as well.
   */
  async roleStill(request: Request, channelId: string): Promise<ChannelRole | null> {
    if (!request.principal || !(await this.sessions.isLive(request.sessionID))) return null;
    const principal = await this.accounts.principalOf(request.principal.centralauthId);
    return principal && this.roleIn(principal, channelId);
  }
}
