/**
 * Counts the memory of an index: shared and heap, a row.
 *
 *     npm run bench:memory -- [--rows 100000] [--dims 512]
 *
 * Needs no network. Best with `--expose-gc`, as the npm script has it.
 */
import { createVectorEngine } from '../dist/vectors/create-vector-engine.js';
import { FilledIndex } from './filled-index.mjs';
import { readIndexArguments } from './index-arguments.mjs';
import { table } from './statistics.mjs';

const { rows, dims, workers } = readIndexArguments();

const engine = createVectorEngine({ workers });
const before = measure();
const { index } = new FilledIndex(engine, { dims }).fillTo(rows);
const written = measure();
await index.cells.settle();
const inCells = measure();
const bar = 2.2 * dims + 200;
console.log(`${rows} rows of ${dims} dimensions; bytes a row, of ${bar.toFixed(0)} allowed\n`);
console.log(
  table(
    ['', 'shared', 'heap', 'together', '/ allowed', 'resident'],
    [line('as written', written), line('in cells', inCells)],
  ),
);
await engine.close();

function measure() {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { shared: engine.allocatedBytes, heap: heapUsed + arrayBuffers, resident: rss };
}

function line(name, { shared, heap, resident }) {
  const [sharedBytes, heapBytes] = [shared / rows, (heap - before.heap) / rows];
  const together = sharedBytes + heapBytes;
  return [
    name,
    sharedBytes.toFixed(0),
    heapBytes.toFixed(0),
    together.toFixed(0),
    (together / bar).toFixed(2),
    ((resident - before.resident) / rows).toFixed(0),
  ];
}
