// What screen readers are told. Counts change all the time, so they are told at most every ten seconds.

const EVERY_MS = 10_000;
const region = document.getElementById('announcer');

let waiting = null;
let timer = 0;
let lastAt = -Infinity;

export function announce(text) {
  region.textContent = text;
}

export function announceSparingly(text) {
  if (text === region.textContent) return;
  waiting = text;
  timer ||= setTimeout(tell, Math.max(0, lastAt + EVERY_MS - performance.now()));
}

function tell() {
  timer = 0;
  lastAt = performance.now();
  announce(waiting);
}
