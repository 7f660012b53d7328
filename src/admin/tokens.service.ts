import { ConflictException, Injectable } from '@nestjs/common';
import type { Principal } from '../auth/access';
import { ApiTokens, newToken, tokenDigest } from '../auth/api-tokens';
import { ChannelWriter } from '../database/channel-writer';
import { Database } from '../database/database';
import { ApiToken } from '../entities/api-token.entity';
import { normalise } from '../moderation/similarity';
import { isoOrNull } from './channel-views';
import { adminUnderLock } from './member-rules';
import type { CreatedTokenDto, CreateTokenDto, TokenDto } from './token.dto';

/** A channel's API tokens: made, shown without their secret, revoked. */
@Injectable()
export class TokensService {
  constructor(
    private readonly database: Database,
    private readonly writer: ChannelWriter,
    private readonly apiTokens: ApiTokens,
  ) {}

  async list(channelId: string): Promise<TokenDto[]> {
    const tokens = await this.database.reader.find(ApiToken, { where: { channelId }, order: { id: 'DESC' } });
    const live = await this.apiTokens.liveAmong(tokens.map(({ id }) => id));
    return tokens.map((token) => toDto(token, live.has(token.id)));
  }

  /** @throws ConflictException when the log could not tell it from another of the channel's */
  async create(channelId: string, { name, scopes }: CreateTokenDto, user: Principal): Promise<CreatedTokenDto> {
    const token = newToken();
    return this.writer.write(channelId, async (locked) => {
      const { tx, now } = locked;
      await adminUnderLock(locked, user);
      const others = await tx.findBy(ApiToken, { channelId });
      if (others.some((other) => normalise(other.name) === normalise(name)))
        throw new ConflictException('Another token of this channel has this name, or one that looks like it.');
      const created = await tx.save(
        tx.create(ApiToken, {
          channelId,
          digest: tokenDigest(token),
          name: name.trim(),
          scopes,
          createdBy: user.username,
          createdById: user.centralauthId,
          createdAt: now,
          lastUsedAt: null,
        }),
      );
      return { ...toDto(created, true), token };
    });
  }

  /** Effective with the next request, and on open streams. */
  async revoke(channelId: string, id: number): Promise<void> {
    await this.writer.write(channelId, async (locked) => {
      await locked.tx.delete(ApiToken, { id, channelId });
      locked.touch();
    });
  }
}

function toDto({ id, name, scopes, createdBy, createdAt, lastUsedAt }: ApiToken, works: boolean): TokenDto {
  return {
    id: String(id),
    name,
    scopes,
    createdBy,
    works,
    createdAt: new Date(createdAt).toISOString(),
    lastUsedAt: isoOrNull(lastUsedAt),
  };
}
