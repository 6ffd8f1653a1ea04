import type { ServerResponse } from 'node:http';

export interface BytesReply {
  readonly type: string;
  readonly body: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers 200 with bytes as they are; resolves when the operating system has them, or the client has gone. */
export async function replyBytes(
  response: ServerResponse,
  { type, body, headers = {} }: BytesReply,
): Promise<void> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.statusCode = 200;
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', bytes.length);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const isSent = new Promise<void>((resolve) => {
    response.once('finish', resolve).once('close', resolve);
  });
  response.end(bytes);
  await isSent;
}
