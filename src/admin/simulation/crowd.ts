import { LINES, NAMES, QUESTIONS, SPAM, SYMBOLS } from './conversation';

/** The twelve keys of a chat event as Eventyay sends it. */
export interface ChatEvent {
  message_id: number;
  channel: string;
  timestamp: string;
  screen_name: string;
  sender_id: string;
  centralauth_id: number | null;
  centralauth_username: string | null;
  message: string;
  message_type: 'text' | 'emoji' | 'qa';
  profile_img: null;
  user_language: string | null;
  meta: object;
}

type Sender = Pick<
  ChatEvent,
  'screen_name' | 'sender_id' | 'centralauth_id' | 'centralauth_username' | 'user_language'
>;

const CHANNEL = '550e8400-e29b-41d4-a716-446655440000';
/** Far above the ids of real Wikimedia accounts: banning a simulated sender must hit nobody. */
const FIRST_ACCOUNT = 9_000_000_000;
const REMEMBERED_TEXTS = 40;
const LANGUAGES = Object.keys(LINES);

/** Each sender keeps id, name and language, so that a ban or an allow shows its effect; the last three spread spam. */
const SENDERS: readonly Sender[] = NAMES.map((name, i) => ({
  screen_name: name,
  sender_id: `00000000-0000-4000-8000-${String(i + 1).padStart(12, '0')}`,
  centralauth_id: i % 3 === 0 ? FIRST_ACCOUNT + i : null,
  centralauth_username: i % 3 === 0 && name.trim() !== '' ? `${name.trim()} (simulated)` : null,
  user_language: i % 5 === 0 ? null : (LANGUAGES[(i * 7) % LANGUAGES.length] ?? null),
}));
type Lines = Readonly<Record<string, readonly string[]>>;
const SPAMMERS = SENDERS.slice(-3);

/** A lively conference room: a source of chat events that look and behave like Eventyay's. */
export class Crowd {
  private readonly recentTexts: ChatEvent[] = [];
  private nextId: number;

  /**
   * @param now epoch ms; message ids go on from there, so that those of another process or an earlier run never recur
   * @param random 0 to less than 1
   */
  constructor(
    now: number,
    private readonly random: () => number = Math.random,
  ) {
    this.nextId = now * 1000 + Math.floor(random() * 1000);
  }

  /** Whatever comes next: mostly texts, reactions to earlier ones, some questions, some spam. */
  next(now: number): ChatEvent {
    const dice = this.random();
    if (dice < 0.25 && this.recentTexts.length > 0) return this.reaction();
    if (dice < 0.33) {
      const sender = this.speakerOf(QUESTIONS);
      return this.event(now, sender, this.line(QUESTIONS, sender), 'qa');
    }
    if (dice < 0.42) return this.text(now, this.spam(), this.pick(SPAMMERS));
    const sender = this.speakerOf(LINES);
    return this.text(now, this.line(LINES, sender), sender);
  }

  text(now: number, message: string, sender = this.pick(SENDERS)): ChatEvent {
    const event = this.event(now, sender, message, 'text');
    this.recentTexts.push(event);
    if (this.recentTexts.length > REMEMBERED_TEXTS) this.recentTexts.shift();
    return event;
  }

  /** A number that no message has had. */
  newId(): number {
    return this.nextId++;
  }

  /** Of somebody who is not of the crowd; nobody reacts to it. */
  stranger(now: number, senderId: string, screenName: string, message: string): ChatEvent {
    const sender = {
      screen_name: screenName,
      sender_id: senderId,
      centralauth_id: null,
      centralauth_username: null,
      user_language: null,
    };
    return this.event(now, sender, message, 'text');
  }

  /** As odd as Eventyay's: id, text and time are those of the message reacted to. */
  private reaction(): ChatEvent {
    const target = this.pick(this.recentTexts);
    const sender = this.pick(SENDERS);
    const symbol = this.pick(SYMBOLS);
    const meta = {
      target_message_id: target.message_id,
      reaction: symbol,
      action: this.random() < 0.05 ? 'remove' : 'add',
      reactions: { [symbol]: [sender.sender_id] },
    };
    return { ...target, ...sender, message_type: 'emoji', meta };
  }

  private event(now: number, sender: Sender, message: string, type: 'text' | 'qa'): ChatEvent {
    return {
      ...sender,
      message_id: this.newId(),
      channel: CHANNEL,
      timestamp: new Date(now).toISOString().replace('Z', '000+00:00'),
      message,
      message_type: type,
      profile_img: null,
      meta: {},
    };
  }

  private speakerOf(lines: Lines): Sender {
    return this.pick(SENDERS.filter(({ user_language }) => (user_language ?? 'en') in lines));
  }

  /** In the sender's own language; who has set none writes English. */
  private line(lines: Lines, { user_language }: Sender): string {
    return this.pick(lines[user_language ?? 'en'] ?? []);
  }

  private spam(): string {
    return this.random() < 0.5 ? this.pick(SPAM) : `${this.pick(SPAM)} ${Math.floor(this.random() * 10)}`;
  }

  private pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.random() * items.length)];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  }
}
