import { Injectable, NotFoundException } from '@nestjs/common';
import type { Principal } from '../auth/access';
import { ChannelWriter, type LockedChannel } from '../database/channel-writer';
import { Database } from '../database/database';
import { ApiToken } from '../entities/api-token.entity';
import { ChannelMember } from '../entities/channel-member.entity';
import { adminUnderLock, refuseUnlessMayChange } from './member-rules';
import type { MemberDto, PutMemberDto } from './member.dto';

/** Who works in a channel. */
@Injectable()
export class MembersService {
  constructor(
    private readonly database: Database,
    private readonly writer: ChannelWriter,
  ) {}

  /** Ordered by username. */
  async list(channelId: string): Promise<MemberDto[]> {
    const members = await this.database.reader.findBy(ChannelMember, { channelId });
    return members.sort((a, b) => usernames.compare(a.username, b.username)).map(toDto);
  }

  /** Adds a member, or gives the one who is there this name and role. */
  async put(
    channelId: string,
    user: Principal,
    centralauthId: string,
    { username, role }: PutMemberDto,
  ): Promise<{ created: boolean; member: MemberDto }> {
    return this.writer.write(channelId, async (locked) => {
      const present = await locked.tx.findOneBy(ChannelMember, { channelId, centralauthId });
      refuseUnlessMayChange(await adminUnderLock(locked, user), present?.role, role);
      const member = { channelId, centralauthId, username, role, addedAt: present?.addedAt ?? locked.now };
      if (present?.role === 'admin' && role !== 'admin') await revokeTokensOf(locked, centralauthId);
      if (present) await locked.tx.update(ChannelMember, { channelId, centralauthId }, { username, role });
      else await locked.tx.insert(ChannelMember, member);
      locked.touch();
      return { created: !present, member: toDto(member) };
    });
  }

  /** @throws NotFoundException when there is no such member */
  async remove(channelId: string, user: Principal, centralauthId: string): Promise<void> {
    await this.writer.write(channelId, async (locked) => {
      const present = await locked.tx.findOneBy(ChannelMember, { channelId, centralauthId });
      refuseUnlessMayChange(await adminUnderLock(locked, user), present?.role, undefined);
      if (!present) throw new NotFoundException('There is no such member.');
      await locked.tx.delete(ChannelMember, { channelId, centralauthId });
      if (present.role === 'admin') await revokeTokensOf(locked, centralauthId);
      locked.touch();
    });
  }
}

/** What a former admin's tokens may do, they could do themselves otherwise. */
async function revokeTokensOf({ tx, id: channelId }: LockedChannel, createdById: string): Promise<void> {
  await tx.delete(ApiToken, { channelId, createdById });
}

const usernames = new Intl.Collator('en', { numeric: true });

function toDto({ centralauthId, username, role, addedAt }: ChannelMember): MemberDto {
  return { centralauthId, username, role, addedAt: new Date(addedAt).toISOString() };
}
