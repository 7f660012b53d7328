import { isObject, type Json, type JsonObject } from './json';

/**
 * What fits a schema, put together from the examples of its parts.
 * @param schemas the document's components, for references
 * @returns undefined where a part has no example and none can be told from its type
 */
export function exampleOf(schema: Json | undefined, schemas: JsonObject): Json | undefined {
  if (!isObject(schema)) return undefined;
  if ('example' in schema) return schema.example;
  if (typeof schema.$ref === 'string') return exampleOf(schemas[schema.$ref.split('/').pop() ?? ''], schemas);
  if ('default' in schema) return schema.default;
  if (Array.isArray(schema.oneOf)) return exampleOf(schema.oneOf[0], schemas);
  if (Array.isArray(schema.type) && schema.type.includes('null')) return null;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (schema.type === 'array') return exampleOfList(schema.items, schemas);
  if (isObject(schema.properties)) return exampleOfObject(schema, schema.properties, schemas);
  return undefined;
}

function exampleOfList(items: Json | undefined, schemas: JsonObject): Json | undefined {
  const item = exampleOf(items, schemas);
  return item === undefined ? undefined : [item];
}

function exampleOfObject({ required }: JsonObject, properties: JsonObject, schemas: JsonObject): Json | undefined {
  const entries = Object.entries(properties).map(([name, property]) => {
    const isRequired = Array.isArray(required) && required.includes(name);
    // What may be left out and has no example of its own is left out.
    const isTold = isRequired || (isObject(property) && 'example' in property);
    return [name, isTold ? exampleOf(property, schemas) : undefined, isRequired] as const;
  });
  if (entries.some(([, value, isRequired]) => isRequired && value === undefined)) return undefined;
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
