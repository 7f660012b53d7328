// What a moderator can do with a card, and undo. Optimistic: the card leaves at once and comes back if it did not count.
import { channelPath, post } from '../api.js';
import { isolated, msg, number } from '../i18n.js';
import { toast } from './toasts.js';

const MOST_UNDOS = 100;
/** These count whatever somebody else has said meanwhile, unless that was a reject. */
const ALWAYS_COUNT = new Set(['reject', 'reject-similar', 'ban']);

export class Actions extends EventTarget {
  /** `sync()` asks the server what changed: bulk decisions answer numbers, not messages. */
  constructor({ board, channel, sync }) {
    super();
    this.board = board;
    this.channel = channel;
    this.sync = sync;
    /** Newest last: { card, done: Promise<undo function | null> }. */
    this.history = [];
    this.decided = 0;
  }

  /** `name` as the buttons have it in data-action. */
  act(name) {
    const card = this.board.current;
    if (card === null || this.board.isGuarded || !this.isOpen(name, card)) return;
    const entry = { card };
    entry.done = this.perform(name, entry);
    this.history.push(entry);
    if (this.history.length > MOST_UNDOS) this.history.shift();
  }

  isOpen(name, card) {
    if (!this.board.isLeaving(card.id)) return true;
    return ALWAYS_COUNT.has(name) && card.status !== 'rejected';
  }

  /** Answers how to undo it, or null if nothing came of it. */
  async perform(name, entry) {
    const { card } = entry;
    this.board.hold(card.id);
    this.countDecision(1);
    let problem;
    try {
      return await ACTIONS[name].call(this, entry, name);
    } catch (error) {
      problem = msg('decision-failed', isolated(card.screenName), error.message);
      // Perhaps only the page is out of date, perhaps the right is gone: that a question tells.
      if (error.status === 403) this.sync();
      return null;
    } finally {
      this.board.release(card.id, problem && msg('card-not-saved'));
      if (problem) {
        this.countDecision(-1);
        toast(problem, { isProblem: true });
      }
    }
  }

  async decide(entry, decision) {
    const { card } = entry;
    // A reject names no revision: it counts in whatever revision the message is by now.
    const body = decision === 'reject' ? { decision } : { decision, revision: card.revision };
    const { outcome, message } = await this.post(`messages/${card.id}/decisions`, body);
    this.board.merge([message]);
    if (outcome === 'superseded') {
      toast(supersededText(message));
      return null;
    }
    this.offerUndo(entry, msg(`done-${decision}`, isolated(card.screenName)));
    return () => this.reconsider(message);
  }

  async rejectSimilar(entry) {
    const { rejected, operation } = await this.post(`messages/${entry.card.id}/reject-similar`);
    await this.sync();
    this.offerUndo(entry, msg('done-reject-similar', rejected, number(rejected)));
    return () => this.undoOperation(operation);
  }

  async ban(entry) {
    const { entry: block, affected, operation } = await this.post('blocked-senders', { messageId: entry.card.id });
    await this.sync();
    const key = block === null ? 'done-ban-nobody' : 'done-ban';
    this.offerUndo(entry, msg(key, isolated(entry.card.screenName), affected, number(affected)));
    return () => this.undoOperation(operation);
  }

  async allow(entry) {
    const { affected, operation } = await this.post('allowed-senders', { messageId: entry.card.id });
    await this.sync();
    this.offerUndo(entry, msg('done-allow', isolated(entry.card.screenName), affected, number(affected)));
    return () => this.undoOperation(operation);
  }

  offerUndo(entry, text) {
    toast(text, { undo: () => this.takeBack(entry) });
  }

  /** Takes back the last thing that can be taken back, also one whose answer is still on its way. */
  async undo() {
    for (let entry = this.history.at(-1); entry; entry = this.history.at(-1)) {
      if (await this.takeBack(entry)) return;
    }
    toast(msg('undo-nothing'));
  }

  /** False when nothing had come of it. */
  async takeBack(entry) {
    this.history = this.history.filter((other) => other !== entry);
    const undo = await entry.done;
    if (undo === null) return false;
    try {
      toast(await undo());
      this.countDecision(-1);
      if (this.board.focusOn(entry.card.id)) this.board.bringIntoSight('nearest');
    } catch (error) {
      // What is gone will not come back by trying again.
      if (error.status !== 404) this.history.push(entry);
      toast(msg('undo-failed', error.message), { isProblem: true });
    }
    return true;
  }

  /** From the state that this moderator saw back to the queue. */
  async reconsider({ id, revision, status, screenName }) {
    const body = { decision: 'reconsider', to: 'queued', revision, status };
    const { outcome, message } = await this.post(`messages/${id}/decisions`, body);
    this.board.merge([message]);
    return outcome === 'applied' ? msg('undone', isolated(screenName)) : supersededText(message);
  }

  async undoOperation(operation) {
    const { undone, superseded } = await this.post(`operations/${operation}/undo`);
    await this.sync();
    const text = msg('undone-operation', undone, number(undone));
    return superseded === 0 ? text : `${text} ${msg('undone-superseded', superseded, number(superseded))}`;
  }

  post(rest, body) {
    return post(channelPath(this.channel, rest), body);
  }

  countDecision(change) {
    this.decided = Math.max(0, this.decided + change);
    this.dispatchEvent(new Event('count'));
  }
}

const ACTIONS = {
  highlight: Actions.prototype.decide,
  approve: Actions.prototype.decide,
  reject: Actions.prototype.decide,
  'reject-similar': Actions.prototype.rejectSimilar,
  ban: Actions.prototype.ban,
  allow: Actions.prototype.allow,
};

function supersededText({ status, decidedBy, screenName }) {
  return decidedBy === null
    ? msg(`superseded-${status}`, isolated(screenName))
    : msg(`superseded-${status}-by`, isolated(screenName), isolated(decidedBy));
}
