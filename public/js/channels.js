// Keeps the channel list current: the page asks for itself and takes over the list, so that there is one template.

const EVERY_MS = 10_000;

async function refresh() {
  if (document.visibilityState !== 'visible') return;
  const list = document.querySelector('[data-refresh]');
  if (list.contains(document.activeElement)) return;
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' }, redirect: 'error' });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('[data-refresh]');
    if (fresh) list.replaceWith(fresh);
  } catch {
    // The list stays as it was until the server answers again.
  }
}

setInterval(refresh, EVERY_MS);
