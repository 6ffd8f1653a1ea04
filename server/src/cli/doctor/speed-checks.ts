/** Measurements of a few seconds, each on its own, and what they let expect. */
import { availableParallelism, loadavg } from 'node:os';

import type { Catalog, CollectionInfo } from '../../catalog/catalog.ts';
import { createVectorEngine } from '../../vectors/create-vector-engine.ts';
import {
  addsPerSecond,
  scanMsOf,
  searchesPerSecond,
  type Capacity,
  type Measured,
} from './estimates.ts';
import { attempt, fine, type Finding } from './finding.ts';
import { floatGraph, integerGraph, type PrecisionGraph } from './precision-graphs.ts';
import { drawPhotograph, PHOTOGRAPH } from './test-pictures.ts';

/** Vectors that are scanned for each millisecond of measuring: more than a processor's cache holds, at the default. */
const ROWS_PER_MS = 40;
const MIN_ROWS = 1000;
const SCANS = 15;
const PRECISION_RUNS = 30;
const ADVICE = 'Put right what failed above; if nothing did, report it with this output.';
const LINEAR = [
  [-1, 0],
  [1, 1],
] as const;
const SIZES = [100_000, 1_000_000];

export interface SpeedOptions {
  readonly dims: number;
  readonly workers: number;
  readonly benchmarkMs: number;
}

/** Adds and searches a second that may be expected, told by a catalog with one vision process. */
export async function estimateSpeed(
  catalog: Catalog,
  collection: CollectionInfo,
  { dims, workers, benchmarkMs }: SpeedOptions,
): Promise<readonly Finding[]> {
  const capacity = { cores: availableParallelism(), workers };
  const picture = await drawPhotograph();
  const adds = await attempt('adding', ADVICE, async () => {
    const addMs = await medianMs(benchmarkMs / 2, (number) => {
      const image = { productId: 'speed', picName: String(number), picture, crop: true };
      return catalog.addImage(collection, { ...image, customContent: '', attributes: {} });
    });
    return fine('adding', describeAdds(addMs, capacity));
  });
  const searches = await attempt('searching', ADVICE, async () => {
    const query = { kind: 'picture', picture, crop: true } as const;
    const lookMs = await medianMs(benchmarkMs / 2, () =>
      catalog.search(collection, { query, start: 0, num: 10, minScore: 0, distinct: false }),
    );
    const scannedRows = Math.max(MIN_ROWS, Math.round(benchmarkMs * ROWS_PER_MS));
    const scanMs = await measureScan(scannedRows, dims);
    return fine('searching', describeSearches({ lookMs, scanMs, scannedRows }, capacity));
  });
  return [adds, searches];
}

function describeAdds(addMs: number, capacity: Capacity): string {
  const perSecond = addsPerSecond(addMs, capacity).toFixed(0);
  return `about ${perSecond} pictures a second (JPEG of ${PHOTOGRAPH}, ${capacity.workers} vision processes)${doubt(capacity)}`;
}

function describeSearches(measured: Measured, capacity: Capacity): string {
  const among = SIZES.map((images) => {
    const perSecond = searchesPerSecond(measured, capacity, images).toFixed(0);
    return `${perSecond} among ${images.toLocaleString('en')} images (${scanMsOf(measured, images).toFixed(0)} ms to compare them)`;
  });
  return `about ${among.join(', ')} a second by picture; cells, once they are laid, compare fewer${doubt(capacity)}`;
}

/** It was reckoned from one thing at a time, on what the machine had to spare. */
function doubt({ cores }: Capacity): string {
  const [load = 0] = loadavg();
  return load > cores
    ? `; the machine is busy now (load ${load.toFixed(0)}), so expect more when it is not`
    : '; an estimate';
}

/** Which weights a network should have here. */
export function checkPrecision(): Promise<Finding> {
  return attempt('precision', ADVICE, async () => {
    const [integer, float] = [await openGraph(integerGraph()), await openGraph(floatGraph())];
    const times = { integer: [] as number[], float: [] as number[] };
    for (let run = 0; run < PRECISION_RUNS; run += 1) {
      times.integer.push(await timeMs(integer));
      times.float.push(await timeMs(float));
    }
    const ratio = median(times.float) / median(times.integer);
    const [faster, factor] = ratio >= 1 ? ['8 bits', ratio] : ['32 bits', 1 / ratio];
    return fine(
      'precision',
      `weights of ${faster} are ${factor.toFixed(1)} times as fast as the others (matrix products on one thread); the embedded pack has 8`,
    );
  });
}

async function openGraph({ model, type, dims }: PrecisionGraph): Promise<() => Promise<unknown>> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const size = dims.reduce((product, each) => product * each, 1);
  const data = type === 'uint8' ? new Uint8Array(size).fill(3) : new Float32Array(size).fill(3);
  const input = new Tensor(type, data, dims);
  return () => session.run({ x: input });
}

/** The median scan of an index whose rows nobody will ask for. */
async function measureScan(rows: number, dims: number): Promise<number> {
  const engine = createVectorEngine({ minClusteredRows: Number.POSITIVE_INFINITY });
  try {
    const index = engine.createIndex({ dims, calibration: LINEAR });
    const vectors = makeNoise(dims);
    for (let i = 0; i < rows; i += 1) {
      const key = String(i);
      const vector = vectors(i);
      index.put({ key, group: key, category: 0, vector, attributes: {}, revision: i });
    }
    const query = { start: 0, num: 10, minScore: 0, distinct: false };
    const times: number[] = [];
    for (let i = 0; i < SCANS; i += 1) {
      times.push(await timeMs(() => index.search({ ...query, vector: vectors(i * 31) })));
    }
    return median(times);
  } finally {
    await engine.close();
  }
}

/** Vectors of about unit length, cut out of one long noise. */
function makeNoise(dims: number): (number: number) => Float32Array {
  const length = 65_536;
  let state = 7;
  const noise = Float32Array.from({ length: length + dims }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return ((state >> 8) / 2 ** 23) * Math.sqrt(3 / dims);
  });
  return (number) => {
    const start = (number * 17) % length;
    return noise.subarray(start, start + dims);
  };
}

/** Of one task after the other, for a while. */
async function medianMs(
  forMs: number,
  task: (number: number) => Promise<unknown>,
): Promise<number> {
  await task(0);
  const times: number[] = [];
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs || times.length === 0) {
    times.push(await timeMs(() => task(times.length + 1)));
  }
  return median(times);
}

async function timeMs(task: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await task();
  return performance.now() - startMs;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
