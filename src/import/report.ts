import type { OriginalTable } from './original/tables';

/** Places that are named; of more only the number is told. */
const NAMED_PLACES = 20;

class Places {
  private readonly named: string[] = [];
  private count = 0;

  add(place: string): void {
    this.count += 1;
    if (this.named.length < NAMED_PLACES) this.named.push(place);
  }

  toString(): string {
    const more = this.count - this.named.length;
    return `${this.named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  }
}

/** What became of the rows of one table. */
export class Tally {
  taken = 0;
  present = 0;
  private refusals = 0;
  private readonly whyRefused = new Map<string, Places>();
  private readonly changes = new Map<string, Places>();

  constructor(private readonly isThere: boolean) {}

  refuse(why: string, place: string): void {
    this.refusals += 1;
    note(this.whyRefused, why, place);
  }

  change(what: string, place: string): void {
    note(this.changes, what, place);
  }

  lines(table: string): string[] {
    if (!this.isThere) return [`${table}: not there`];
    return [
      `${table}: ${this.taken} taken, ${this.present} already there, ${this.refusals} refused`,
      ...[...this.whyRefused].map(([why, places]) => `  refused: ${why} (${places.toString()})`),
      ...[...this.changes].map(([what, places]) => `  changed: ${what} (${places.toString()})`),
    ];
  }
}

function note(notes: Map<string, Places>, text: string, place: string): void {
  const places = notes.get(text) ?? new Places();
  places.add(place);
  notes.set(text, places);
}

/** What an import did, table by table. Holds no message, no name and no secret, so it can be kept and passed on. */
export class Report {
  private readonly tallies = new Map<OriginalTable, Tally>();

  /** @param isThere whether the original has such a table */
  begin(table: OriginalTable, isThere: boolean): Tally {
    const tally = new Tally(isThere);
    this.tallies.set(table, tally);
    return tally;
  }

  toString(): string {
    return [...this.tallies].flatMap(([table, tally]) => tally.lines(table)).join('\n');
  }
}
