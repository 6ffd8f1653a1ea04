/**
 * Measures what tags take in memory, and how fast they are filtered by, beside an integer attribute.
 *
 *     npm run build && node --expose-gc server/bench/tags.bench.mjs [--rows 1000000] [--keys 100000] [--rounds 20]
 *
 * Needs no network, and 2.5 GB of memory for a million rows. Vectors are short: tags are what is measured. Prints the
 * tables that README.md shows.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

import { createVectorEngine } from '../dist/vectors/create-vector-engine.js';

const { values: args } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    keys: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '20' },
  },
});
const ROWS = Number(args.rows);
const KEYS = Number(args.keys);
const ROUNDS = Number(args.rounds);
const WORD_ROUNDS = 3;
const DIMS = 8;
const VECTOR = Float32Array.from({ length: DIMS }, () => 1 / Math.sqrt(DIMS));
const CALIBRATION = [
  [-1, 0],
  [1, 1],
];

/** Of a shop: name, share of the pictures that have it, and its value. */
const TAGS = [
  ['count', 1, (random) => below(random, 100)],
  ['color', 1, (random) => `color ${below(random, 20)}`],
  ['season', 1, (random) => `season ${below(random, 4)}`],
  ['category', 1, (random) => `category ${below(random, 300)}`],
  ['brand', 1, (random) => `brand ${below(random, 5000)}`],
  ['price', 1, (random) => below(random, 100_000) / 100],
  ['stock', 1, (random) => below(random, 1000)],
  ['rating', 0.9, (random) => below(random, 50) / 10],
  ['new', 0.9, (random) => random() < 0.2],
  ['sizes', 0.8, (random) => ['s', 'm', 'l'].slice(0, 1 + below(random, 3))],
  ['material', 0.7, (random) => `material ${below(random, 40)}`],
  ['weight', 0.6, (random) => below(random, 5000) / 1000],
  ['sleeve', 0.5, (random) => `sleeve ${below(random, 5)}`],
  ['neck', 0.5, (random) => `neck ${below(random, 8)}`],
  ['discount', 0.3, (random) => below(random, 70)],
  ['heel', 0.2, (random) => below(random, 120) / 10],
  ['strap', 0.1, (random) => `strap ${below(random, 6)}`],
  ['waterproof', 0.05, () => true],
  ['carat', 0.02, (random) => below(random, 500) / 100],
  ['edition', 0.01, (random) => below(random, 999)],
];

/** Numbers of one tag, and the shares of rows that have it. */
const NUMBERS = {
  'prices to the cent': (random) => below(random, 100_000) / 100,
  'milliseconds since 1970': (random) => 1.79e12 + below(random, 1e9),
  'any double': (random) => random() * 100 + random() / 2 ** 40,
};
const SHARES = [1, 0.9, 0.5, 0.1];

let state = 7;
// Rows are left where they were put: laying them out anew would be measured too.
const engine = createVectorEngine({ workers: 2, minClusteredRows: Number.POSITIVE_INFINITY });
console.log(`${ROWS} rows, ${TAGS.length} tags\n`);
console.log('| rows | values | shared memory a value | heap a value | both |');
console.log('|---|---|---|---|---|');
const bare = await fill(ROWS, () => ({}));
const tagged = await fill(ROWS, shopTags);
report(`${ROWS} with 20 tags`, tagged, bare);
console.log(`\n${ROUNDS} rounds\n`);
console.log('| filter | rows found | counted in ms | beside the first |');
console.log('|---|---|---|---|');
await measureFilters(tagged.index);
await measureWords(tagged.index);
tagged.index.close();
bare.index.close();
console.log('\n| rows | values | shared memory a value | heap a value | both |');
console.log('|---|---|---|---|---|');
const plain = await fill(KEYS, () => ({}));
const rare = await fill(KEYS, (_, i) => ({ [`key number ${i}`]: i }));
report(`${KEYS} keys used once, a number each`, rare, plain);
rare.index.close();
const named = await fill(KEYS, (_, i) => ({ [`key number ${i}`]: `value number ${i}` }));
report(`${KEYS} keys used once, a text each`, named, plain);
const once = { kind: 'compare', field: 'key number 777', operator: '=', value: 'value number 777' };
const counts = [];
for (let round = 0; round < ROUNDS; round += 1) counts.push(await timeCount(named.index, once));
console.log(`\na filter on one of those keys: ${median(counts)} ms`);
named.index.close();
console.log('\n| a number in a share of the rows | bytes a value |');
console.log('|---|---|');
for (const [kind, valueOf] of Object.entries(NUMBERS))
  for (const share of SHARES) await measureNumbers(kind, share, valueOf);
await engine.close();

