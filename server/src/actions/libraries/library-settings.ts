/** The limits of a library that its administrator sets. */
import { LIMITS } from '@likeness/shared/api';
import type { z } from 'zod';

import type { ChangeableSettings } from '../../catalog/catalog.ts';
import { integer } from './fields.ts';

export const libraryLimits = {
  capacity: integer(1, LIMITS.MAX_CAPACITY).meta({ description: 'Images it may hold.' }),
  qps: integer(0, LIMITS.MAX_QPS).meta({ description: 'Searches a second; 0 is unlimited.' }),
  add_qps: integer(0, LIMITS.MAX_QPS).meta({ description: 'Adds a second; 0 is unlimited.' }),
  delete_qps: integer(0, LIMITS.MAX_QPS).meta({
    description: 'Deletes and updates a second, together; 0 is unlimited.',
  }),
};

/** The limits as a request may give them. */
export const givenLimits = {
  capacity: libraryLimits.capacity.optional(),
  qps: libraryLimits.qps.optional(),
  add_qps: libraryLimits.add_qps.optional(),
  delete_qps: libraryLimits.delete_qps.optional(),
};

/** Those that were given. */
export function readLimits(
  given: z.output<z.ZodObject<typeof givenLimits>>,
): Partial<ChangeableSettings> {
  const { capacity, qps, add_qps: addQps, delete_qps: deleteQps } = given;
  return {
    ...(capacity !== undefined && { capacity }),
    ...(qps !== undefined && { qps }),
    ...(addQps !== undefined && { addQps }),
    ...(deleteQps !== undefined && { deleteQps }),
  };
}
