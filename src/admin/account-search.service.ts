import { Inject, Injectable, Logger } from '@nestjs/common';
import { createLRU } from 'lru.min';
import { In } from 'typeorm';
import { Database } from '../database/database';
import { ChannelMember } from '../entities/channel-member.entity';
import { normaliseUsername, SETTINGS, type Settings } from '../settings';
import type { FoundAccountsDto } from './account-search.dto';
import { type WikiAccount, WikiClient } from './wiki-client';

/** Milliseconds for which an answer of the wiki is used again. */
const KEPT_FOR = 60_000;
const MOST_KEPT = 500;
/** Questions under way at once: a wiki that hangs shall not be asked ever more. */
const MOST_AT_ONCE = 8;
/** In UTF-8; MediaWiki has no longer names, and calls a longer prefix an error. */
const LONGEST_NAME = 255;

interface Kept {
  until: number;
  answer: Promise<WikiAccount[]>;
}

/** Finds accounts by the beginning of their names, so that nobody has to know an account's id. */
@Injectable()
export class AccountSearchService {
  private readonly logger = new Logger(AccountSearchService.name);
  private readonly wiki: WikiClient;
  private readonly kept = createLRU<string, Kept>({ max: MOST_KEPT });
  private underWay = 0;
  private away = false;

  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) { mediawikiApiUrl, publicUrl }: Settings,
  ) {
    this.wiki = new WikiClient(mediawikiApiUrl, `ChatStream-Moderate (${publicUrl}; team)`);
  }

  async search(channelId: string, q: string): Promise<FoundAccountsDto> {
    const found = await this.found(normaliseUsername(q));
    if (!found) return { available: false, accounts: [] };
    const ids = found.map(({ centralauthId }) => centralauthId);
    const members =
      ids.length > 0 ? await this.database.reader.findBy(ChannelMember, { channelId, centralauthId: In(ids) }) : [];
    const roles = new Map(members.map(({ centralauthId, role }) => [centralauthId, role]));
    const accounts = found.map((account) => ({ ...account, role: roles.get(account.centralauthId) ?? null }));
    return { available: true, accounts };
  }

  /** @returns null when the wiki is away */
  private async found(prefix: string): Promise<WikiAccount[] | null> {
    if (prefix === '' || Buffer.byteLength(prefix) > LONGEST_NAME) return [];
    try {
      const accounts = await this.ask(prefix);
      this.away = false;
      return accounts;
    } catch (error) {
      if (!this.away) this.logger.warn(`accounts cannot be looked up: ${(error as Error).message}`);
      this.away = true;
      return null;
    }
  }

  /** Whoever asks the same meanwhile gets the same answer; one that failed is not kept. */
  private ask(prefix: string): Promise<WikiAccount[]> {
    const known = this.kept.get(prefix);
    if (known && known.until > Date.now()) return known.answer;
    if (this.underWay >= MOST_AT_ONCE) throw new Error('too many questions at once');
    this.underWay += 1;
    const answer = this.wiki.accountsLike(prefix).finally(() => (this.underWay -= 1));
    this.kept.set(prefix, { until: Date.now() + KEPT_FOR, answer });
    answer.catch(() => this.kept.delete(prefix));
    return answer;
  }
}
