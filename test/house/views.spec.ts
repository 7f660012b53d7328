import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../../views');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.hbs'));

/** What Handlebars does not protect, or what the content security policy would refuse. */
const faults: [string, RegExp][] = [
  ['writes unescaped', /\{\{\{|\{\{~?&/],
  ['has an unquoted attribute', /\s[\w:-]+=\{\{/],
  ['has an event handler', /\son\w+\s*=/i],
  ['has an inline style', /\sstyle\s*=|<style\b/i],
  ['has an inline script', /<script\b(?![^>]*\b(?:src="\/|type="application\/json"))/i],
  [
    'loads from elsewhere',
    /<(?:script|link|img|iframe|source|video|audio)\b[^>]*\b(?:src|srcset|href)="(?:https?:)?\/\//i,
  ],
  // An address that is nothing but a value must be one that the view's model builds itself: such are named …Url or href.
  [
    'has a link that a value could turn into a script',
    /[\s](?:href|src|action|formaction)="\{\{(?!\w*Url\}\}|href\}\}|this\}\})/,
  ],
];

const text = (file: string) => readFileSync(path.join(root, file), 'utf8').replace(/\{\{!--[\s\S]*?--\}\}/g, '');

describe('a view', () => {
  it.each(faults)('never %s', (_fault, pattern) => {
    expect(files.filter((file) => pattern.test(text(file)))).toEqual([]);
  });

  it.each([
    ['writes unescaped', '<p>{{{name}}}</p>'],
    ['writes unescaped', '<p>{{&name}}</p>'],
    ['has an unquoted attribute', '<p title={{name}}>'],
    ['has an event handler', '<p onclick="x()">'],
    ['has an inline style', '<p style="color: red">'],
    ['has an inline script', '<script>x</script>'],
    ['has an inline script', '<script type="module">x</script>'],
    ['loads from elsewhere', '<link rel="stylesheet" href="https://cdn.example/x.css">'],
    ['has a link that a value could turn into a script', '<a href="{{profile}}">'],
  ])('that %s is found: %s', (fault, example) => {
    expect(faults.find(([name]) => name === fault)?.[1].test(example)).toBe(true);
  });

  it('may have what is harmless', () => {
    const harmless =
      '<script type="module" src="/js/a.js"></script><a href="/channel/{{id}}/queue" title="{{name}}" data-action="{{x}}">{{name}}</a>';
    expect(faults.filter(([, pattern]) => pattern.test(harmless))).toEqual([]);
  });
});

it('there are views', () => expect(files.length).toBeGreaterThan(0));
