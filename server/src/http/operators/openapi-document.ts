import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';

import { isGiven } from '../../actions/libraries/fields.ts';
import type { LibraryOperation } from '../../actions/libraries/operation.ts';
import { LIBRARY_OPERATIONS } from '../../actions/libraries/operations.ts';
import { VERSION } from '../../package-version.ts';
import { PICTURE_MEMBER } from '../json-content.ts';
import { PICTURE_PART } from './multipart.ts';
import { OPERATOR_PREFIX } from './operator-paths.ts';
import { STATUS_WORDS, type StatusWord } from './status-words.ts';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

const BEARER = 'bearer';
const SIGNATURE = 'acs3';
/** None, for programs on the server's machine; or either. */
const SECURITY = [{}, { [BEARER]: [] }, { [SIGNATURE]: [] }];

const REFUSALS = Object.keys(STATUS_WORDS).filter((word) => word !== 'SUCCESS') as StatusWord[];

const refusal = z
  .strictObject({
    status: z.enum(REFUSALS),
    message: z.string().meta({ description: 'Names the field, and what was expected.' }),
    data: z.null(),
  })
  .meta({ id: 'Refusal' });

const REFUSED = {
  description: 'Refused: status says why, message which field it is about.',
  content: { 'application/json': { schema: refusal } },
};

/** What every request may be refused with, by HTTP status. */
const REFUSED_STATUSES = [400, 401, 403, 404, 429, 500, 503];

/** The operator API in OpenAPI 3.1, from the schemas that check its requests. */
export function createOpenApiDocument(): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', BEARER, {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'ID:SECRET',
    description: 'The id of an access key, a colon, and its secret.',
  });
  registry.registerComponent('securitySchemes', SIGNATURE, {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'ACS3-HMAC-SHA256 over method, path, query and body (docs/wire-protocol.md).',
  });
  for (const operation of LIBRARY_OPERATIONS) registerOperation(registry, operation);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Likeness image search',
      version: VERSION,
      description:
        'Image libraries, searched by picture and by text. Answers are {status, message, data}; message is null where status is SUCCESS, data is null elsewhere.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This server.' }],
    security: SECURITY,
    tags: [{ name: 'search' }, { name: 'library' }, { name: 'image' }],
  });
}

/** `search/by-image` as `searchByImage`. */
export function operationIdOf({ name }: Pick<LibraryOperation, 'name'>): string {
  return name.replaceAll(/[/-]([a-z])/gu, (_, letter: string) => letter.toUpperCase());
}

function registerOperation(registry: OpenAPIRegistry, operation: LibraryOperation): void {
  const { path, summary, answer, name, role, method } = operation;
  const data = answer;
  const envelope = z.strictObject({ status: z.literal('SUCCESS'), message: z.null(), data });
  registry.registerPath({
    method: method === 'GET' ? 'get' : 'post',
    path: `${OPERATOR_PREFIX}/${path}`,
    operationId: operationIdOf(operation),
    tags: [name.split('/', 1)[0] ?? ''],
    summary,
    description: `Keys of role ${role} may.`,
    request: requestOf(operation),
    responses: {
      200: {
        description: 'Done.',
        content: { 'application/json': { schema: envelope } },
      },
      ...Object.fromEntries(REFUSED_STATUSES.map((status) => [status, REFUSED])),
    },
  });
}

function requestOf(
  operation: LibraryOperation,
): Parameters<OpenAPIRegistry['registerPath']>[0]['request'] & object {
  const { method, path, request, takesMultipart } = operation;
  if (method === 'POST') {
    const json = { 'application/json': { schema: request } };
    const content = takesMultipart
      ? { ...json, 'multipart/form-data': { schema: multipartOf(request) } }
      : json;
    return { body: { required: true, content } };
  }
  return path.includes('{') ? { params: request } : { query: request };
}

/** The same fields, with the picture as it is in a part of its own. */
function multipartOf(request: z.ZodObject): z.ZodObject {
  const { [PICTURE_MEMBER]: _picture, ...fields } = request.shape;
  const picture = z
    .custom<unknown>(isGiven)
    .optional()
    .meta({ type: 'string', format: 'binary', description: 'The picture as it is.' });
  return z.strictObject({ ...fields, [PICTURE_PART]: picture });
}
