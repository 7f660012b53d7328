import { Injectable } from '@nestjs/common';
import { newChannel, newState } from '../admin/channels.service';
import { ChannelWriter } from '../database/channel-writer';
import { ChannelState } from '../entities/channel-state.entity';
import { Channel } from '../entities/channel.entity';
import { ImportedRow } from '../entities/imported-row.entity';
import type { ImportRun, TakenChannel } from './import-run';
import { mapChannel, type OriginalChannel } from './rows/channel-row';

const TABLE = 'channels';
/** What the original calls senders without a name until somebody changes it. */
const FIRST_LABEL = 'Anonymous';

/** Makes the original's channels, each under its own id, secret and token. */
@Injectable()
export class ChannelImport {
  constructor(private readonly writer: ChannelWriter) {}

  /** @returns those that are the original's here now, from this import or an earlier one */
  async take({ original, report }: Pick<ImportRun, 'original' | 'report'>): Promise<Map<string, TakenChannel>> {
    const tally = report.begin(TABLE, original.has(TABLE));
    const taken = new Map<string, TakenChannel>();
    for await (const { place, cells } of original.rows(TABLE)) {
      const mapped = mapChannel(cells, Date.now());
      if (mapped.kind === 'refused') {
        tally.refuse(mapped.why, place);
        continue;
      }
      const { row } = mapped;
      const { isNew, counter, changes } = await this.findOrMake(row, mapped.changes);
      if (counter === null) {
        tally.refuse(`there is a channel '${row.id}' here already that does not come from this original`, place);
        continue;
      }
      taken.set(row.id, {
        labels: [row.settings.anonymousLabel ?? FIRST_LABEL, FIRST_LABEL],
        anonymousCounter: counter,
      });
      if (isNew) tally.taken += 1;
      else tally.present += 1;
      for (const change of changes) tally.change(change, place);
    }
    return taken;
  }

  /** @returns the counter and the changes with which it was first taken over; no counter when the id is somebody else's here */
  private async findOrMake(
    row: OriginalChannel,
    changes: string[],
  ): Promise<{ isNew: boolean; counter: number | null; changes: string[] }> {
    const mark = { channelId: row.id, sourceTable: TABLE, sourceKey: row.key };
    return this.writer.writeNew(async (tx) => {
      const known = await tx.findOneBy(ImportedRow, mark);
      if (await tx.existsBy(Channel, { id: row.id }))
        return { isNew: false, counter: known?.target ?? null, changes: known?.changes ?? [] };
      const { id, settings, anonymousCounter } = row;
      const channel = { ...newChannel(id, settings.name, settings.description), ...settings };
      // The versions begin where no deleted channel of the same id has ever been, and this one may be years old.
      const state = newState({ ...channel, createdAt: Date.now() });
      await tx.insert(Channel, channel);
      await tx.insert(ChannelState, { ...state, anonymousCounter });
      await tx.insert(ImportedRow, { ...mark, target: anonymousCounter, rank: null, changes });
      return { isNew: true, counter: anonymousCounter, changes };
    });
  }
}
