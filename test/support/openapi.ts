import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import path from 'node:path';

export type Schema = Record<string, unknown>;

interface Media {
  schema?: Schema;
  example?: unknown;
  examples?: Record<string, { summary?: string; value: unknown }>;
}

export interface Body {
  description?: string;
  content?: Record<string, Media>;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  example?: unknown;
  schema: Schema;
}

export interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: Body;
  responses: Record<string, Body>;
  'x-role'?: string;
  'x-events'?: Record<string, { description: string; schema: Schema }>;
}

export interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, Schema> };
}

/** The document as it is committed; `npm run check` sees to it that a server answers the same. */
export const DOCUMENT = JSON.parse(readFileSync(path.resolve(__dirname, '../../openapi.json'), 'utf8')) as OpenApi;

export interface Place {
  /** Lower case. */
  method: string;
  path: string;
  operation: Operation;
}

export function operationsOf({ paths }: OpenApi): Place[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, operation })),
  );
}

/** Every example of a body: `['application/json', value]`. */
export function examplesOf({ content = {} }: Body): { type: string; schema?: Schema; value: unknown }[] {
  return Object.entries(content).flatMap(([type, { schema, example, examples = {} }]) =>
    [...(example === undefined ? [] : [example]), ...Object.values(examples).map(({ value }) => value)].map(
      (value) => ({ type, schema, value }),
    ),
  );
}

/**
 * Validates by the document's schemas in JSON Schema's 2020 dialect. An object may have no property that its schema does
 * not name: the document is open, so that fields can be added, but what the server sends must all be described.
 */
export class Validator {
  private readonly ajv = addFormats(new Ajv2020({ allErrors: true, strictTypes: false, allowUnionTypes: true }));
  private readonly known = new WeakMap<Schema, ValidateFunction>();

  constructor({ components: { schemas } }: OpenApi) {
    this.ajv.addVocabulary(['example']);
    for (const [name, schema] of Object.entries(schemas)) this.ajv.addSchema(closed(schema), name);
  }

  /** @returns what is wrong with the value; nothing when it fits */
  faults(schema: Schema, value: unknown): string[] {
    const validate = this.known.get(schema) ?? this.ajv.compile(closed(schema));
    this.known.set(schema, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
    );
  }
}

/** With references as Validator knows the schemas. */
function closed(node: unknown): Schema {
  return close(node) as Schema;
}

function close(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(close);
  if (typeof node !== 'object' || node === null) return node;
  if ('allOf' in node) throw new Error('allOf: no part of it could be closed, write the schema flat');
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === '$ref' ? String(value).replace('#/components/schemas/', '') : key === 'example' ? value : close(value),
    ]),
  );
  return 'properties' in copy && !('additionalProperties' in copy) ? { ...copy, additionalProperties: false } : copy;
}
