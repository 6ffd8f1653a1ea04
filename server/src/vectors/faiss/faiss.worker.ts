/**
 * The process that holds faiss's indexes: faiss aborts where it fails, and takes nobody else with it here. It does what it
 * is asked in order, and ends when its pipe does. `node faiss.worker.js MAIN_FILE_OF_FAISS_NODE`
 */
import { createRequire } from 'node:module';

import { readFloats, type Frame } from '../../processes/frames.ts';
import { WorkerPipe } from '../../processes/worker-pipe.ts';
import { writeAnswer, type FaissRequest } from './faiss-frames.ts';
import { withEffort } from './search-effort.ts';

/** As much of faiss-node as is used. It takes plain arrays alone. */
interface FaissIndex {
  ntotal(): number;
  isTrained(): boolean;
  train(rows: number[]): void;
  add(rows: number[]): void;
  search(query: number[], num: number): { readonly labels: readonly number[] };
  toBuffer(): Buffer;
}

interface Faiss {
  readonly Index: {
    fromFactory(dims: number, description: string, metric: number): FaissIndex;
    fromBuffer(written: Buffer): FaissIndex;
  };
  readonly MetricType: { readonly METRIC_INNER_PRODUCT: number };
}

interface Held {
  index: FaissIndex;
  sample: number[];
}

const pipe = new WorkerPipe();
const [, , mainFile = ''] = process.argv;
const faiss = createRequire(import.meta.url)(mainFile) as Faiss;
const held = new Map<number, Held>();
pipe.serve(answer);

async function answer({ head, body }: Frame): Promise<Frame> {
  try {
    return work(head as FaissRequest, body);
  } catch (error) {
    return writeAnswer({ kind: 'failed', message: (error as Error).message });
  }
}

function work(request: FaissRequest, body: Uint8Array): Frame {
  if (request.kind === 'create') create(request);
  const index = held.get(request.index);
  if (index === undefined) throw new Error('there is no such index');
  let labels: Int32Array | undefined;
  switch (request.kind) {
    case 'create':
      break;
    case 'sample':
      for (const each of readFloats(body)) index.sample.push(each);
      break;
    case 'train':
      train(index, request.effort);
      break;
    case 'add':
      index.index.add(Array.from(readFloats(body)));
      break;
    case 'search':
      labels = search(index.index, body, request.num);
      break;
    case 'drop':
      held.delete(request.index);
      break;
  }
  return writeAnswer({ kind: 'done', isTrained: index.index.isTrained() }, labels);
}

function create({ index, dims, description }: FaissRequest & { readonly kind: 'create' }): void {
  const metric = faiss.MetricType.METRIC_INNER_PRODUCT;
  held.set(index, { index: faiss.Index.fromFactory(dims, description, metric), sample: [] });
}

function train(each: Held, effort: number | undefined): void {
  if (!each.index.isTrained()) each.index.train(each.sample);
  each.sample = [];
  const changed = withEffort(each.index.toBuffer(), effort);
  if (changed !== undefined) each.index = faiss.Index.fromBuffer(changed);
}

/** faiss-node refuses to look for more than there are. */
function search(index: FaissIndex, query: Uint8Array, num: number): Int32Array {
  const wanted = Math.min(num, index.ntotal());
  if (wanted === 0) return new Int32Array(0);
  return Int32Array.from(index.search(Array.from(readFloats(query)), wanted).labels);
}
