import type { JsonObject } from './json';
import { isObject } from './json';
import { type Piece, richText } from './rich-text';

/** What something may be. */
export interface TypeView {
  /** Such as `string or null`; without the name of the schema that it may be. */
  text: string;
  /** A schema that is shown elsewhere on the page. */
  schemaName: string | null;
  values: string[];
}

/** A parameter, or a property of a schema. */
export interface FieldView {
  name: string;
  /** Where a parameter goes; empty for a property. */
  place: string;
  required: boolean;
  type: TypeView;
  description: Piece[][];
  example: string | null;
}

const REFERENCE = '#/components/schemas/';

export function typeView(schema: JsonObject): TypeView {
  if (typeof schema.$ref === 'string') return { text: '', schemaName: schema.$ref.slice(REFERENCE.length), values: [] };
  if (schema.type === 'array' && isObject(schema.items)) {
    const { text, ...item } = typeView(schema.items);
    return { text: text === '' ? 'list of' : `list of ${text}`, ...item };
  }
  const several = [schema.oneOf ?? schema.type ?? 'any'].flat() as (string | JsonObject)[];
  const all = several.map((one) => (typeof one === 'string' ? plain(one) : typeView(one)));
  return {
    text: all
      .map(({ text }) => text)
      .filter(Boolean)
      .join(' or '),
    schemaName: all.find(({ schemaName }) => schemaName)?.schemaName ?? null,
    values: ((schema.enum ?? []) as (string | null)[]).filter((value) => value !== null),
  };
}

const plain = (text: string): TypeView => ({ text, schemaName: null, values: [] });

export function parameterView(parameter: JsonObject): FieldView {
  const { name, in: place, required, schema } = parameter;
  return {
    ...fieldView(name as string, { ...(schema as JsonObject), ...described(parameter) }, required === true),
    place: place as string,
  };
}

function described({ description, example }: JsonObject): JsonObject {
  return { description, ...(example === undefined ? undefined : { example }) };
}

export function propertyViews({ properties, required }: JsonObject): FieldView[] {
  return Object.entries((properties ?? {}) as Record<string, JsonObject>).map(([name, property]) =>
    fieldView(name, property, Array.isArray(required) && required.includes(name)),
  );
}

function fieldView(name: string, schema: JsonObject, required: boolean): FieldView {
  const { description, example } = schema;
  return {
    name,
    place: '',
    required,
    type: typeView(schema),
    description: richText(description as string | undefined),
    example: example === undefined || example === null ? null : written(example),
  };
}

/** In one line. */
const written = (example: unknown) => (typeof example === 'string' ? example : JSON.stringify(example));
