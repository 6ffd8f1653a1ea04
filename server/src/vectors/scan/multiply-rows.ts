import type { Kernel } from '../kernel/kernel.ts';
import { UNIT_ROWS } from '../limits.ts';
import type { ArenaView } from '../memory/arena-views.ts';

import { SCRATCH } from './scratch.ts';

/**
 * Where rows lie so near that this many times as many would be all between them, all are multiplied, and what is not wanted
 * is left: memory gives rows in a row four times as fast as others.
 */
const MAX_RUN_FACTOR = 2.5;

const RUN = Uint32Array.from({ length: UNIT_ROWS }, (_, row) => row);

/** Writes what {@link multiplyRows} needs beside rows. */
export function writeQuery({ i16, u32 }: ArenaView, query: Int16Array, scratch: number): void {
  i16.set(query, (scratch + SCRATCH.query) / 2);
  u32.set(RUN, (scratch + SCRATCH.run) / 4);
}

/** Writes the products of the query and the coarse planes of the `count` rows that are listed, ascending, at `list`. */
export function multiplyRows(
  {
    view,
    kernel,
    coarse,
  }: { readonly view: ArenaView; readonly kernel: Kernel; readonly coarse: number },
  {
    stride,
    list,
    count,
    scratch,
  }: {
    readonly stride: number;
    readonly list: number;
    readonly count: number;
    readonly scratch: number;
  },
): void {
  const [query, products] = [scratch + SCRATCH.query, scratch + SCRATCH.products];
  const first = view.u32[list / 4] ?? 0;
  const span = (view.u32[list / 4 + count - 1] ?? 0) - first + 1;
  if (span <= MAX_RUN_FACTOR * count) {
    kernel.dots(coarse + first * stride, stride, scratch + SCRATCH.run, span, query, products);
    if (span > count) kernel.gather(products, list, first, count);
  } else {
    kernel.touch(coarse, stride, list, count);
    kernel.dots(coarse, stride, list, count, query, products);
  }
}
