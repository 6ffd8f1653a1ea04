import type { ImageSearchClient } from '@likeness/sdk';

import type { Collection } from './collections.ts';

/** A test or its opposite: what every picture passes, whatever its tags. */
const EVERYTHING = {
  or: [
    { field: 'any', op: '=', value: '' },
    { field: 'any', op: '!=', value: '' },
  ],
} as const;

/** Removes all pictures; the collection stays. */
export async function clearCollection(
  client: ImageSearchClient,
  { kind, name }: Collection,
): Promise<void> {
  if (kind === 'instance') await client.clearInstance({ instanceName: name });
  else await client.library(name).remove({ tagFilter: EVERYTHING });
}

/** Removes the collection with all its pictures. */
export async function deleteCollection(
  client: ImageSearchClient,
  { kind, name }: Collection,
): Promise<void> {
  if (kind === 'instance') await client.deleteInstance({ instanceName: name });
  else await client.library(name).delete();
}
