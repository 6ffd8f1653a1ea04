import type { Kernel } from '../kernel/kernel.ts';
import type { ArenaView } from '../memory/arena-views.ts';

import { SCRATCH } from './scratch.ts';

/**
 * Where rows lie so near that this many times as many would be all between them, all are multiplied, and what is not wanted
 * is left: memory gives rows in a row four times as fast as others.
 */
const MAX_RUN_FACTOR = 2.5;

/** Where a chunk's rows are, in the memory of the view and the kernel. */
export interface RowPlanes {
  readonly view: ArenaView;
  readonly kernel: Kernel;
  readonly coarse: number;
  readonly residual: number;
  readonly norms: number;
  readonly slacks: number;
}

/** Ascending numbers of rows, uint32, `count` of them at `list`. */
export interface RowList {
  readonly stride: number;
  readonly list: number;
  readonly count: number;
}

/**
 * Multiplies the coarse planes of the listed rows with the query in the scratch. Writes all products
 * there and the positions of those whose cosine may be `least` or more: product · factor / |w| + slack.
 *
 * @returns how many these are
 */
export function selectRows(
  { view, kernel, coarse, residual, norms, slacks }: RowPlanes,
  { stride, list, count }: RowList,
  {
    scratch,
    factor,
    least,
  }: { readonly scratch: number; readonly factor: number; readonly least: number },
): number {
  const [query, products] = [scratch + SCRATCH.query, scratch + SCRATCH.products];
  const kept = scratch + SCRATCH.kept;
  const first = view.u32[list / 4] ?? 0;
  const span = (view.u32[list / 4 + count - 1] ?? 0) - first + 1;
  if (span <= MAX_RUN_FACTOR * count) {
    kernel.dotsOfRun(coarse + first * stride, stride, span, residual, query, products);
    if (span === count) {
      const [itsNorms, itsSlacks] = [norms + first * 4, slacks + first * 4];
      return kernel.selectRun(count, products, itsNorms, itsSlacks, factor, least, kept);
    }
    kernel.gather(products, list, first, count);
  } else {
    kernel.touch(coarse, stride, list, count);
    kernel.dots(coarse, stride, list, count, query, products);
  }
  return kernel.select(list, count, products, norms, slacks, factor, least, kept);
}
