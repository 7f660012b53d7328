import { type Answer, type Client, send, type Unchecked } from './http';
import { examplesOf, type OpenApi, type Operation, operationsOf, type Place } from './openapi';

/** What somebody has to prove who they are, by the names of the document's security schemes. */
export interface Credentials {
  /** A browser in which a person has signed in. */
  session?: Client;
  csrf?: string;
  token?: string;
  displayToken?: string;
}

export interface Call {
  /** By parameter name, wherever the document says that it goes. */
  parameters?: Record<string, string>;
  /** Bytes go as they are. */
  body?: unknown;
  as?: Credentials;
}

/** A program that knows of a server nothing but the document that it was handed: no path, no status, no header. */
export class DocumentedApi {
  private constructor(
    private readonly url: string,
    private readonly document: OpenApi,
  ) {}

  /** @param address of the document */
  static async read(address: string): Promise<DocumentedApi> {
    const document = (await send<OpenApi>(address)).body;
    const [server] = (document as OpenApi & { servers: { url: string }[] }).servers;
    return new DocumentedApi(new URL(server.url, address).href.replace(/\/$/, ''), document);
  }

  /** An example of what the operation takes. @param summary of the one among several */
  example(operationId: string, summary?: string): Unchecked {
    const { requestBody = {} } = this.place(operationId).operation;
    const named = Object.values(requestBody.content ?? {}).flatMap(({ examples = {} }) => Object.values(examples));
    const found = summary ? named.find((one) => one.summary === summary)?.value : examplesOf(requestBody)[0]?.value;
    if (found === undefined) throw new Error(`${operationId} has no such example`);
    return structuredClone(found);
  }

  parameter(operationId: string, name: string): { description?: string; example?: unknown } {
    const found = this.place(operationId).operation.parameters?.find((one) => one.name === name);
    if (!found) throw new Error(`${operationId} has no parameter ${name}`);
    return found;
  }

  /** @returns what the operation answers. @throws unless it succeeds with a status that is described */
  async succeeds(operationId: string, call?: Call): Promise<Answer> {
    const { place, answer } = await this.carryOut(operationId, call);
    if (answer.status >= 400 || !(answer.status in place.operation.responses))
      throw new Error(`${operationId} answered ${answer.status}: ${answer.text}`);
    return answer;
  }

  /** @param why part of what the document says of the status that is expected. @throws unless that is the answer */
  async answers(operationId: string, why: string, call?: Call): Promise<Answer> {
    const { place, answer } = await this.carryOut(operationId, call);
    const wanted = Object.entries(place.operation.responses).find(([, { description }]) => description?.includes(why));
    if (String(answer.status) !== wanted?.[0])
      throw new Error(`${operationId} answered ${answer.status}, not ${wanted?.[0]} “${why}”: ${answer.text}`);
    return answer;
  }

  private async carryOut(operationId: string, { parameters = {}, body, as = {} }: Call = {}) {
    const place = this.place(operationId);
    const { path, query, headers } = placed(place, parameters);
    for (const name of this.needed(place.operation, as)) this.prove(name, as, { query, headers });
    const address = `${this.url}${path}${query.size > 0 ? `?${query.toString()}` : ''}`;
    const answer = await send(address, { method: place.method.toUpperCase(), headers, body });
    return { place, answer };
  }

  private place(operationId: string): Place {
    const found = operationsOf(this.document).find(({ operation }) => operation.operationId === operationId);
    if (!found) throw new Error(`there is no operation ${operationId}`);
    return found;
  }

  /** The first way in of which we have all that it needs. */
  private needed({ operationId, security = [] }: Operation, have: Credentials): string[] {
    const ways = security.map((way) => Object.keys(way));
    if (ways.length === 0) return [];
    const way = ways.filter((names) => names.every((name) => name in have)).sort((a, b) => b.length - a.length)[0];
    if (!way) throw new Error(`${operationId} needs ${JSON.stringify(security)}`);
    return way;
  }

  private prove(name: string, as: Credentials, to: { query: URLSearchParams; headers: Record<string, string> }): void {
    const scheme = this.document.components.securitySchemes[name] as Record<'type' | 'in' | 'name' | 'scheme', string>;
    const value = as[name as keyof Credentials];
    if (scheme.type === 'http') to.headers.Authorization = `${scheme.scheme} ${value as string}`;
    else if (scheme.in === 'cookie')
      to.headers.Cookie = [...(value as Client).cookies].map((pair) => pair.join('=')).join('; ');
    else if (scheme.in === 'header') to.headers[scheme.name] = value as string;
    else to.query.append(scheme.name, value as string);
  }
}

function placed({ path, operation }: Place, given: Record<string, string>) {
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  let filled = path;
  for (const { name, in: where, required } of operation.parameters ?? []) {
    if (!(name in given)) {
      if (required) throw new Error(`${operation.operationId} needs ${name}`);
    } else if (where === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(given[name]));
    else if (where === 'query') query.append(name, given[name]);
    else headers[name] = given[name];
  }
  return { path: filled, query, headers };
}
