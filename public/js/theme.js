// Runs before the first paint, so it is a classic script. The dark style sheets follow the system's preference through
// their media attribute; a choice made here overrides that and is kept in this browser.
(() => {
  const KEY = 'theme';
  const system = matchMedia('(prefers-color-scheme: dark)');

  function chosen() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  function choose(theme) {
    try {
      if (theme === null) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, theme);
    } catch {
      // Storage is blocked: the choice then lasts as long as the page.
    }
    apply(theme);
  }

  function apply(theme) {
    const media = theme === null ? '(prefers-color-scheme: dark)' : theme === 'dark' ? 'all' : 'not all';
    for (const link of document.querySelectorAll('link[data-mode="dark"]')) link.media = media;
  }

  function isDark() {
    const link = document.querySelector('link[data-mode="dark"]');
    return matchMedia(link.media).matches;
  }

  apply(chosen());
  addEventListener('storage', (event) => event.key === KEY && apply(event.newValue));
  document.addEventListener('click', (event) => {
    if (!event.target.closest('[data-theme-toggle]')) return;
    const next = isDark() ? 'light' : 'dark';
    choose(system.matches === (next === 'dark') ? null : next);
  });
})();
