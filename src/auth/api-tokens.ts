import { Injectable, Logger } from '@nestjs/common';
import type { Request } from 'express';
import { createHash, randomBytes } from 'node:crypto';
import { Database } from '../database/database';
import { ApiToken, TOKEN_SCOPES } from '../entities/api-token.entity';
import type { TokenPrincipal } from './access';

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

/** Finds out for whom a token speaks. Nothing is remembered, so a token that is revoked is dead at once. */
@Injectable()
export class ApiTokens {
  private readonly logger = new Logger(ApiTokens.name);

  constructor(private readonly database: Database) {}

  /** @param token as it was sent; null for what is none, or none any more */
  async principalOf(token: string): Promise<TokenPrincipal | null> {
    if (!TOKEN.test(token)) return null;
    const found = await this.database.reader.findOneBy(ApiToken, { digest: tokenDigest(token) });
    if (!found) return null;
    this.noteUse(found);
    const { id, channelId, name, scopes } = found;
    const widest = [...TOKEN_SCOPES].reverse().find((scope) => scopes.includes(scope));
    if (!widest) return null;
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

  async isLive(id: number): Promise<boolean> {
    return this.database.reader.existsBy(ApiToken, { id });
  }

  /** Nobody waits for it. */
  private noteUse({ id, lastUsedAt }: ApiToken): void {
    const now = Date.now();
    if (lastUsedAt !== null && now - lastUsedAt < USE_NOTED_EVERY) return;
    this.database
      .write((tx) => tx.update(ApiToken, { id }, { lastUsedAt: now }))
      .catch((error: Error) => this.logger.warn(`the use of a token was not noted: ${error.name}`));
  }
}
