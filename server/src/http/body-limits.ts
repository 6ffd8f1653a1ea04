import type { IncomingMessage } from 'node:http';

import { MAX_BODY_BYTES, MAX_JSON_BODY_BYTES, MAX_MULTIPART_BODY_BYTES } from './limits.ts';
import { isMultipart } from './operators/content-types.ts';
import { operatorPathOf } from './operators/operator-paths.ts';

/** Bytes that the body of a request may have, by the API that it is sent to (ARCHITECTURE.md §6, body limits). */
export function maxBodyBytes(request: Pick<IncomingMessage, 'url' | 'headers'>): number {
  if (operatorPathOf(request.url ?? '') === undefined) return MAX_BODY_BYTES;
  return isMultipart(request) ? MAX_MULTIPART_BODY_BYTES : MAX_JSON_BODY_BYTES;
}
