/** Reads the OpenAPI document back, for people: which operations and fields there are. */
import type { OpenApiDocument } from './openapi-document.ts';

/** What this document's schemas say; the standard's own type allows far more. */
export interface DocumentedSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly items?: DocumentedSchema;
  readonly anyOf?: readonly DocumentedSchema[];
  readonly properties?: Readonly<Record<string, DocumentedSchema>>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly example?: unknown;
  readonly contentEncoding?: string;
}

export interface DescribedField {
  readonly name: string;
  readonly schema: DocumentedSchema;
  readonly isRequired: boolean;
  readonly description: string;
  /** Its default as JSON; undefined if it has none. */
  readonly fallback: string | undefined;
}

export interface DescribedOperation {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly request: readonly DescribedField[];
  /** Of `data`. */
  readonly answer: DocumentedSchema;
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly required?: boolean;
    readonly schema: DocumentedSchema;
  }[];
  readonly requestBody?: Content;
  readonly responses: { readonly 200: Content };
}

interface Content {
  readonly content: { readonly 'application/json': { readonly schema: DocumentedSchema } };
}

/** In the order of the document. */
export function listOperations(document: OpenApiDocument): readonly DescribedOperation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    (['get', 'post'] as const).flatMap((method) => {
      // Written by `createOpenApiDocument`, which gives every operation these.
      const operation = (item as Record<string, unknown>)[method] as
        | DocumentedOperation
        | undefined;
      if (operation === undefined) return [];
      const { operationId: id, summary, description } = operation;
      const envelope = jsonOf(operation.responses[200]);
      return [
        {
          id,
          method: method === 'get' ? ('GET' as const) : ('POST' as const),
          path,
          summary,
          description,
          request: listRequestFields(document, operation),
          answer: envelope.properties?.['data'] ?? {},
        },
      ];
    }),
  );
}

/** The fields of an object. */
export function listFields(
  document: OpenApiDocument,
  schema: DocumentedSchema,
): readonly DescribedField[] {
  const { properties = {}, required = [] } = resolve(document, schema);
  return Object.entries(properties).map(([name, each]) =>
    describeField(document, name, each, required.includes(name)),
  );
}

/** `whole number`, `list of Hit`, `"a", "b"`. */
export function describeType(document: OpenApiDocument, schema: DocumentedSchema): string {
  const name = schema.$ref?.split('/').at(-1);
  const { type, items, enum: values, contentEncoding } = resolve(document, schema);
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(', ');
  if (items !== undefined) return `list of ${describeType(document, items)}`;
  if (contentEncoding !== undefined) return `${[type].flat().join(' or ')}, ${contentEncoding}`;
  return name ?? [type].flat().join(' or ');
}

/** What a reference stands for. */
export function resolve(document: OpenApiDocument, schema: DocumentedSchema): DocumentedSchema {
  const name = schema.$ref?.split('/').at(-1);
  if (name === undefined) return schema;
  const { $ref: _, ...own } = schema;
  return { ...(document.components?.schemas?.[name] as DocumentedSchema), ...own };
}

function listRequestFields(
  document: OpenApiDocument,
  { parameters = [], requestBody }: DocumentedOperation,
): readonly DescribedField[] {
  if (requestBody !== undefined) return listFields(document, jsonOf(requestBody));
  return parameters.map(({ name, schema, required = false }) =>
    describeField(document, name, schema, required),
  );
}

function describeField(
  document: OpenApiDocument,
  name: string,
  schema: DocumentedSchema,
  isRequired: boolean,
): DescribedField {
  const { description = '', default: fallback } = resolve(document, schema);
  const written = fallback === undefined ? undefined : JSON.stringify(fallback);
  return { name, schema, isRequired, description, fallback: written };
}

function jsonOf({ content }: Content): DocumentedSchema {
  return content['application/json'].schema;
}
