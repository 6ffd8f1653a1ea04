import type { IncomingMessage } from 'node:http';

/** What a body is said to be, in lower case, without parameters. */
function typeOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

export function isJson(request: Pick<IncomingMessage, 'headers'>): boolean {
  return typeOf(request) === 'application/json';
}

export function isMultipart(request: Pick<IncomingMessage, 'headers'>): boolean {
  return typeOf(request) === 'multipart/form-data';
}

/** Whether the body is of a type that the operator API reads. */
export function isAcceptedType(request: Pick<IncomingMessage, 'headers'>): boolean {
  return isJson(request) || isMultipart(request);
}
