import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** What Node tells of a request that never became one: status and words of the answer. */
const REPLIES: Readonly<Record<string, readonly [status: number, code: string, message: string]>> =
  {
    ERR_HTTP_REQUEST_TIMEOUT: [408, 'RequestTimeout', 'The request took too long to arrive.'],
    HPE_HEADER_OVERFLOW: [431, 'RequestHeaderTooLarge', 'The head of the request is too large.'],
  };

const BROKEN = [400, 'InvalidParameter.Format', 'The request is no HTTP/1.1 request.'] as const;

/**
 * Answers bytes that Node's parser gave up on, as JSON like any refusal, and closes the connection.
 * Failures of the connection itself, TLS included, just end it.
 */
export function writeBrokenRequestReply(
  errorCode: string | undefined,
  socket: Duplex,
  requestId: string,
): void {
  const reply = REPLIES[errorCode ?? ''] ?? (errorCode?.startsWith('HPE_') ? BROKEN : undefined);
  if (!socket.writable || reply === undefined) {
    socket.destroy();
    return;
  }
  const [status, code, message] = reply;
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
