/** A write that a client asked for; numbers rise. */
export interface Write {
  readonly id: string;
  readonly kind: 'add' | 'update' | 'remove' | 'remove-product';
  readonly productId: string;
  readonly picName: string;
  readonly number: number;
}

/** What a client tells of its writes, in their order. `refused`: there was nothing to update. */
export type HistoryLine =
  | { readonly kind: 'begin'; readonly write: Write }
  | { readonly kind: 'end' | 'refused'; readonly id: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'error' | 'damage'; readonly message?: string };

/** Pictures by `product/name`: what they carry. */
export type Shelf = ReadonlyMap<
  string,
  { readonly customContent: string; readonly number: number }
>;

/** Products that are in no state they may be in: what was acknowledged took effect, the rest wholly or not at all. */
export function findWrong(
  before: Shelf,
  lines: readonly HistoryLine[],
  found: Shelf,
): readonly unknown[] {
  const writes = lines.flatMap((line) => (line.kind === 'begin' ? [line.write] : []));
  return [...new Set(writes.map(({ productId }) => productId))].flatMap((product) => {
    const own = (shelf: Shelf): Shelf =>
      new Map([...shelf].filter(([key]) => key.startsWith(`${product}/`)));
    const history = writes.filter(({ productId }) => productId === product);
    const states = possibleStates(own(before), history, lines);
    const isRight = states.some((state) => textOf(state) === textOf(own(found)));
    return isRight ? [] : [{ product, found: own(found), states }];
  });
}

/** What a product's pictures are after a write, if it was of use. */
function apply(shelf: Shelf, { id, kind, productId, picName, number }: Write): Shelf {
  const key = `${productId}/${picName}`;
  if (kind === 'remove-product') return new Map();
  const next = new Map(shelf);
  if (kind === 'remove') next.delete(key);
  else if (kind === 'add' || next.has(key)) next.set(key, { customContent: id, number });
  return next;
}

function possibleStates(
  before: Shelf,
  writes: readonly Write[],
  lines: readonly HistoryLine[],
): readonly Shelf[] {
  const ended = new Set(lines.flatMap((line) => (line.kind === 'end' ? [line.id] : [])));
  const refused = new Set(lines.flatMap((line) => (line.kind === 'refused' ? [line.id] : [])));
  let states = [before];
  for (const write of writes) {
    const key = `${write.productId}/${write.picName}`;
    if (refused.has(write.id)) states = states.filter((state) => !state.has(key));
    else if (!ended.has(write.id)) states = states.flatMap((state) => [state, apply(state, write)]);
    else {
      const met = states.filter((state) => write.kind !== 'update' || state.has(key));
      states = met.map((state) => apply(state, write));
    }
    states = [...new Map(states.map((state) => [textOf(state), state])).values()];
  }
  return states;
}

/** Equal for shelves that hold the same. */
export function textOf(shelf: Shelf): string {
  return JSON.stringify([...shelf].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
