import type { JsonObject } from './json';
import { type FieldView, parameterView, propertyViews, type TypeView, typeView } from './reference-types';
import { type Piece, richText } from './rich-text';

/** The document as the page for people shows it. */
export interface ReferenceView {
  title: string;
  introduction: Piece[][];
  credentials: { name: string; description: Piece[][] }[];
  groups: { name: string; anchor: string; description: Piece[][]; operations: OperationView[] }[];
  schemas: { name: string; description: Piece[][]; fields: FieldView[] }[];
}

interface OperationView {
  /** Its operationId. */
  anchor: string;
  method: string;
  path: string;
  summary: string;
  description: Piece[][];
  /** Any of these will do, and each needs all that it names; none means that nothing is needed. */
  credentials: { names: string[]; scope: string }[];
  parameters: FieldView[];
  request: BodyView | null;
  answers: AnswerView[];
  events: { name: string; description: Piece[][]; type: TypeView }[];
}

interface AnswerView {
  status: string;
  description: Piece[][];
  /** Null for a refusal: those all look alike. */
  body: BodyView | null;
  /** What a refusal says, in its examples. */
  messages: string[];
}

interface BodyView {
  mediaType: string;
  type: TypeView | null;
  examples: { summary: string; text: string }[];
}

type Objects = Record<string, JsonObject>;

export function referenceOf(document: JsonObject): ReferenceView {
  const { info, tags, paths, components } = document as unknown as {
    info: { title: string; description: string };
    tags: { name: string; description: string }[];
    paths: Record<string, Objects>;
    components: { schemas: Objects; securitySchemes: Objects };
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      tag: (operation.tags as string[])[0],
      view: operationView(method, path, operation),
    })),
  );
  const named = [...new Set([...tags.map(({ name }) => name), ...operations.map(({ tag }) => tag)])];
  return {
    title: info.title,
    introduction: richText(info.description),
    credentials: describedIn(components.securitySchemes),
    groups: named.map((name) => ({
      name,
      anchor: `tag-${name.replace(/\W+/g, '-')}`,
      description: richText(tags.find((tag) => tag.name === name)?.description),
      operations: operations.filter(({ tag }) => tag === name).map(({ view }) => view),
    })),
    schemas: describedIn(components.schemas).map((schema) => ({
      ...schema,
      fields: propertyViews(components.schemas[schema.name]),
    })),
  };
}

function describedIn(objects: Objects): { name: string; description: Piece[][] }[] {
  return Object.entries(objects)
    .map(([name, { description }]) => ({ name, description: richText(description as string | undefined) }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

function operationView(method: string, path: string, operation: JsonObject): OperationView {
  const { operationId, summary, description, parameters, requestBody, responses, security } = operation;
  return {
    anchor: operationId as string,
    method: method.toUpperCase(),
    path,
    summary: summary as string,
    description: richText(description as string),
    credentials: ((security ?? []) as Record<string, string[]>[]).map((needed) => ({
      names: Object.keys(needed),
      scope: Object.values(needed).flat().join(', '),
    })),
    parameters: ((parameters ?? []) as JsonObject[]).map(parameterView),
    request: requestBody ? bodyView(requestBody as JsonObject) : null,
    answers: Object.entries(responses as Objects).map(([status, answer]) => answerView(status, answer)),
    events: Object.entries((operation['x-events'] ?? {}) as Objects).map(([name, event]) => ({
      name,
      description: richText(event.description as string),
      type: typeView(event.schema as JsonObject),
    })),
  };
}

function answerView(status: string, answer: JsonObject): AnswerView {
  const refused = Number(status) >= 400;
  const problems = refused ? examplesOf(answer).map(({ value }) => value as { message: string | string[] }) : [];
  return {
    status,
    description: richText(answer.description as string),
    body: refused || !answer.content ? null : bodyView(answer),
    messages: problems.flatMap(({ message }) => message),
  };
}

function bodyView(body: JsonObject): BodyView {
  const [mediaType = ''] = Object.keys(body.content ?? {});
  const { schema } = mediaOf(body);
  return {
    mediaType,
    type: schema ? typeView(schema as JsonObject) : null,
    examples: examplesOf(body).map(({ summary = '', value }) => ({
      summary,
      text: typeof value === 'string' ? value : JSON.stringify(value, null, 2),
    })),
  };
}

const mediaOf = ({ content }: JsonObject): JsonObject => Object.values((content ?? {}) as Objects)[0] ?? {};

function examplesOf(body: JsonObject): { summary?: string; value: unknown }[] {
  const { example, examples } = mediaOf(body);
  const several = Object.values((examples ?? {}) as Record<string, { summary?: string; value: unknown }>);
  return example === undefined ? several : [{ value: example }, ...several];
}
