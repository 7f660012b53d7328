import { STATUS_CODES } from 'node:http';
import { MEANING } from '../problem.dto';
import { isObject, type Json, type JsonObject } from './json';
import type { DocumentedRole } from './roles';

/** An operation as far as its refusals depend on it. */
export interface Refusing {
  role: DocumentedRole;
  /** Lower case. */
  method: string;
  path: string;
}

/** What a refusal of the usual meaning says. */
const MESSAGES: Record<string, Json> = {
  400: ['limit must not be greater than 500'],
  401: 'Sign in first.',
  404: 'There is no such channel.',
  413: 'The body is larger than 256 kB.',
  503: 'The database does not answer.',
};

/**
 * Adds the refusals that the guard, the body parser and the absence of the database bring along, where the operation says
 * nothing of its own of them, and shows every refusal as what it is: a problem in JSON, whatever an answer otherwise is.
 */
export function describeRefusals(responses: JsonObject, operation: Refusing): JsonObject {
  const usual = usualRefusals(operation).map((status) => [status, { description: MEANING[status] }]);
  return Object.fromEntries(
    Object.entries<Json>({ ...(Object.fromEntries(usual) as JsonObject), ...responses }).map(([status, response]) => [
      status,
      Number(status) < 400 || !isObject(response) ? response : asProblem(status, response, operation),
    ]),
  );
}

function usualRefusals({ role, method, path }: Refusing): (keyof typeof MEANING)[] {
  if (role === 'anybody') return [];
  const changes = method !== 'get';
  return [
    400,
    401,
    ...(changes || role !== 'signed-in' ? ([403] as const) : []),
    ...(path.includes('{') ? ([404] as const) : []),
    ...(changes ? ([413] as const) : []),
    503,
  ];
}

function asProblem(status: string, { description }: JsonObject, operation: Refusing): JsonObject {
  const schema = { $ref: '#/components/schemas/ProblemDto' };
  const isUsual = description === MEANING[Number(status) as keyof typeof MEANING];
  const examples =
    isUsual && status === '403'
      ? forbidden(operation)
      : { example: problem(status, (isUsual && MESSAGES[status]) || description) };
  const waits = status === '503' ? { headers: { 'Retry-After': RETRY_AFTER } } : undefined;
  return { description, content: { 'application/json': { schema, ...examples } }, ...waits };
}

const RETRY_AFTER = { description: 'Seconds after which to try again.', schema: { type: 'integer' }, example: 2 };

/** The two are told apart by their message alone. */
function forbidden({ role, method }: Refusing): JsonObject {
  const denied = problem('403', role === 'superadmin' ? 'Only a superadmin may do this.' : denialTo(role));
  if (method === 'get') return { example: denied };
  const csrf = problem('403', 'The CSRF token is missing or out of date. Load the page again and repeat.');
  return {
    examples: {
      csrf: { summary: 'The CSRF token is missing or wrong', value: csrf },
      ...(role === 'signed-in' ? undefined : { role: { summary: 'The role does not allow it', value: denied } }),
    },
  };
}

const denialTo = (role: DocumentedRole) =>
  `Only ${role === 'admin' ? 'an admin' : 'a moderator'} of this channel may do this.`;

const problem = (status: string, message: Json): JsonObject => ({
  statusCode: Number(status),
  error: STATUS_CODES[status] ?? 'Error',
  message,
});
