/** JSON byte for byte as Eventyay's Python writes it: compact, keys sorted, everything but ASCII escaped. */
export function eventyayJson(value: unknown): string {
  return JSON.stringify(value, withSortedKeys).replace(/[\u007f-\uffff]/g, escapeUnit);
}

function withSortedKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
