import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');

function textsIn(folder: string, extension: string): string {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension))
    .map((file) => readFileSync(path.join(root, folder, file), 'utf8'))
    .join('\n');
}

const catalogue = (name: string) =>
  Object.keys(JSON.parse(readFileSync(path.join(root, 'public/i18n', `${name}.json`), 'utf8')) as object).filter(
    (key) => key !== '@metadata',
  );

const english = catalogue('en');
const views = textsIn('views', '.hbs');
const scripts = textsIn('public/js', '.js');
const server = `${readFileSync(path.join(root, 'src/views.ts'), 'utf8')}\n${textsIn('src', '.views.ts')}`;
const code = `${scripts}\n${server}`;

const firstGroups = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1]);
const literal = [
  ...firstGroups(views, /\bmsg "([^"]+)"/g),
  ...firstGroups(code, /\bmsg\((?:\w+, )?'([^']+)'/g),
  // A key that is chosen between two, or kept in a variable first.
  ...firstGroups(code, /'([a-z]+(?:-[a-z0-9]+)+)'/g).filter((key) => english.includes(key)),
];
/** Keys with a part filled in, as patterns. */
const composed = firstGroups(code, /\bmsg\((?:\w+, )?`([^`]*)`/g).map(
  (key) => new RegExp(`^${key.replace(/\$\{[^}]*\}/g, '[a-z0-9-]+')}$`),
);

describe('the message catalogue', () => {
  it('has every message that views and scripts name', () => {
    expect(literal.length).toBeGreaterThan(100);
    expect(literal.filter((key) => !english.includes(key))).toEqual([]);
    for (const pattern of composed) expect(english.filter((key) => pattern.test(key))).not.toEqual([]);
  });

  it('has no message that nobody names', () => {
    const isNamed = (key: string) => literal.includes(key) || composed.some((pattern) => pattern.test(key));
    expect(english.filter((key) => !isNamed(key))).toEqual([]);
  });

  it('explains every message to translators', () => {
    expect(catalogue('qqq')).toEqual(english);
  });
});
