import { ASKERS, type Row, ROWS } from './authorization-table';
import { examplesOf, type OpenApi, operationsOf, type Parameter, type Place, Validator } from './openapi';

/** What the document describes: everything but pages and itself. */
const DESCRIBED = /^\w+ \/(api|webhook|rss|atom|jsonfeed|stream|healthz|readyz)\b/;
const PROBLEM = '#/components/schemas/ProblemDto';

/** Everything that the document owes to whoever reads it, and does not pay. */
export function faultsOf(document: OpenApi): string[] {
  const validator = new Validator(document);
  const places = operationsOf(document);
  return [
    ...missingRoutes(places),
    ...keywordsOfOldDialect(document),
    ...repeated(places.map(({ operation }) => operation.operationId)).map((id) => `operationId ${id} twice`),
    ...places.flatMap((place) =>
      [
        ...wordsOf(place),
        ...accessOf(place),
        ...(place.operation.parameters ?? []).flatMap((parameter) => parameterFaults(parameter, validator)),
        ...bodyFaults(place, validator),
        ...refusalFaults(place, validator),
      ].map((fault) => `${routeOf(place)}: ${fault}`),
    ),
  ];
}

const routeOf = ({ method, path }: Place) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`;
const rowOf = (place: Place) => ROWS.find(({ route }) => route === routeOf(place));
const repeated = (all: string[]) => all.filter((one, i) => all.indexOf(one) !== i);

function missingRoutes(places: Place[]): string[] {
  const [routes, described] = [ROWS.map(({ route }) => route).filter((route) => DESCRIBED.test(route)), places];
  const known = new Set(described.map(routeOf));
  return [
    ...routes.filter((route) => !known.has(route)).map((route) => `${route}: not described`),
    ...[...known].filter((route) => !routes.includes(route)).map((route) => `${route}: there is no such route`),
  ];
}

/** What OpenAPI 3.1 no longer knows, wherever it stands. */
function keywordsOfOldDialect(node: unknown, path = ''): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => [
    ...(key === 'nullable' && typeof value === 'boolean' ? [`${path}: nullable`] : []),
    ...(/^exclusiveM/.test(key) && typeof value === 'boolean' ? [`${path}: ${key} is a number`] : []),
    ...keywordsOfOldDialect(value, `${path}/${key}`),
  ]);
}

function wordsOf({ operation: { summary, description, operationId, tags } }: Place): string[] {
  const words = { summary, description, operationId, tags: tags?.join() };
  return Object.entries(words)
    .filter(([, text]) => !text?.trim())
    .map(([name]) => `no ${name}`);
}

/** The role and the credentials are those of the table that the server is held to. */
function accessOf(place: Place): string[] {
  const row = rowOf(place);
  const { operation } = place;
  if (!row) return [];
  const [role, security] = [roleOf(row), securityOf(row)];
  const inWords = /Role: ([\w-]+)/.exec(operation.description ?? '')?.[1];
  return [
    ...(operation['x-role'] === role ? [] : [`x-role is ${operation['x-role']}, not ${role}`]),
    ...(inWords === role ? [] : [`the description says Role: ${inWords}, not ${role}`]),
    ...(JSON.stringify(operation.security) === JSON.stringify(security)
      ? []
      : [`security is ${JSON.stringify(operation.security)}, not ${JSON.stringify(security)}`]),
  ];
}

/** The least that somebody has to be for it to succeed. */
function roleOf({ statuses }: Row): string {
  if (statuses.nobody !== 401) return 'anybody';
  return ['moderator', 'admin'].find((role) => statuses.other < 400 || statuses[role as 'admin'] < 400) === undefined
    ? 'superadmin'
    : statuses.other < 400
      ? 'signed-in'
      : statuses.moderator < 400
        ? 'moderator'
        : 'admin';
}

function securityOf({ route, statuses }: Row): unknown {
  if (/^GET \/(rss|atom|jsonfeed|stream)\//.test(route)) return [{}, { displayToken: [] }, { token: ['feed'] }];
  if (route === 'GET /api/v1/session') return [{}, { session: [] }];
  if (statuses.nobody !== 401) return [];
  const scope = (['feed', 'moderate', 'all'] as const).find((asker) => statuses[asker] < 400);
  return [
    { session: [], ...(route.startsWith('GET ') ? {} : { csrf: [] }) },
    ...(scope ? [{ token: [scope === 'all' ? 'admin' : scope] }] : []),
  ];
}

function parameterFaults({ name, description, example, schema }: Parameter, validator: Validator): string[] {
  return [
    ...(description?.trim() ? [] : ['no description']),
    ...(example === undefined ? ['no example'] : validator.faults(schema, example)),
  ].map((fault) => `parameter ${name}: ${fault}`);
}

function bodyFaults({ operation: { requestBody, responses } }: Place, validator: Validator): string[] {
  const answers = Object.entries(responses).filter(([status]) => Number(status) < 400);
  const bodies = [...answers, ...(requestBody ? [['request', requestBody] as const] : [])];
  if (answers.length === 0) return ['no success'];
  return bodies.flatMap(([name, body]) => {
    const examples = examplesOf(body);
    const without = body.content && examples.length === 0 ? ['no example'] : [];
    const unfit = examples.flatMap(({ schema, value }) => (schema ? validator.faults(schema, value) : ['no schema']));
    return [...(body.description || name === 'request' ? [] : ['no description']), ...without, ...unfit].map(
      (fault) => `${name}: ${fault}`,
    );
  });
}

function refusalFaults(place: Place, validator: Validator): string[] {
  const { responses } = place.operation;
  const missing = expectedRefusals(place).filter((status) => !(status in responses));
  const faulty = Object.entries(responses)
    .filter(([status]) => Number(status) >= 400)
    .flatMap(([status, response]) => {
      const examples = examplesOf(response);
      const types = Object.keys(response.content ?? {}).join();
      return [
        ...(response.description ? [] : ['no description']),
        ...(types === 'application/json' ? [] : [`is ${types}`]),
        ...(examples.length > 0 ? [] : ['no example']),
        ...examples.flatMap(({ schema, value }) => [
          ...(schema?.$ref === PROBLEM ? validator.faults(schema, value) : ['is no problem']),
          ...((value as { statusCode: number }).statusCode === Number(status)
            ? []
            : ['the example has another status']),
        ]),
      ].map((fault) => `${status}: ${fault}`);
    });
  return [...missing.map((status) => `${status} is not described`), ...faulty];
}

/** What anybody may meet there, as the table and the path say. */
function expectedRefusals(place: Place): number[] {
  const row = rowOf(place);
  if (!row) return [];
  const { operation, method, path } = place;
  const isClosed = row.statuses.nobody === 401;
  const changes = method !== 'get';
  const refused = ASKERS.map((asker) => row.statuses[asker]).filter((status) => status >= 400);
  const hasInput = operation.requestBody ?? operation.parameters?.some((parameter) => parameter.in === 'query');
  return [
    ...new Set([
      ...refused,
      ...(isClosed && changes ? [403, 413] : []),
      ...(path.includes('{') ? [404] : []),
      ...(hasInput && isClosed ? [400] : []),
      ...(path === '/healthz' ? [] : [503]),
    ]),
  ];
}
