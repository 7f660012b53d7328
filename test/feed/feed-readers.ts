import { spawnSync } from 'node:child_process';

/** What a feed says according to somebody else's parsers. */
export interface ReadFeed {
  /** feedparser's complaint; null when it has none. */
  bozo: string | null;
  /** How many entries feedparser finds. */
  entries: number;
  title: string;
  items: ReadItem[];
}

export interface ReadItem {
  id: string;
  title: string;
  /** As a person reads it: for RSS, after an HTML parser. */
  text: string;
  /** Tags that an HTML reader would find in the text. */
  tags: string[];
  date: string;
}

const PYTHON = '/usr/bin/python3';
const parsers = [
  { name: 'xmllint', works: runs('xmllint', ['--version']) },
  { name: 'feedparser', works: runs(PYTHON, ['-c', 'import feedparser']) },
];

/** Named in the suite's title where one is missing, for npm's feed parsers accept broken XML and are no replacement. */
export const missingParsers = parsers.filter(({ works }) => !works).map(({ name }) => name);

export const describeWithParsers: (title: string, suite: () => void) => void =
  missingParsers.length === 0
    ? describe
    : (title, suite) => describe.skip(`${title}: not installed (${missingParsers.join(', ')})`, suite);

/** @returns what xmllint has against it; empty when it is well-formed */
export function xmllint(document: string | Buffer): string {
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--huge', '-'], { input: document });
  return status === 0 ? '' : `${status}: ${stderr.toString()}`;
}

/** Reads several RSS or Atom documents with feedparser and, exactly, with Python's expat. */
export function readFeeds(documents: readonly (string | Buffer)[]): ReadFeed[] {
  const input = JSON.stringify(documents.map((document) => Buffer.from(document).toString('base64')));
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', READER], { input, maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(stderr.toString());
  return JSON.parse(stdout.toString()) as ReadFeed[];
}

function runs(command: string, args: string[]): boolean {
  return spawnSync(command, args).status === 0;
}

const READER = `
import base64, feedparser, html.parser, json, sys
import xml.etree.ElementTree as ET
A = '{http://www.w3.org/2005/Atom}'

class Html(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text, self.tags = '', []
    def handle_data(self, data): self.text += data
    def handle_starttag(self, tag, attrs): self.tags.append(tag)
    def handle_endtag(self, tag): self.tags.append(tag)
    def handle_comment(self, data): self.tags.append('!--')
    def handle_decl(self, decl): self.tags.append('!')
    def unknown_decl(self, data): self.tags.append('![')
    def handle_pi(self, data): self.tags.append('?')

def as_html(text):
    reader = Html(); reader.feed(text); reader.close()
    return reader.text, reader.tags

def item(node):
    if node.tag == 'item':
        text, tags = as_html(node.findtext('description'))
        return dict(id=node.findtext('guid'), title=node.findtext('title'), text=text, tags=tags, date=node.findtext('pubDate'))
    return dict(id=node.findtext(A + 'id'), title=node.findtext(A + 'title'), text=node.findtext(A + 'content'), tags=[], date=node.findtext(A + 'updated'))

def read(document):
    parsed = feedparser.parse(document)
    root = ET.fromstring(document)
    items = root.findall('channel/item') + root.findall(A + 'entry')
    title = root.findtext('channel/title') if root.tag == 'rss' else root.findtext(A + 'title')
    return dict(bozo=repr(parsed.bozo_exception) if parsed.bozo else None, entries=len(parsed.entries), title=title, items=[item(node) for node in items])

print(json.dumps([read(base64.b64decode(document)) for document in json.load(sys.stdin)]))
`;
