// Which part of the queue is on the page: lands at a place, loads it anew, grows it towards where the moderator goes.

/** Cards left before the window's end at which the neighbouring page is fetched. */
const NEAR_THE_END = 15;

export class Loader {
  /** `pages`: see pages.js; `onPage(page)` gets what came beside the cards, `onFailure(error)` why nothing came. */
  constructor({ board, tools, pages, onPage, onFailure }) {
    this.board = board;
    this.tools = tools;
    this.pages = pages;
    this.onPage = onPage;
    this.onFailure = onFailure;
    this.loads = 0;
    this.isExtending = false;
  }

  /** Where the focus slider says. */
  land() {
    return this.goTo(this.tools.percent);
  }

  goTo(percent) {
    return this.load(() => this.pages.loadAt(percent, this.tools.filter));
  }

  /** The window again, where it was: what changed meanwhile is too much to be told. */
  reload() {
    const { currentId, placeOfCurrent } = this.board;
    const place = Math.max(0, placeOfCurrent - 1);
    return this.load(async () => {
      const loaded = await this.pages.loadAround(place, this.tools.filter);
      // Newer ones may have gone or come: what the moderator looks at is a card, not a place.
      const index = loaded.window.cards.findIndex(({ id }) => id === currentId);
      return { ...loaded, index: index < 0 ? loaded.index : index, involuntary: true };
    });
  }

  async load(fetchWindow) {
    this.loads += 1;
    const mine = this.loads;
    try {
      const { window, index, page, involuntary } = await fetchWindow();
      // Another filter or place was chosen meanwhile.
      if (mine !== this.loads) return;
      this.onPage(page);
      this.board.show(window, index, { involuntary });
    } catch (error) {
      if (mine === this.loads) this.onFailure(error);
    }
  }

  extendWhereNeeded() {
    const { window, indexOfCurrent, firstSeen } = this.board;
    const left = window.cards.length - NEAR_THE_END;
    if (window.hasOlder && Math.max(indexOfCurrent, firstSeen) > left) this.extend('older');
    else if (window.hasNewer && Math.min(indexOfCurrent, firstSeen) < NEAR_THE_END) this.extend('newer');
  }

  async extend(direction) {
    if (this.isExtending) return;
    this.isExtending = true;
    const { window } = this.board;
    try {
      const touched = await this.pages.extend(window, this.tools.filter, direction);
      if (window !== this.board.window) return;
      if (touched) this.board.draw();
      else await this.reload();
    } catch {
      // The next scroll or decision asks again.
    } finally {
      this.isExtending = false;
    }
  }
}
