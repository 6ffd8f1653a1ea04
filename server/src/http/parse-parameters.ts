import { parseForm } from '@likeness/shared/encoding';
import { ApiError } from '@likeness/shared/errors';
import type { Pairs } from '@likeness/shared/signing';

import { MAX_PARAMETERS } from './limits.ts';

/**
 * Reads a form's text, or a query without its `?`. Counts before it splits: millions of tiny parameters
 * would be sorted and copied between threads before any signature is known.
 *
 * @throws {ApiError} `InvalidParameter.Format` for too many.
 */
export function parseParameters(text: string): Pairs {
  let count = 1;
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
    count += 1;
    if (count > MAX_PARAMETERS) {
      throw new ApiError('InvalidParameter.Format', {
        message: `More than ${MAX_PARAMETERS} parameters are sent.`,
      });
    }
  }
  return parseForm(text);
}
