import { OPERATOR_PREFIX } from '@likeness/shared/api';
import { formatForm, utf8Encode } from '@likeness/shared/encoding';

import type { CallOptions } from './client-options.ts';
import { ConnectionError } from './connection-error.ts';
import { send } from './connection.ts';
import type { Connection } from './connection.ts';
import { fromOperatorBody, toOperatorFields } from './operator-names.ts';
import { signWithAcs3 } from './signer.ts';
import type { HttpRequest, Try } from './signer.ts';

/**
 * What can be asked of libraries, by path.
 *
 * What is not repeatable would answer a second time that the library is there already, or that nothing is there.
 */
const OPERATIONS = {
  'library/create': { method: 'POST', repeatable: false },
  'library/list': { method: 'GET', repeatable: true },
  'library/info': { method: 'GET', repeatable: true },
  'library/update': { method: 'POST', repeatable: true },
  'library/delete': { method: 'POST', repeatable: false },
  'image/add': { method: 'POST', repeatable: true },
  'image/update': { method: 'POST', repeatable: true },
  'image/delete': { method: 'POST', repeatable: false },
  'image/query': { method: 'POST', repeatable: true },
  'image/list': { method: 'GET', repeatable: true },
  'search/by-image': { method: 'POST', repeatable: true },
  'search/by-text': { method: 'POST', repeatable: true },
  'search/by-image-and-text': { method: 'POST', repeatable: true },
  'search/similar': { method: 'POST', repeatable: true },
} as const satisfies Record<string, { method: 'GET' | 'POST'; repeatable: boolean }>;

export type OperationName = keyof typeof OPERATIONS;

interface OperatorCall extends CallOptions {
  readonly connection: Connection;
  /** What the path ends with; undefined for an operation that has no such thing. */
  readonly subject?: string;
}

/** The `data` that an operation of the operator API answers, in the SDK's names; signed if there is a key. */
export async function askOperator(
  operation: OperationName,
  request: object,
  { connection, signal, subject }: OperatorCall,
): Promise<unknown> {
  const { credentials, endpoint } = connection;
  const { repeatable } = OPERATIONS[operation];
  const path = subject === undefined ? operation : `${operation}/${encodeURIComponent(subject)}`;
  const written = writeOperation(operation, request, new URL(pathAt(endpoint, path), endpoint));
  const write = (attempt: Try) =>
    credentials === undefined ? written : signWithAcs3(written, attempt, credentials);
  const { data } = await send({ write, repeatable, signal }, connection);
  if (typeof data === 'object' && data !== null) return fromOperatorBody(data);
  const message = `${written.url.href} answered with something that is not Likeness's`;
  throw new ConnectionError(message, { retryable: repeatable });
}

function pathAt({ pathname }: URL, path: string): string {
  return `${pathname.replace(/\/$/u, '')}${OPERATOR_PREFIX}/${path}`;
}

function writeOperation(operation: OperationName, request: object, address: URL): HttpRequest {
  const { method } = OPERATIONS[operation];
  const fields = toOperatorFields(request);
  const headers = { accept: 'application/json' };
  if (method === 'GET') {
    const url = new URL(address);
    url.search = formatForm(fields.map(([name, value]) => [name, String(value)]));
    return { method, url, headers, body: new Uint8Array() };
  }
  return {
    method,
    url: address,
    headers: { ...headers, 'content-type': 'application/json' },
    body: utf8Encode(JSON.stringify(Object.fromEntries(fields))),
  };
}