/** What the values of one tag take beside the same rows without it. */
async function measureNumbers(kind, share, valueOf) {
  const { index, shared, values } = await fill(KEYS, (random, i) =>
    random() < share ? { number: valueOf(random, i) } : {},
  );
  const bytes = (shared - plain.shared) / values;
  console.log(`| ${kind}, ${share * 100} % | ${bytes.toFixed(2)} |`);
  index.close();
}

async function fill(rows, attributesOf) {
  const before = await memory();
  const index = engine.createIndex({ dims: DIMS, calibration: CALIBRATION });
  const random = createRandom();
  const began = performance.now();
  let values = 0;
  for (let i = 0; i < rows; i += 1) {
    const attributes = attributesOf(random, i);
    values += Object.keys(attributes).length;
    const key = `p${i}`;
    index.put({ key, group: key, category: 0, vector: VECTOR, attributes, revision: i });
  }
  const putMs = performance.now() - began;
  const after = await memory();
  return {
    index,
    values,
    putMs,
    shared: after.shared - before.shared,
    heap: after.heap - before.heap,
  };
}

function shopTags(random) {
  const attributes = {};
  for (const [name, share, valueOf] of TAGS)
    if (share === 1 || random() < share) attributes[name] = valueOf(random);
  return attributes;
}

function report(title, { values, shared, heap }, bare) {
  const [ofShared, ofHeap] = [(shared - bare.shared) / values, (heap - bare.heap) / values];
  console.log(
    `| ${title} | ${values} | ${ofShared.toFixed(2)} | ${ofHeap.toFixed(2)} | ${(ofShared + ofHeap).toFixed(2)} |`,
  );
}

async function measureFilters(index) {
  const filters = [
    { name: 'count < 10', filter: compare('count', '<', 10) },
    { name: 'stock < 100', filter: compare('stock', '<', 100) },
    { name: 'price < 100', filter: compare('price', '<', 100) },
    { name: 'color = color 3', filter: compare('color', '=', 'color 3') },
    { name: 'rating >= 4.5', filter: compare('rating', '>=', 4.5) },
    { name: 'sizes = l', filter: compare('sizes', '=', 'l') },
    { name: 'sleeve = sleeve 1', filter: compare('sleeve', '=', 'sleeve 1') },
    { name: 'discount < 7', filter: compare('discount', '<', 7) },
    { name: 'strap != strap 1', filter: compare('strap', '!=', 'strap 1') },
    { name: 'edition = 5', filter: compare('edition', '=', 5) },
    { name: 'brand like 49', filter: { kind: 'like', field: 'brand', negated: false, text: '49' } },
  ];
  const [{ filter: base }] = filters;
  for (const { name, filter } of filters) {
    const { found } = await index.list({ filter, start: 0, num: 0 });
    const [rounds, ratios] = [[], []];
    for (let round = -3; round < ROUNDS; round += 1) {
      // In turn, so that whatever else the machine does meets both.
      const [baseMs, ms] = [await timeCount(index, base), await timeCount(index, filter)];
      if (round < 0) continue;
      rounds.push(ms);
      ratios.push(ms / baseMs);
    }
    console.log(`| ${name} | ${found} | ${median(rounds)} | ${median(ratios)} |`);
  }
}

/** Searches by words, which every row's texts and names are looked through for. */
async function measureWords(index) {
  console.log('\n| words | rows found | ms | longest hold of the event loop, ms |');
  console.log('|---|---|---|---|');
  for (const text of ['leather', 'brand', 'color 3 sleeve', 'p777']) {
    const words = text.split(' ').map((word) => [word]);
    const query = { words, start: 0, num: 10, minScore: 0, distinct: false };
    const [rounds, holds] = [[], []];
    let found = 0;
    for (let round = -1; round < WORD_ROUNDS; round += 1) {
      const delays = monitorEventLoopDelay({ resolution: 1 });
      delays.enable();
      const start = performance.now();
      ({ found } = await index.searchWords(query));
      const ms = performance.now() - start;
      await new Promise((resolve) => setTimeout(resolve, 5));
      delays.disable();
      if (round < 0) continue;
      rounds.push(ms);
      holds.push(delays.max / 1e6);
    }
    console.log(`| ${text} | ${found} | ${median(rounds)} | ${Math.max(...holds).toFixed(1)} |`);
  }
}

/** Counts the rows that pass. */
async function timeCount(index, filter) {
  const start = performance.now();
  await index.list({ filter, start: 0, num: 0 });
  return performance.now() - start;
}

function median(samples) {
  return samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)].toFixed(2);
}

async function memory() {
  for (let i = 0; i < 4; i += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, arrayBuffers, external } = process.memoryUsage();
  return { shared: engine.allocatedBytes, heap: heapUsed + Math.min(arrayBuffers, external) };
}

function compare(field, operator, value) {
  return { kind: 'compare', field, operator, value };
}

function below(random, limit) {
  return Math.floor(random() * limit);
}

/** mulberry32 */
function createRandom() {
  state = 7;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
