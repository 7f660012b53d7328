import { Inject, Injectable } from '@nestjs/common';
import { EntityManager, In } from 'typeorm';
import { Database } from '../database/database';
import { insertNewKeys } from '../database/statements';
import { ApiToken } from '../entities/api-token.entity';
import { ChannelMember } from '../entities/channel-member.entity';
import { Superadmin } from '../entities/superadmin.entity';
import { User } from '../entities/user.entity';
import { normaliseUsername, SETTINGS, type Settings } from '../settings';
import type { Principal } from './access';

/** A Wikimedia account as the identity provider tells of it. */
export interface Account {
  /** Canonical digits. */
  centralauthId: string;
  username: string;
}

@Injectable()
export class Accounts {
  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Keeps who has signed in, under the name of today, which their teams and tokens show from now on too. */
  async record({ centralauthId, username }: Account): Promise<void> {
    await this.database.write(async (tx) => {
      await tx.upsert(User, { centralauthId, username, signedInAt: Date.now() }, ['centralauthId']);
      await tx.update(ChannelMember, { centralauthId }, { username });
      await tx.update(ApiToken, { createdById: centralauthId }, { createdBy: username });
      await this.bindSuperadmin(tx, { centralauthId, username });
    });
  }

  /** A listed name belongs to the first account that signs in with it, so that nobody inherits it by being renamed. */
  private async bindSuperadmin(tx: EntityManager, { centralauthId, username }: Account): Promise<void> {
    const name = normaliseUsername(username);
    if (!this.settings.superadmins.includes(name)) return;
    await insertNewKeys(tx, 'superadmins', ['username', 'centralauth_id'], [[name, centralauthId]]);
  }

  /** Null when the account has never signed in here. */
  async principalOf(centralauthId: string): Promise<Principal | null> {
    return (await this.principalsAmong([centralauthId])).get(centralauthId) ?? null;
  }

  /** By id, those of the accounts that have ever signed in here. */
  async principalsAmong(centralauthIds: string[]): Promise<Map<string, Principal>> {
    const { reader } = this.database;
    const { superadmins } = this.settings;
    const [users, bound] = await Promise.all([
      reader.findBy(User, { centralauthId: In(centralauthIds) }),
      superadmins.length > 0 ? reader.findBy(Superadmin, { centralauthId: In(centralauthIds) }) : [],
    ]);
    const superadminIds = new Set(
      bound.filter(({ username }) => superadmins.includes(username)).map(({ centralauthId }) => centralauthId),
    );
    return new Map(
      users.map(({ centralauthId, username }) => [
        centralauthId,
        { kind: 'user', centralauthId, username, superadmin: superadminIds.has(centralauthId) },
      ]),
    );
  }
}
