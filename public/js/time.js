// Ages that stay true while the page is open: every <time data-age> shows how long ago its datetime was.

const locale = document.documentElement.lang || 'en';
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'narrow' });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
const REFRESH_MS = 5_000;

/** How far this computer's clock is behind the server's; ages are the server's. */
let lagMs = 0;

export function learnServerTime(date) {
  const serverMs = Date.parse(date);
  // The header has whole seconds: a smaller difference is not known.
  if (Number.isFinite(serverMs)) lagMs = Math.abs(serverMs - Date.now()) < 2_000 ? 0 : serverMs - Date.now();
}

export function ageText(iso) {
  const seconds = Math.max(0, Math.round((Date.now() + lagMs - Date.parse(iso)) / 1000));
  if (seconds < 5) return relative.format(0, 'second');
  if (seconds < 60) return relative.format(-seconds, 'second');
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3600), 'hour');
  return relative.format(-Math.floor(seconds / 86_400), 'day');
}

export const exactTime = (iso) => exact.format(new Date(iso));

export function showAge(time, iso) {
  time.dateTime = iso;
  time.dataset.age = '';
  time.title = exactTime(iso);
  time.textContent = ageText(iso);
}

export function refreshAges() {
  for (const time of document.querySelectorAll('time[data-age]')) {
    const text = ageText(time.dateTime);
    if (time.textContent !== text) time.textContent = text;
    if (!time.title) time.title = exactTime(time.dateTime);
  }
}

export function keepAges() {
  refreshAges();
  setInterval(refreshAges, REFRESH_MS);
}
