// Keeps what the moderator looks at where it is on the screen while cards come and go around it.

/** Where the sticky lines end and cards begin to be seen. */
export function topOfSight(stageBar) {
  return Math.max(0, stageBar.getBoundingClientRect().bottom);
}

export function isInSight(card, top) {
  const { top: cardTop, bottom } = card.getBoundingClientRect();
  return bottom > top + 24 && cardTop < innerHeight - 48;
}

/** The first of `cards` (in the order of the page) that reaches below `top`, by bisection. */
export function firstInSight(cards, top) {
  let [low, high] = [0, cards.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cards[middle].getBoundingClientRect().bottom > top) high = middle;
    else low = middle + 1;
  }
  return low;
}

export class Place {
  /** Where the element that must not move was meant to stand; browsers round what they scroll. */
  meant = Number.NaN;

  /**
   * Runs `change`, which answers the element that has to stand afterwards where `before` stood.
   * Answers by how many pixels it still moved (the page cannot scroll above its start).
   */
  keep(before, change) {
    const stood = before?.getBoundingClientRect().top;
    const after = change();
    if (stood === undefined || !after) return 0;
    // Half a pixel with every arrival would be a creep that one notices.
    if (!(Math.abs(stood - this.meant) < 1)) this.meant = stood;
    const moved = after.getBoundingClientRect().top - this.meant;
    if (Math.abs(moved) < 0.5) return 0;
    scrollBy({ top: moved, behavior: 'instant' });
    return Math.abs(after.getBoundingClientRect().top - this.meant);
  }
}
