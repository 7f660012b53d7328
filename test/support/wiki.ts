import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Behaviour } from './behaviours';

export interface WikiUser {
  name: string;
  /** Of the global account; 0 for none. */
  id: number;
  attached?: boolean;
}

/** As far as lookups of accounts go, MediaWiki's API over real HTTP; a test may let either list misbehave. */
export class Wiki {
  users: WikiUser[] = [];
  allusers: Behaviour | null = null;
  byName: Behaviour | null = null;
  readonly seen: { list: string | null; params: URLSearchParams; userAgent: string | undefined }[] = [];
  private readonly server = createServer((request, response) => this.answer(request, response));

  static async start(users: WikiUser[] = []): Promise<Wiki> {
    const wiki = new Wiki();
    wiki.users = users;
    await new Promise<void>((resolve) => wiki.server.listen(0, '127.0.0.1', resolve));
    return wiki;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/w/api.php`;
  }

  get env(): Record<string, string> {
    return { MEDIAWIKI_API_URL: this.url };
  }

  behave(): void {
    this.allusers = this.byName = null;
    this.seen.length = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams: params } = new URL(request.url as string, this.url);
    const list = params.get('list');
    this.seen.push({ list, params, userAgent: request.headers['user-agent'] });
    const behaviour = list === 'allusers' ? this.allusers : this.byName;
    if (behaviour) return behaviour(request, response);
    const isFine = ['action=query', 'format=json', 'formatversion=2'].every((pair) => request.url?.includes(pair));
    if (pathname !== '/w/api.php' || !isFine) return void response.writeHead(404).end();
    const answered = list === 'allusers' ? this.listed(params) : list === 'users' ? this.named(params) : null;
    const body = answered ?? { error: { code: 'badvalue', info: 'Unrecognized value' } };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  private listed(params: URLSearchParams): object {
    const [first = '', ...rest] = (params.get('auprefix') ?? '').replaceAll('_', ' ');
    const prefix = first.toUpperCase() + rest.join('');
    const found = this.users.filter(({ name }) => name.startsWith(prefix)).sort((a, b) => (a.name < b.name ? -1 : 1));
    const allusers = found.slice(0, Number(params.get('aulimit'))).map(({ name }, i) => ({ userid: i + 1, name }));
    return { batchcomplete: true, query: { allusers } };
  }

  private named(params: URLSearchParams): object {
    if (params.get('usprop') !== 'centralids') return { query: { users: [] } };
    const users = (params.get('ususers') ?? '').split('|').map((name) => {
      const user = this.users.find((one) => one.name === name);
      if (!user) return { name, missing: true };
      const { id, attached = true } = user;
      return {
        userid: 1,
        name,
        centralids: { CentralAuth: id, local: 1 },
        attachedlocal: { CentralAuth: attached, local: true },
      };
    });
    return { batchcomplete: true, query: { users } };
  }
}
