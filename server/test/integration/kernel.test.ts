import { expect, test } from '@jest/globals';

import { bindKernel, loadKernel } from '../../src/vectors/kernel/kernel.ts';
import { PAGE_BYTES, webAssembly } from '../../src/vectors/kernel/web-assembly.ts';
import { Random } from '../support/random-rows.ts';

const PAGES = 8;
const OUT = 8192;
const KEPT = 16_384;
const LIST = 24_576;
const ROWS_AT = 32_768;

const memory = new webAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
const kernel = bindKernel(loadKernel(), memory);
const random = new Random(7);
const [u32, f32, f64] = [
  new Uint32Array(memory.buffer),
  new Float32Array(memory.buffer),
  new Float64Array(memory.buffer),
];

/** From −limit to limit. */
function integer(limit: number): number {
  return random.below(2 * limit + 1) - limit;
}

function numbers(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** Fills rows and a query at 0: extreme where `isExtreme`, else anything. Answers them. */
function write(
  stride: number,
  from: number,
  count: number,
  isExtreme: boolean,
): { readonly query: Int16Array; readonly rows: readonly Int8Array[] } {
  const query = new Int16Array(memory.buffer, 0, stride);
  const rows = Array.from(
    { length: count },
    (_, i) => new Int8Array(memory.buffer, from + i * stride, stride),
  );
  for (let i = 0; i < stride; i += 1) query[i] = isExtreme ? 32_639 : integer(32_639);
  for (const row of rows)
    for (let i = 0; i < stride; i += 1) row[i] = isExtreme ? -128 : integer(127);
  return { query, rows };
}

function dot(query: Int16Array, row: Int8Array): number {
  return row.reduce((sum, value, i) => sum + value * (query[i] ?? 0), 0);
}

test.each([
  [32, 1, false],
  [32, 66, false],
  [96, 7, false],
  [512, 31, false],
  [512, 30, true],
  [2048, 9, true],
  [2048, 10, false],
])(
  'products of a run are exact: %i dimensions, %i rows, extreme %p',
  (stride, count, isExtreme) => {
    // Up to the last byte of the memory: what is touched ahead must not lie behind it.
    const even = count + (count % 2);
    const from = PAGES * PAGE_BYTES - even * stride;
    const { query, rows } = write(stride, from, count, isExtreme);
    kernel.dotsOfRun(from, stride, count, PAGES * PAGE_BYTES, 0, OUT);
    const expected = rows.map((row) => dot(query, row));
    expect([...f64.subarray(OUT / 8, OUT / 8 + count)]).toEqual(expected);
    u32.set(numbers(0, count), LIST / 4);
    kernel.dots(from, stride, LIST, count, 0, OUT);
    expect([...f64.subarray(OUT / 8, OUT / 8 + count)]).toEqual(expected);
  },
);

test.each([1, 4, 6, 515])('of a run of %i rows, those are kept that a list keeps', (count) => {
  const [norms, slacks] = [ROWS_AT, ROWS_AT + 4096];
  // What lies behind the last row would pass.
  for (let i = 0; i < count + 4; i += 1) {
    f64[OUT / 8 + i] = i < count ? random.next() : 2;
    f32[norms / 4 + i] = 1;
    f32[slacks / 4 + i] = random.next() / 10;
  }
  u32.set(numbers(0, count), LIST / 4);
  const keptOf = (kept: number): number[] => [...u32.subarray(KEPT / 4, KEPT / 4 + kept)];
  for (const least of [0.2, 0.95, 3]) {
    const listed = kernel.select(LIST, count, OUT, norms, slacks, 1, least, KEPT);
    const expected = keptOf(listed);
    expect(keptOf(kernel.selectRun(count, OUT, norms, slacks, 1, least, KEPT))).toEqual(expected);
  }
});

test('bits become the numbers of their rows', () => {
  u32.set([0xffff_ffff, 0, 0x8000_0001, 0xffff_fffe], ROWS_AT / 4);
  const rows = kernel.list(ROWS_AT, 4, 320, LIST);
  expect([...u32.subarray(LIST / 4, LIST / 4 + rows)]).toEqual([
    ...numbers(320, 352),
    384,
    415,
    ...numbers(417, 448),
  ]);
});
