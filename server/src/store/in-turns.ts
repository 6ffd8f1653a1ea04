import { setImmediate } from 'node:timers/promises';

/** The items in pieces, each in a turn of the event loop of its own, so that very many leave time for others. */
export async function* inTurns<Item>(
  items: readonly Item[],
  itemsPerTurn: number,
): AsyncGenerator<readonly Item[]> {
  for (let start = 0; start < items.length; start += itemsPerTurn) {
    if (start > 0) await setImmediate();
    yield items.slice(start, start + itemsPerTurn);
  }
}
