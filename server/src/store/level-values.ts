import type { LevelOperation } from './image-batch.ts';
import type { LevelHandle } from './level-handle.ts';
import { valueKey, valueName } from './level-keys.ts';
import { seal, unseal } from './seal.ts';
import type { NameRange, StoredValue, ValueChange } from './value-store.ts';

/** The values of a range; see `ValueStore.readValues`. */
export async function readValues(
  level: LevelHandle,
  { from, to }: NameRange,
): Promise<{ readonly values: readonly StoredValue[]; readonly damaged: readonly string[] }> {
  const values: StoredValue[] = [];
  const damaged: string[] = [];
  const range = { gte: valueKey(from), lt: valueKey(to) };
  for await (const [key, sealed] of level.iterator(range)) {
    const name = valueName(key);
    const body = unseal(key, sealed);
    if (body === undefined) damaged.push(name);
    else values.push({ name, text: Buffer.from(body).toString() });
  }
  return { values, damaged };
}

/** What LevelDB is to do for a change. */
export function valueOperation(change: ValueChange): LevelOperation {
  const key = valueKey(change.name);
  if (change.kind === 'remove') return { type: 'del', key };
  return { type: 'put', key, value: seal(key, Buffer.from(change.text)) };
}
