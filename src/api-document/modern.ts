import { isObject, type Json, type JsonObject } from './json';

/** Nest writes OpenAPI 3.0's `nullable`, which 3.1 does not know: there null is a type. */
export function modern(node: Json): Json {
  if (Array.isArray(node)) return node.map(modern);
  if (!isObject(node)) return node;
  const { nullable, ...rest } = unwrapped(node);
  const plain = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, key === 'example' || key === 'examples' ? value : modern(value)]),
  );
  // A property may be called nullable: then it is a schema, and no flag.
  if (isObject(nullable)) return { ...plain, nullable: modern(nullable) };
  if (nullable !== true) return plain;
  if (typeof plain.type === 'string' && plain.allOf === undefined) {
    return {
      ...plain,
      type: [plain.type, 'null'],
      ...(Array.isArray(plain.enum) ? { enum: [...plain.enum, null] } : undefined),
    };
  }
  if (Array.isArray(plain.oneOf)) {
    const known = plain.oneOf.some((one) => isObject(one) && one.type === 'null');
    return known ? plain : { ...plain, oneOf: [...plain.oneOf, { type: 'null' }] };
  }
  const { description, example, ...reference } = plain;
  delete reference.type;
  const about = {
    ...(description === undefined ? undefined : { description }),
    ...(example === undefined ? undefined : { example }),
  };
  return { ...about, oneOf: [...(Array.isArray(reference.allOf) ? reference.allOf : [reference]), { type: 'null' }] };
}

/** Where 3.0 had to wrap a reference to say anything beside it, 3.1 does not. */
function unwrapped(node: JsonObject): JsonObject {
  const { allOf, ...rest } = node;
  if (node.nullable === true || !Array.isArray(allOf) || allOf.length !== 1 || !isObject(allOf[0])) return node;
  return { ...rest, ...allOf[0] };
}
