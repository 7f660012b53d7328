// Keeps a list of channels current: the page asks for itself and takes over what changed, so that there is one template.
import { refreshAges } from './time.js';

const EVERY_MS = 5_000;

async function refresh() {
  if (document.visibilityState !== 'visible') return;
  const stale = document.querySelector('[data-stale]');
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' }, redirect: 'manual' });
    const text = answer.ok ? await answer.text() : '';
    const fresh = new DOMParser().parseFromString(text, 'text/html').querySelector('[data-refresh]');
    // Sent on to sign in, or welcomed as a stranger.
    const isSignedOut = answer.type === 'opaqueredirect' || (answer.ok && fresh === null);
    dispatchEvent(new CustomEvent(isSignedOut ? 'signed-out' : 'signed-in'));
    stale.hidden = answer.ok || isSignedOut;
    if (fresh) takeOver(document.querySelector('[data-refresh]'), fresh);
  } catch {
    // The list stays as it was until the server answers again.
    stale.hidden = false;
  }
}

/** Where somebody points at the list or has the focus in it, its rows stay where they are and only their figures change. */
function takeOver(list, fresh) {
  const isInUse = list.contains(document.activeElement) || list.matches(':hover');
  if (isInUse || sameRows(list, fresh)) {
    const figures = new Map(figuresOf(fresh));
    for (const [name, figure] of figuresOf(list)) if (figures.has(name)) figure.replaceWith(figures.get(name));
  } else {
    list.replaceWith(fresh);
  }
  refreshAges();
}

/** What changes by itself is marked, and holds nothing that could have the focus. */
const figuresOf = (list) =>
  [...list.querySelectorAll('[data-figure]')].map((figure) => [figure.dataset.figure, figure]);

function sameRows(list, fresh) {
  const names = (of) => figuresOf(of).map(([name]) => name);
  return names(list).join() === names(fresh).join();
}

setInterval(refresh, EVERY_MS);
