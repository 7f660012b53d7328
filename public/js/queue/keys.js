// The keyboard. Silent while somebody types, and for anything with Ctrl, Alt or the system key.

const ACTIONS = { 1: 'highlight', 2: 'approve', 3: 'reject', 4: 'reject-similar', 5: 'ban', 6: 'allow' };

/** `commands`: act(name), move(step), toEnd(which), undo(), filter(), search(), help(), expand(). Answers what ends it. */
export function listenToKeys(commands) {
  const listen = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isBusy(event.target)) return;
    const key = keyOf(event);
    const action = ACTIONS[key];
    const command = action ? () => commands.act(action) : commandOf(key, event.target, commands);
    if (!command) return;
    event.preventDefault();
    // A key held down moves on and on, but decides once.
    if (event.repeat && !MAY_REPEAT.has(key)) return;
    command();
  };
  document.addEventListener('keydown', listen);
  return () => document.removeEventListener('keydown', listen);
}

const MAY_REPEAT = new Set(['j', 'k', 'ArrowDown', 'ArrowUp']);

/**
 * What the key says or, where that means nothing here, where it stands: on a French keyboard the digits need Shift, on an
 * Arabic one they are others, on a Cyrillic one there is no j.
 */
function keyOf({ key, code, shiftKey }) {
  const said = key.toLowerCase();
  if (ACTIONS[said] || /^[a-z/?]$/.test(said) || key.length > 1) return key.length > 1 ? key : said;
  const stands = /^(?:Digit|Numpad|Key)(.)$/.exec(code)?.[1].toLowerCase();
  return !shiftKey && stands ? stands : said;
}

function commandOf(key, target, commands) {
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return () => commands.move(1);
    case 'k':
    case 'ArrowUp':
      return () => commands.move(-1);
    case 'Home':
      return () => commands.toEnd('newest');
    case 'End':
      return () => commands.toEnd('oldest');
    case 'z':
    case 'u':
      return () => commands.undo();
    case 'f':
      return () => commands.filter();
    case '/':
      return () => commands.search();
    case '?':
      return () => commands.help();
    case 'Enter':
      return isControl(target) ? undefined : () => commands.expand();
    default:
      return undefined;
  }
}

const isBusy = (target) => target.closest('input, textarea, select, [contenteditable], dialog, details[open]') !== null;
const isControl = (target) => target.closest('button, a, summary') !== null;
