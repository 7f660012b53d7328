/** What the contract says becomes of an event, written again without looking at src/: slow, plain and short. */

export interface ListEntry {
  senderId?: string;
  centralauthId?: string;
  screenName?: string;
}

export interface ModelSettings {
  emojiAutoApprove: boolean;
  globalBlocks: ListEntry[];
  blocks: ListEntry[];
  allows: ListEntry[];
  patterns: string[];
}

export interface ModelEvent {
  message_id: string | number | null;
  message: string;
  message_type: 'text' | 'emoji' | 'qa';
  screen_name: string;
  sender_id: string | number | null;
  centralauth_id: string | number | null;
  meta: { target_message_id?: string | number; reaction?: string; action?: string };
}

export interface ModelMessage {
  type: ModelEvent['message_type'];
  text: string;
  status: 'queued' | 'highlighted' | 'approved' | 'rejected';
  automatic: 'allowlist' | 'emoji' | null;
}

// Written as a string: the compiler's target is older than the flag.
const EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');

export class IntakeModel {
  /** In the order of their arrival. */
  readonly messages: ModelMessage[] = [];
  /** How many each reason has cost. */
  readonly dropped = { 'global-blocklist': 0, blocklist: 0, pattern: 0 };
  private readonly taken = new Set<string>();

  constructor(private readonly settings: ModelSettings) {}

  /** @param bytes stands for an event that carries no id. @returns what the webhook answers */
  receive(event: ModelEvent, bytes: string): string {
    const { message_type: type, meta } = event;
    const text = type === 'emoji' ? symbolOf(event) : event.message;
    if (type === 'emoji' && (meta.action === 'remove' || text === null)) return 'ignored';
    if (text === null) throw new Error('only a reaction may have no text');

    const key = JSON.stringify(identityOf(event, text, bytes));
    if (this.taken.has(key)) return 'duplicate';
    this.taken.add(key);

    const { globalBlocks, blocks, allows, patterns, emojiAutoApprove } = this.settings;
    const sender = senderOf(event);
    const reason = globalBlocks.some((entry) => isBlockedBy(entry, sender))
      ? 'global-blocklist'
      : blocks.some((entry) => isBlockedBy(entry, sender))
        ? 'blocklist'
        : type !== 'emoji' && patterns.some((pattern) => isSimilar(pattern, text))
          ? 'pattern'
          : null;
    if (reason) {
      this.dropped[reason] += 1;
      return 'dropped';
    }
    const symbolApproved = this.messages.some(
      (known) => known.type === 'emoji' && known.text === text && ['approved', 'highlighted'].includes(known.status),
    );
    const automatic = allows.some((entry) => isAllowedBy(entry, sender))
      ? 'allowlist'
      : type === 'emoji' && emojiAutoApprove && symbolApproved
        ? 'emoji'
        : null;
    const status = automatic ? 'approved' : 'queued';
    this.messages.push({ type, text, status, automatic });
    return status;
  }
}

function symbolOf({ meta, message }: ModelEvent): string | null {
  if (meta.reaction) return meta.reaction;
  return EMOJI.test(message) ? message : null;
}

function identityOf(event: ModelEvent, text: string, bytes: string): unknown[] {
  const { message_id: id, message_type: type, sender_id: sender, centralauth_id: account, meta } = event;
  const target = meta.target_message_id;
  if (type !== 'emoji') return id === null ? ['message without id', bytes] : ['message', String(id)];
  if (target === undefined) return id === null ? ['emoji without id', bytes] : ['emoji', String(id)];
  const who = sender !== null ? ['sender', String(sender)] : account !== null ? ['account', String(account)] : [bytes];
  return ['reaction', String(target), who, text];
}

function senderOf({ sender_id, centralauth_id, screen_name }: ModelEvent): ListEntry {
  return {
    senderId: sender_id === null ? undefined : String(sender_id),
    centralauthId: centralauth_id === null ? undefined : String(centralauth_id),
    screenName: normalised(screen_name) || undefined,
  };
}

/** A block matches when an id is equal; by name only when the entry or the message carries no id. */
export function isBlockedBy(entry: ListEntry, sender: ListEntry): boolean {
  if (entry.senderId !== undefined && entry.senderId === sender.senderId) return true;
  if (entry.centralauthId !== undefined && entry.centralauthId === sender.centralauthId) return true;
  if (entry.screenName === undefined || sender.screenName === undefined) return false;
  const withoutId = [entry, sender].some((one) => one.senderId === undefined && one.centralauthId === undefined);
  return withoutId && normalised(entry.screenName) === normalised(sender.screenName);
}

/** An allow matches when an id is equal and no shared id differs; never by name. */
function isAllowedBy(entry: ListEntry, sender: ListEntry): boolean {
  const pairs = [
    [entry.senderId, sender.senderId],
    [entry.centralauthId, sender.centralauthId],
  ].filter(([a, b]) => a !== undefined && b !== undefined);
  return pairs.length > 0 && pairs.every(([a, b]) => a === b);
}

function normalised(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** Equal below 4 characters, edit distance at most 1 from 4 to 7, at most 2 from 8; the shorter one's length decides. */
function isSimilar(a: string, b: string): boolean {
  const [short, long] = [[...normalised(a)], [...normalised(b)]].sort((x, y) => x.length - y.length);
  const allowed = short.length < 4 ? 0 : short.length < 8 ? 1 : 2;
  return distance(short, long) <= allowed;
}

function distance(a: string[], b: string[]): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i + j));
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = table[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      table[i][j] = Math.min(table[i - 1][j] + 1, table[i][j - 1] + 1, replaced);
    }
  }
  return table[a.length][b.length];
}
