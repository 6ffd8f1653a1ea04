import type { IncomingMessage } from 'node:http';

import { ApiError } from '@likeness/shared/errors';

import type { RequestFields } from '../../actions/libraries/read-request.ts';
import type { FormWorkers } from '../form-workers.ts';
import { readJson } from '../read-json.ts';
import { parseRequestTarget } from '../request-target.ts';
import { isJson, isMultipart } from './content-types.ts';
import { readMultipart } from './multipart.ts';
import type { Route } from './routes.ts';
import { readTextFields } from './text-fields.ts';

/**
 * The fields of a request: of its query if it is a GET, else of its body, and the library that its path names.
 *
 * @throws {ApiError} `InvalidParameter.Format`, `BadRequest`
 */
export async function readFields(
  request: IncomingMessage,
  body: Buffer,
  { route, workers }: { readonly route: Route; readonly workers: Pick<FormWorkers, 'readJson'> },
): Promise<RequestFields> {
  const { operation, named } = route;
  if (operation.method === 'GET') {
    const { query } = parseRequestTarget(request.url ?? '');
    return { ...readTextFields(query), ...named };
  }
  if (isJson(request)) return readJson(body, workers);
  if (isMultipart(request) && operation.takesMultipart) return readMultipart(request, body);
  const types = operation.takesMultipart
    ? 'application/json or multipart/form-data'
    : 'application/json';
  throw new ApiError('InvalidParameter.Format', { message: `Content-Type: expected ${types}.` });
}
