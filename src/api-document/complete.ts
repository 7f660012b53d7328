import { exampleOf } from './examples';
import { isObject, type Json, type JsonObject } from './json';
import { describeRefusals } from './refusals';
import { type DocumentedRole, withCsrf, withRole } from './roles';

/**
 * Says of every operation what follows from its decorators, so that nobody has to repeat it at each route: the role in
 * words, the CSRF header, the refusals that anybody may meet, and examples of whole bodies.
 */
export function complete(document: JsonObject): JsonObject {
  const { paths, components } = document as { paths: JsonObject; components: { schemas: JsonObject } };
  const { schemas } = components;
  const completed = Object.entries(paths).map(([path, operations]) => [
    path,
    mapValues(operations, (operation, method) => completeOperation(operation, { path, method, schemas })),
  ]);
  return { ...document, paths: Object.fromEntries(completed) as JsonObject };
}

interface Place {
  path: string;
  method: string;
  schemas: JsonObject;
}

function completeOperation(operation: Json, { path, method, schemas }: Place): Json {
  if (!isObject(operation)) return operation;
  const role = operation['x-role'] as DocumentedRole;
  const answers = mapValues(operation.responses, (response) => withExample(response, schemas));
  return {
    ...operation,
    description: withRole((operation.description ?? '') as string, role),
    ...(operation.requestBody ? { requestBody: withExample(operation.requestBody, schemas) } : undefined),
    ...(Array.isArray(operation.parameters)
      ? { parameters: operation.parameters.map((parameter) => withOwnExample(parameter, schemas)) }
      : undefined),
    responses: describeRefusals(answers, { role, method, path }),
    security: withCsrf(operation.security, method),
  };
}

/** A request body or an answer; what has examples keeps them. */
function withExample(body: Json, schemas: JsonObject): Json {
  if (!isObject(body) || !isObject(body.content)) return body;
  const content = mapValues(body.content, (media) => {
    if (!isObject(media) || 'example' in media || 'examples' in media) return media;
    const example = exampleOf(media.schema, schemas);
    return example === undefined ? media : { ...media, example };
  });
  return { ...body, description: body.description || 'Done.', content };
}

function withOwnExample(parameter: Json, schemas: JsonObject): Json {
  if (!isObject(parameter) || 'example' in parameter) return parameter;
  const example = exampleOf(parameter.schema, schemas);
  return example === undefined ? parameter : { ...parameter, example };
}

function mapValues(node: Json | undefined, change: (value: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(node ?? {}).map(([key, value]) => [key, change(value as Json, key)]));
}
