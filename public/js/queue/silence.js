// A calm word when nothing has arrived for longer than the channel's admins find normal. It stands in a
// line that is there anyway, and moves no card.
import { announce } from '../announce.js';
import { channelUrl, get } from '../api.js';
import { msg, number } from '../i18n.js';

const EVERY_MS = 15_000;

export function watchSilence(root, channel) {
  const notice = root.querySelector('[data-silence]');

  async function look() {
    if (document.visibilityState !== 'visible') return;
    try {
      show(await get(channelUrl(channel)));
    } catch {
      // Whether the server is away is told elsewhere.
    }
  }

  function show({ silentSince, silenceWarningMinutes: limit }) {
    const isNew = notice.hidden && silentSince !== null;
    notice.hidden = silentSince === null;
    if (silentSince === null) return;
    const text = msg('silence-queue', limit, number(limit));
    notice.querySelector('[data-silence-text]').textContent = text;
    notice.querySelector('[data-silence-advice]').textContent = msg('silence-queue-advice', limit, number(limit));
    if (isNew) announce(text);
  }

  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    /** Something has changed: perhaps a message has come. */
    heard: () => !notice.hidden && look(),
    stop: () => clearInterval(timer),
  };
}
