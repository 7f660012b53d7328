/** Milliseconds that the first item of a batch waits at most while more keep coming. */
const MAX_WAIT = 10;
/** Turns of the event loop without a newcomer after which nobody else is taken to be on the way. */
const IDLE_TURNS = 3;
const MAX_ITEMS = 500;
/** Bytes of one batch; well below the largest statement that MariaDB takes. */
const MAX_BYTES = 2 * 1024 * 1024;

interface Waiting<Item, Result> {
  item: Item;
  bytes: number;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Writes items that arrive close together in one transaction and answers each after it is durable.
 *
 * A batch is cut after a few idle turns of the event loop rather than after a timer or at once: a sender with a new
 * connection for each request gets one accept per turn, so "at once" would mean batches of one, and a timer makes a
 * single sender wait for nobody. One batch is written at a time; what arrives meanwhile is the next one.
 */
export class GroupCommit<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  private bytes = 0;
  private gathering = false;
  private writing = false;

  /**
   * @param write all or nothing; answers in the order of the items
   * @param isHopeless whether trying the items one by one is pointless, as when the database is away
   */
  constructor(
    private readonly write: (items: Item[]) => Promise<Result[]>,
    private readonly isHopeless: (error: unknown) => boolean,
  ) {}

  /** What waits for the next batch. */
  get pending(): { items: number; bytes: number } {
    return { items: this.waiting.length, bytes: this.bytes };
  }

  /** @param bytes about what the item takes in the statements that write it */
  add(item: Item, bytes: number): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, bytes, resolve, reject });
      this.bytes += bytes;
      this.gather();
    });
  }

  private gather(): void {
    if (this.gathering || this.writing || this.waiting.length === 0) return;
    this.gathering = true;
    const deadline = performance.now() + MAX_WAIT;
    let seen = this.waiting.length;
    let idle = 0;
    const turn = () => {
      idle = this.waiting.length === seen ? idle + 1 : 0;
      seen = this.waiting.length;
      if (idle >= IDLE_TURNS || seen >= MAX_ITEMS || this.bytes >= MAX_BYTES || performance.now() >= deadline) {
        this.gathering = false;
        void this.flush();
      } else {
        setImmediate(turn);
      }
    };
    setImmediate(turn);
  }

  private async flush(): Promise<void> {
    const batch = this.cut();
    this.writing = true;
    try {
      const results = await this.write(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, i) => resolve(results[i]));
    } catch (error) {
      if (batch.length === 1 || this.isHopeless(error)) batch.forEach(({ reject }) => reject(error));
      else await this.oneByOne(batch);
    } finally {
      this.writing = false;
      this.gather();
    }
  }

  /** A bad item must fail alone. */
  private async oneByOne(batch: Waiting<Item, Result>[]): Promise<void> {
    for (const [i, { item, resolve, reject }] of batch.entries()) {
      try {
        const [result] = await this.write([item]);
        resolve(result);
      } catch (error) {
        reject(error);
        if (!this.isHopeless(error)) continue;
        for (const rest of batch.slice(i + 1)) rest.reject(error);
        return;
      }
    }
  }

  private cut(): Waiting<Item, Result>[] {
    let bytes = 0;
    let length = 0;
    while (
      length < this.waiting.length &&
      length < MAX_ITEMS &&
      (length === 0 || bytes + this.waiting[length].bytes <= MAX_BYTES)
    ) {
      bytes += this.waiting[length].bytes;
      length += 1;
    }
    this.bytes -= bytes;
    return this.waiting.splice(0, length);
  }
}
