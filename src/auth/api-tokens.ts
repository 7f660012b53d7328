import { Injectable, Logger, UnauthorizedException } from '@nestjs/common';
import type { Request } from 'express';
import { createHash, randomBytes } from 'node:crypto';
import { In, IsNull, LessThanOrEqual } from 'typeorm';
import { Database } from '../database/database';
import { ApiToken, TOKEN_SCOPES } from '../entities/api-token.entity';
import { ChannelMember } from '../entities/channel-member.entity';
import type { TokenPrincipal } from './access';
import { Accounts } from './accounts';

/** What makes a token known for one, to people and to scanners of leaked secrets. */
const PREFIX = 'cst_';
const TOKEN = /^cst_[\w-]{43}$/;
/** Milliseconds: a display that polls each second shall not write each second. */
const USE_NOTED_EVERY = 60_000;

export const newToken = () => `${PREFIX}${randomBytes(32).toString('base64url')}`;

export const tokenDigest = (token: string) => createHash('sha256').update(token).digest('base64url');

/** What a request says it may do by a token; null when it names none. Another scheme is a proxy's affair. */
export function bearerOf({ headers: { authorization } }: Pick<Request, 'headers'>): string | null {
  const named = /^Bearer(?:[ \t]+(.*))?$/i.exec(authorization ?? '');
  return named && (named[1] ?? '');
}

/** Finds out for whom a token speaks. Nothing is remembered, so one that is revoked is dead at once. */
@Injectable()
export class ApiTokens {
  private readonly logger = new Logger(ApiTokens.name);
  private readonly beingNoted = new Set<number>();

  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
  ) {}

  /**
   * @param token as it was sent
   * @throws UnauthorizedException for what is none, or none any more
   */
  async principalOf(token: string): Promise<TokenPrincipal> {
    const digest = TOKEN.test(token) ? tokenDigest(token) : null;
    const known = digest === null ? [] : await this.database.reader.findBy(ApiToken, { digest });
    const [found] = await this.stillCovered(known);
    if (!found) throw new UnauthorizedException('This API token is not valid, or not any more.');
    this.noteUse(found);
    const { id, channelId, name, scopes } = found;
    const widest = TOKEN_SCOPES.findLast((scope) => scopes.includes(scope)) ?? 'feed';
    return {
      kind: 'token',
      tokenId: id,
      channelId,
      scope: widest,
      username: `token:${name}`,
      centralauthId: null,
      superadmin: false,
    };
  }

  /** Those that have not been revoked, and whose makers have kept their right. */
  async liveAmong(ids: readonly number[]): Promise<Set<number>> {
    if (ids.length === 0) return new Set();
    const found = await this.database.reader.findBy(ApiToken, { id: In([...ids]) });
    return new Set((await this.stillCovered(found)).map(({ id }) => id));
  }

  /** A token may do nothing that its maker may not: those whose makers are superadmins, or admins of the channel. */
  private async stillCovered(tokens: ApiToken[]): Promise<ApiToken[]> {
    const makers = tokens.flatMap(({ createdById }) => createdById ?? []);
    if (makers.length === 0) return [];
    const [accounts, admins] = await Promise.all([
      this.accounts.principalsAmong(makers),
      this.database.reader.findBy(ChannelMember, { centralauthId: In(makers), role: 'admin' }),
    ]);
    return tokens.filter(
      ({ channelId, createdById }) =>
        createdById !== null &&
        (accounts.get(createdById)?.superadmin ||
          admins.some((admin) => admin.channelId === channelId && admin.centralauthId === createdById)),
    );
  }

  /** Nobody waits for it. */
  private noteUse({ id, lastUsedAt }: ApiToken): void {
    const now = Date.now();
    const isDue = lastUsedAt === null || lastUsedAt <= now - USE_NOTED_EVERY;
    if (!isDue || this.beingNoted.has(id)) return;
    this.beingNoted.add(id);
    // Another process, or a request before this one, may have noted it since the row was read.
    const due = [IsNull(), LessThanOrEqual(now - USE_NOTED_EVERY)].map((before) => ({ id, lastUsedAt: before }));
    this.database
      .write((tx) => tx.update(ApiToken, due, { lastUsedAt: now }))
      .catch((error: Error) => this.logger.warn(`the use of a token was not noted: ${error.name}`))
      .finally(() => this.beingNoted.delete(id));
  }
}
