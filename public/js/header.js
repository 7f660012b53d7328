// Closes the menus that <details> opens, draws the initials that are in the page from the start, keeps ages current, says
// when the session has ended.
import { drawAvatar } from './avatar.js';
import { keepAges } from './time.js';

const openMenus = () => document.querySelectorAll('details.menu[open]');

document.addEventListener('click', (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

for (const avatar of document.querySelectorAll('[data-avatar]')) {
  drawAvatar(avatar, avatar.dataset.avatar, avatar.dataset.avatar);
}

// On a phone the tabs scroll sideways.
document.querySelector('.tabs [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });

keepAges();

// The queue says it in its own way, for there nothing else can be done any more.
const signedOut = document.querySelector('[data-banner]') ? null : document.querySelector('[data-signed-out]');
if (signedOut) {
  signedOut.querySelector('a').href = `/login?returnTo=${encodeURIComponent(location.pathname)}`;
  addEventListener('signed-out', () => (signedOut.hidden = false));
  addEventListener('signed-in', () => (signedOut.hidden = true));
}
