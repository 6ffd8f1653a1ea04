import { compareCodePoints } from '@likeness/shared/encoding';
import { matches, type Filter } from '@likeness/shared/filter';

import { formatImageKey, normalizeImageKey, parseImageKey } from '../store/image-key.ts';
import { inTurns } from '../store/in-turns.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { RemoveTarget } from './catalog.ts';
import type { CollectionState } from './collection-state.ts';

/** Keys fetched from the index at once. */
const PAGE_ROWS = 4_096;
/** Records fetched at once. */
const RECORDS = 500;

/** Keys of a picture, or of a product's pictures, in key order. */
export function listNamed(
  { index, unembedded }: CollectionState,
  target: Exclude<RemoveTarget, { readonly kind: 'filter' }>,
): readonly string[] {
  if (target.kind === 'picture') return [formatImageKey(normalizeImageKey(target))];
  const { productId } = normalizeImageKey({ productId: target.productId, picName: '' });
  // What is not in the index is not found there.
  const others = [...unembedded].filter((key) => parseImageKey(key).productId === productId);
  return [...index.keysOfGroup(productId), ...others].toSorted(compareCodePoints);
}

/** Keys of all pictures that pass the filter, in key order, while nothing is written to the collection. */
export async function listMatching(
  { id, index, unembedded }: CollectionState,
  filter: Filter,
  records: RecordStore,
): Promise<readonly string[]> {
  const keys: string[] = [];
  for (let after: string | undefined; ;) {
    const scope = { filter, ...(after !== undefined && { after }), start: 0, num: PAGE_ROWS };
    const page = await index.list(scope);
    for (const { key } of page.keys) keys.push(key);
    after = page.keys.at(-1)?.key;
    if (page.keys.length < PAGE_ROWS) break;
  }
  // The index answers in the order of the keys; whether what is not in it matches is seen in its record.
  if (unembedded.size === 0) return keys;
  for await (const page of inTurns([...unembedded], RECORDS)) {
    const found = await records.getMany(id, page.map(parseImageKey));
    for (const step of found) {
      if (step?.kind !== 'image' || !matches(filter, step.record.attributes)) continue;
      keys.push(formatImageKey(step.record));
    }
  }
  return keys.toSorted(compareCodePoints);
}
