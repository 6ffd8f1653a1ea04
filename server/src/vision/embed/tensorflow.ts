/** TensorFlow.js: never a dependency, loaded for packs that ask for it where the user installed it. */
import { createRequire } from 'node:module';

import { PackError } from '../pack/load-pack.ts';

/** Packages that bring everything, the fastest first. */
const WHOLE = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;
/** What `@tensorflow/tfjs` and its WASM backend consist of, as far as a graph needs it. */
const CORE = '@tensorflow/tfjs-core';
const CONVERTER = '@tensorflow/tfjs-converter';
const WASM = '@tensorflow/tfjs-backend-wasm';

const ADVICE =
  'The model pack runs on TensorFlow.js, which is not installed. Run, in the folder that Likeness is installed in: ' +
  `npm install @tensorflow/tfjs ${WASM}, or one of ${WHOLE.join(', ')}.`;

export interface TensorflowTensor {
  readonly dtype: string;
  data(): Promise<Float32Array | Int32Array | Uint8Array>;
  dispose(): void;
}

export interface TensorflowModel {
  readonly inputs: readonly { readonly name: string; readonly dtype: string }[];
  /** Throws for a graph whose control flow depends on its input. */
  execute(
    inputs: Readonly<Record<string, TensorflowTensor>>,
    outputs: readonly string[],
  ): TensorflowTensor | readonly TensorflowTensor[];
  dispose(): void;
}

/** As much of TensorFlow.js as is used. */
export interface Tensorflow {
  readonly io: { fromMemory(artifacts: Readonly<Record<string, unknown>>): unknown };
  loadGraphModel(handler: unknown): Promise<TensorflowModel>;
  tensor(
    values: Float32Array | Int32Array,
    shape: readonly number[],
    dtype: string,
  ): TensorflowTensor;
}

interface CorePackage extends Omit<Tensorflow, 'loadGraphModel'> {
  env(): { set(flag: string, value: boolean): void };
  setBackend(name: string): Promise<boolean>;
}

/** Whether a package can be loaded from here. */
export type IsInstalled = (name: string) => boolean;

/**
 * Makes sure that TensorFlow.js is installed, and loads nothing.
 *
 * @throws {PackError} that says what to install
 */
export function requireTensorflow(isInstalled: IsInstalled = canResolve): void {
  const isThere = WHOLE.some(isInstalled) || [CORE, CONVERTER, WASM].every(isInstalled);
  if (!isThere) throw new PackError(ADVICE);
}

/**
 * The fastest TensorFlow.js that is installed. The WASM backend runs on one thread, so that a vision process keeps one core
 * busy, and the same pixels give the same bits.
 *
 * @throws {PackError} where none is
 */
export async function loadTensorflow(): Promise<Tensorflow> {
  requireTensorflow();
  const name = WHOLE.find(canResolve);
  if (name !== undefined) return load<Tensorflow>(name);
  const core = await load<CorePackage>(CORE);
  const converter = await load<Pick<Tensorflow, 'loadGraphModel'>>(CONVERTER);
  await load(WASM);
  core.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await core.setBackend('wasm'))) throw new PackError(`${WASM} does not start here`);
  return {
    io: core.io,
    tensor: (values, shape, dtype) => core.tensor(values, shape, dtype),
    loadGraphModel: (handler) => converter.loadGraphModel(handler),
  };
}

/** These are CommonJS, whose names Node does not always see. */
async function load<Module>(name: string): Promise<Module> {
  const loaded = (await import(name)) as { readonly default?: Module };
  return loaded.default ?? (loaded as Module);
}

function canResolve(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
