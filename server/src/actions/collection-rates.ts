import { ApiError } from '@likeness/shared/errors';

import type { CollectionInfo } from '../catalog/catalog.ts';
import type { ActionServices } from './action.ts';

/** The setting that each kind of work on a collection counts towards: updates go with deletes. */
const RATES = { search: 'qps', add: 'addQps', delete: 'deleteQps' } as const;

export type Work = keyof typeof RATES;

/** Counts a request towards the rate of its kind of work. @throws {ApiError} `DeniedRequest` above it */
export function takeRate(
  collection: CollectionInfo,
  { instanceRates }: Pick<ActionServices, 'instanceRates'>,
  work: Work,
): void {
  const retryAfterMs = instanceRates.take(`${work}:${collection.id}`, collection[RATES[work]]);
  if (retryAfterMs !== undefined) throw new ApiError('DeniedRequest', { retryAfterMs });
}
