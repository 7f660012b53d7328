import {
  BadRequestException,
  CanActivate,
  ExecutionContext,
  ForbiddenException,
  Injectable,
  NotFoundException,
} from '@nestjs/common';
import type { Request } from 'express';
import type { ChannelRole, Principal } from '../auth/access';
import { denial } from '../auth/access.guard';
import type { LockedChannel } from '../database/channel-writer';
import { Database } from '../database/database';
import { ChannelMember, type Role } from '../entities/channel-member.entity';

/**
 * Granting, changing and removing the role admin is for superadmins; so an admin can touch neither other admins nor
 * themselves.
 * @throws ForbiddenException
 */
export function refuseUnlessMayChange(actor: ChannelRole, now: Role | undefined, wanted: unknown): void {
  if (actor === 'superadmin') return;
  if (wanted === 'admin') throw new ForbiddenException('Only superadmins can make somebody an admin.');
  if (now === 'admin') throw new ForbiddenException('Only superadmins can change or remove an admin.');
}

/**
 * The role of who asks, as of now: it may have been taken away while they waited for the channel's lock, and what they
 * give themselves or others would outlast it.
 * @throws ForbiddenException when they are no admin any more
 */
export async function adminUnderLock({ tx, id: channelId }: LockedChannel, user: Principal): Promise<ChannelRole> {
  if (user.superadmin) return 'superadmin';
  const { centralauthId } = user;
  const isAdmin =
    centralauthId !== null && (await tx.existsBy(ChannelMember, { channelId, centralauthId, role: 'admin' }));
  if (!isAdmin) throw new ForbiddenException(denial('admin'));
  return 'admin';
}

/** The id as a Wikimedia account has it: a positive safe integer, in its only spelling. */
export function isAccountId(text: string): boolean {
  return /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text));
}

/** Asks before the body is validated, for a missing right goes before bad input. The service asks again under the lock. */
@Injectable()
export class MemberRoleGuard implements CanActivate {
  constructor(private readonly database: Database) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const { method, params, channel, role } = request;
    if (!channel || !role) throw new Error('this route names no channel');
    const centralauthId = String(params.centralauthId);
    const isId = isAccountId(centralauthId);
    const member = isId
      ? await this.database.reader.findOneBy(ChannelMember, { channelId: channel.id, centralauthId })
      : null;
    refuseUnlessMayChange(
      role,
      member?.role,
      method === 'PUT' ? (request.body as { role?: unknown } | undefined)?.role : undefined,
    );
    if (isId) return true;
    if (method === 'PUT')
      throw new BadRequestException(['centralauthId must be the id of a Wikimedia account: a positive whole number']);
    throw new NotFoundException('There is no such member.');
  }
}
