import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

import { ApiError, type ErrorCode } from '@likeness/shared/errors';

/** What Node tells of a request that never became one, and what the client is told. */
const REPLIES: Readonly<Record<string, ErrorCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'RequestTimeout',
  HPE_HEADER_OVERFLOW: 'RequestHeaderTooLarge',
};

const NO_REQUEST = new ApiError('InvalidParameter.Format', {
  message: 'The request is no HTTP/1.1 request.',
});

/**
 * Answers bytes that Node's parser gave up on, as JSON like any refusal, and closes the connection.
 * Failures of the connection itself, TLS included, just end it.
 */
export function writeBrokenRequestReply(
  errorCode: string | undefined,
  socket: Duplex,
  requestId: string,
): void {
  const refusal = refusalOf(errorCode ?? '');
  if (!socket.writable || refusal === undefined) {
    socket.destroy();
    return;
  }
  const { status, code, message } = refusal;
  const body = JSON.stringify({ RequestId: requestId, HostId: '', Code: code, Message: message });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json;charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `x-acs-request-id: ${requestId}`,
    'Connection: close',
  ].join('\r\n');
  socket.end(`${head}\r\n\r\n${body}`);
}

function refusalOf(errorCode: string): ApiError | undefined {
  const code = REPLIES[errorCode];
  if (code !== undefined) return new ApiError(code);
  return errorCode.startsWith('HPE_') ? NO_REQUEST : undefined;
}
