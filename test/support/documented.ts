import { DOCUMENT, operationsOf, type Place, Validator } from './openapi';

/** One request and what was answered to it. */
export interface Exchange {
  method: string;
  url: string;
  /** What was sent as JSON; undefined for none, and for bytes and strings. */
  sent?: unknown;
  status: number;
  contentType?: string;
  /** The body: parsed when it is JSON, else the text. */
  body: unknown;
  text: string;
}

/** Answered for people, or what the document does not describe for other reasons. */
const UNDOCUMENTED = [
  /^\/(channel|admin)?\/?$/,
  /^\/(channel|admin|docs)\//,
  /^\/(login|logout|dev-login|oauth-callback|docs|openapi\.json|metrics)$/,
  /^\/(css|js|i18n|img|vendor)\//,
  // Routes that test/e2e/auth-access.spec.ts adds.
  /^\/api\/v1\/probe\//,
  // The identity provider of the tests.
  /^\/oauth2\//,
];

/** Bodies that the server takes although the schema, which says how they should be, does not: what can be salvaged is. */
const SALVAGES = 'Webhook_receive';

const validator = new Validator(DOCUMENT);
const places = operationsOf(DOCUMENT).map((place) => ({ ...place, pattern: patternOf(place.path) }));
const faults: string[] = [];

/** What was answered in this file and is not documented since the last call; the set-up of all suites asks after each test. */
export const takeFaults = () => faults.splice(0);

/** Remembers a fault where the answer is not what the document says; the test that asked then fails, whatever it expected. */
export function checkExchange(exchange: Exchange): void {
  const { pathname, searchParams } = new URL(exchange.url);
  if (UNDOCUMENTED.some((pattern) => pattern.test(pathname))) return;
  const method = exchange.method === 'HEAD' ? 'get' : exchange.method.toLowerCase();
  const place = places.find((one) => one.method === method && one.pattern.test(pathname));
  const found = place
    ? [...answerFaults(place, exchange), ...requestFaults(place, exchange, searchParams)]
    : refusedWithoutPlace(exchange);
  // The whole body could be long, and names of the route suffice to find it.
  faults.push(
    ...found.map((fault) => `${exchange.method} ${place?.path ?? pathname} answered ${exchange.status}: ${fault}`),
  );
}

/** Remembers a fault where an event of the moderators' stream is not what the document says. */
export function checkEvent(event: string, data: unknown): void {
  const stream = places.find(({ operation }) => operation['x-events'])?.operation['x-events'];
  const described = stream?.[event];
  const found = described ? validator.faults(described.schema, data) : ['is not described'];
  faults.push(...found.map((fault) => `event ${event}: ${fault}`));
}

function answerFaults({ operation }: Place, { method, status, contentType, body, text }: Exchange): string[] {
  const response = operation.responses[status];
  if (!response) return [`the status is not described: ${text.slice(0, 200)}`];
  if (!response.content || method === 'HEAD') return text === '' ? [] : ['a body is not described'];
  const type = contentType?.split(';')[0] ?? 'nothing';
  const media = response.content[type];
  if (!media) return [`${type} is not described`];
  return validator.faults(media.schema ?? {}, body);
}

/** What the server has taken must be what the document says it takes. */
function requestFaults({ operation }: Place, { sent, status }: Exchange, query: URLSearchParams): string[] {
  if (status >= 300 || operation.operationId === SALVAGES) return [];
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  const named = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
  const unnamed = [...query.keys()].filter((key) => !named.some(({ name }) => name === key));
  // A body that is no JSON, such as a file, is only known to be one.
  const otherwise = operation.requestBody ? [] : ['no body'];
  const inBody = sent === undefined || isEmpty(sent) ? [] : schema ? validator.faults(schema, sent) : otherwise;
  return [
    ...unnamed.map((key) => `it took a parameter that is not described: ${key}`),
    ...inBody.map((fault) => `it took a body that is not described: ${fault}`),
  ];
}

const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** An address that the document does not know, or not with this method, is not there. */
function refusedWithoutPlace({ status, body }: Exchange): string[] {
  const problem = validator.faults({ $ref: '#/components/schemas/ProblemDto' }, body);
  return [...([400, 401, 404].includes(status) ? [] : ['the route is not described']), ...problem];
}

/** As Express matches: in any case, with or without a slash at the end. */
function patternOf(path: string): RegExp {
  const parts = path.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]+')}/?$`, 'i');
}
