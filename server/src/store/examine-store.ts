import type { Damage } from './damage.ts';
import { erasureDamage } from './level-erasures.ts';
import type { LevelHandle } from './level-handle.ts';
import { loadCollections } from './level-collections.ts';
import { scanImages } from './level-images.ts';
import { ERASURE_PREFIX, prefixRange, VALUE_PREFIX, valueName } from './level-keys.ts';
import { isOutage } from './level-outage.ts';
import { checkReferences } from './level-references.ts';
import { unseal } from './seal.ts';

/** Every damage to an open store that nobody writes to: each row is read, by the order and by its key. */
export async function* examineStore(level: LevelHandle): AsyncGenerator<Damage> {
  const { damage, statistics } = await loadCollections(level);
  yield* damage;
  for (const [id, expected] of statistics) {
    for await (const step of scanImages(level, id, { expected, isLookedUp: true })) {
      if (step.kind === 'damage') yield step.damage;
    }
  }
  yield* await checkReferences(level, statistics);
  yield* examineValues(level);
}

/** Damage to the rows that belong to no collection, or say what was erased of one. */
export async function* examineValues(level: LevelHandle): AsyncGenerator<Damage> {
  try {
    for await (const [key, value] of level.iterator(prefixRange(VALUE_PREFIX))) {
      if (unseal(key, value) === undefined) yield valueDamage(valueName(key));
    }
    for await (const [key, value] of level.iterator(prefixRange(ERASURE_PREFIX))) {
      const damage = erasureDamage(key, value);
      if (damage !== undefined) yield damage;
    }
  } catch (error) {
    if (level.status !== 'open' || isOutage(error)) throw error;
    const detail = `small values cannot be read: ${(error as Error).message}`;
    yield { kind: 'value', name: 'unreadable values', detail };
  }
}

function valueDamage(name: string): Damage {
  return { kind: 'value', name, detail: `the value ${JSON.stringify(name)} is damaged` };
}
