import { Injectable } from '@nestjs/common';
import { Database } from '../database/database';
import { SenderVeil } from '../database/sender-veil';
import { readCentralauthId } from '../moderation/ids';
import { ChannelImport } from './channel-import';
import type { ImportRun } from './import-run';
import { ListImport } from './list-import';
import { LogImport } from './log-import';
import { bindMarks, closeRun, openRun } from './marks';
import { MessageImport } from './message-import';
import type { Original } from './original/original';
import type { OriginalTable } from './original/tables';
import { Report } from './report';
import { accountName } from './rows/people-rows';

/** Where the original writes an account's name beside its id; the last one, the team itself, knows best. */
const NAMES: [OriginalTable, id: string, name: string][] = [
  ['moderation_log', 'moderator_centralauth_id', 'moderator_wiki_username'],
  ['global_blacklist', 'added_by_centralauth_id', 'added_by_wiki_username'],
  ['whitelist', 'added_by_centralauth_id', 'added_by_wiki_username'],
  ['blacklist', 'added_by_centralauth_id', 'added_by_wiki_username'],
  ['channel_members', 'centralauth_id', 'wiki_username'],
];

/**
 * Takes over a Python original. It can be repeated, and interrupted: each row is taken in one transaction with a mark
 * that it was, and what has the mark is never touched again.
 */
@Injectable()
export class Importer {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelImport,
    private readonly lists: ListImport,
    private readonly messages: MessageImport,
    private readonly log: LogImport,
    private readonly veil: SenderVeil,
  ) {}

  async import(original: Original): Promise<Report> {
    const veiled = (key: string) => this.veil.digest(key);
    await this.database.write((tx) => bindMarks(tx, veiled));
    const lastMessageBefore = await this.database.write((tx) => openRun(tx));
    const report = new Report();
    const run: ImportRun = {
      original,
      report,
      veiled,
      lastMessageBefore,
      names: await namesIn(original),
      channels: await this.channels.take({ original, report }),
    };
    await this.lists.takeMembers(run);
    // Lists before messages: what they mean is kept out from the first one on.
    await this.lists.takeBlocked(run);
    await this.lists.takeGloballyBlocked(run);
    await this.lists.takeAllowed(run);
    await this.lists.takePatterns(run);
    await this.messages.take(run);
    await this.log.take(run);
    await this.database.write((tx) => closeRun(tx));
    return report;
  }
}

async function namesIn(original: Original): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const [table, idColumn, nameColumn] of NAMES) {
    for await (const [id, name] of original.pairs(table, idColumn, nameColumn)) {
      const [centralauthId, username] = [readCentralauthId(id), accountName(name)];
      if (centralauthId !== null && username !== null) names.set(centralauthId, username);
    }
  }
  return names;
}
