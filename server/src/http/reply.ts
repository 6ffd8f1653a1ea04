import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { LINGER_MS, MIN_GZIP_BYTES, REPLY_TIMEOUT_MS } from './limits.ts';
import { hasBody } from './receive-body.ts';
import { formatXml, type XmlElement } from './xml.ts';

const compress = promisify(gzip);

/** Without the space that Express puts in: some of the vendor's cores compare the text. */
export const JSON_TYPE = 'application/json;charset=utf-8';

const XML_TYPE = 'application/xml';

/** Answers with a JSON object; resolves when the operating system has it, or the client has gone. */
export function replyJson(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body }: { readonly status: number; readonly body: Readonly<Record<string, unknown>> },
): Promise<void> {
  return replyText(request, response, { status, type: JSON_TYPE, text: formatJson(body) });
}

/** The same with XML. */
export function replyXml(
  request: IncomingMessage,
  response: ServerResponse,
  { status, element }: { readonly status: number; readonly element: XmlElement },
): Promise<void> {
  return replyText(request, response, { status, type: XML_TYPE, text: formatXml(element) });
}

interface TextReply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** The same with text that is written already. */
export async function replyText(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, text }: TextReply,
): Promise<void> {
  const bytes = Buffer.from(text);
  const isCompressed = bytes.length >= MIN_GZIP_BYTES && acceptsGzip(request);
  const payload = isCompressed ? await compress(bytes) : bytes;
  if (response.destroyed) return;
  response.statusCode = status;
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', payload.length);
  if (isCompressed) response.setHeader('Content-Encoding', 'gzip');
  if (bytes.length >= MIN_GZIP_BYTES) response.appendHeader('Vary', 'Accept-Encoding');
  await send(request, response, payload);
}

/**
 * JSON whose scores have a decimal point: for a score of 1 the vendor's Java SDK logs a warning a hit
 * (docs/wire-protocol.md, What clients do). Quotes inside of texts are escaped, so that no text can look like the field.
 */
export function formatJson(body: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(body).replaceAll(/"Score":(-?\d+)(?=[,}])/gu, '"Score":$1.0');
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  payload: Buffer,
): Promise<void> {
  const isSent = new Promise<void>((resolve) => {
    response.once('finish', resolve).once('close', resolve);
  });
  if (hasBody(request) && !request.complete) {
    // Closing with unread bytes would reset the connection under the answer.
    response.setHeader('Connection', 'close');
    response.write(payload);
    await swallow(request);
    response.end();
  } else {
    response.end(payload);
  }
  // A client that does not read would hold its answer in our memory for ever.
  const timer = setTimeout(() => response.destroy(), REPLY_TIMEOUT_MS);
  await isSent;
  clearTimeout(timer);
}

/** Reads and forgets the rest of a body, for a while. */
function swallow(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LINGER_MS);
    const onEnd = (): void => {
      clearTimeout(timer);
      resolve();
    };
    request.once('end', onEnd).once('close', onEnd).resume();
  });
}

/** Whether `Accept-Encoding` names gzip, and not to forbid it. */
export function acceptsGzip({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const offers = (headers['accept-encoding'] ?? '').toLowerCase().split(',');
  return offers.some((offer) => {
    const [coding, ...parameters] = offer.split(';').map((piece) => piece.trim());
    return coding === 'gzip' && !parameters.some((each) => /^q=0(?:\.0*)?$/u.test(each));
  });
}
