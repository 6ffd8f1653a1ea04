import { PICTURE_MEMBER } from '../json-content.ts';
import type { OpenApiDocument } from './openapi-document.ts';
import { resolve, type DescribedField, type DescribedOperation } from './read-document.ts';

/** What a shell puts in place of a picture. */
const PICTURE_IN_SHELL = `"$(base64 < photo.jpg | tr -d '\\n')"`;

/** Fields that an example shows though they may be absent, by the operation's id. */
const ALSO_SHOWN: Readonly<Record<string, readonly string[]>> = {
  searchByImage: ['tag_filter'],
  searchByText: ['tag_filter'],
  imageAdd: [PICTURE_MEMBER, 'tags'],
  imageDelete: ['image_id', 'image_uri'],
  imageQuery: ['image_id'],
  libraryUpdate: ['description'],
};

/** An operation as lines for a shell, with a picture named photo.jpg at hand. */
export function exampleRequest(
  document: OpenApiDocument,
  operation: DescribedOperation,
  url: string,
): string {
  const { id, method, path, request } = operation;
  const shown = request.filter(
    ({ name, isRequired }) => isRequired || ALSO_SHOWN[id]?.includes(name),
  );
  if (method === 'GET') return `curl '${url}${targetOf(document, path, shown)}'`;
  const members = shown.map((field) => `  "${field.name}": ${memberOf(document, field)}`);
  return [
    `curl -X POST '${url}${path}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    '  -d @- <<END',
    `{\n${members.join(',\n')}\n}`,
    'END',
  ].join('\n');
}

/** A path with what stands in it, and the other fields as its query. */
function targetOf(
  document: OpenApiDocument,
  path: string,
  shown: readonly DescribedField[],
): string {
  const query = new URLSearchParams();
  let named = path;
  for (const field of shown) {
    const value = String(exampleOf(document, field));
    if (named.includes(`{${field.name}}`)) named = named.replace(`{${field.name}}`, value);
    else query.append(field.name, value);
  }
  return query.size === 0 ? named : `${named}?${query.toString()}`;
}

function memberOf(document: OpenApiDocument, field: DescribedField): string {
  if (field.name === PICTURE_MEMBER) return PICTURE_IN_SHELL;
  return JSON.stringify(exampleOf(document, field));
}

function exampleOf(document: OpenApiDocument, { schema }: DescribedField): unknown {
  const { example, default: fallback } = resolve(document, schema);
  return example ?? fallback ?? '';
}
