import type { Pairs } from '@likeness/shared/signing';

import { parseParameters } from './parse-parameters.ts';

export interface RequestTarget {
  /** As sent, up to the first `?`: some clients leave further ones raw in the query. */
  readonly path: string;
  /** Decoded. */
  readonly query: Pairs;
}

/**
 * Splits what stands between method and version in a request's first line.
 *
 * @throws {ApiError} `InvalidParameter.Format` for too many parameters.
 */
export function parseRequestTarget(url: string): RequestTarget {
  // A client that believes it talks to a proxy sends the whole address.
  const origin = url.replace(/^https?:\/\/[^/?]*/iu, '');
  const at = origin.indexOf('?');
  const path = at === -1 ? origin : origin.slice(0, at);
  return { path: path || '/', query: at === -1 ? [] : parseParameters(origin.slice(at + 1)) };
}
