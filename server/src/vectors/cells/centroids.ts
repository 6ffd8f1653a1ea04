import { bindKernel, type Kernel } from '../kernel/kernel.ts';
import { PAGE_BYTES, webAssembly, type KernelModule } from '../kernel/web-assembly.ts';

const LARGEST_INT8 = 127;

/** Centroids as integers: what is saved, and sent to threads. */
export interface CentroidPlane {
  readonly stride: number;
  /** `stride` int8 a centroid. */
  readonly plane: Int8Array;
  /** 1 / |integers|; 0 for a zero vector. */
  readonly inverseNorms: Float32Array;
}

/** Directions that cells lie around, in a memory of their own, so that the kernel compares them all at once. */
export class Centroids {
  readonly count: number;
  readonly #stride: number;
  readonly #kernel: Kernel;
  readonly #query: Int16Array;
  readonly #plane: Int8Array;
  readonly #inverseNorms: Float32Array;
  /** Where the centroids end, and their products begin. */
  readonly #out: number;
  readonly #products: Float64Array;

  constructor(module: KernelModule, stride: number, count: number) {
    const planeBytes = stride * count;
    this.#out = stride * 2 + planeBytes;
    // The kernel takes an even number of them.
    const bytes = this.#out + Math.max(stride, (count + 1) * 8);
    const pages = Math.ceil(bytes / PAGE_BYTES);
    const memory = new webAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.count = count;
    this.#stride = stride;
    this.#kernel = bindKernel(module, memory);
    this.#query = new Int16Array(memory.buffer, 0, stride);
    this.#plane = new Int8Array(memory.buffer, stride * 2, planeBytes);
    this.#inverseNorms = new Float32Array(count);
    this.#products = new Float64Array(memory.buffer, this.#out, count);
  }

  static from(module: KernelModule, { stride, plane, inverseNorms }: CentroidPlane): Centroids {
    const centroids = new Centroids(module, stride, inverseNorms.length);
    centroids.#plane.set(plane);
    centroids.#inverseNorms.set(inverseNorms);
    return centroids;
  }

  /** A copy. */
  get plane(): CentroidPlane {
    const plane = new Int8Array(this.#plane);
    return { stride: this.#stride, plane, inverseNorms: this.#inverseNorms.slice() };
  }

  /** Gives a centroid the direction of a vector. */
  set(centroid: number, vector: Float32Array): void {
    let largest = 0;
    for (const component of vector) largest = Math.max(largest, Math.abs(component));
    const scale = largest === 0 ? 0 : LARGEST_INT8 / largest;
    const integers = this.#plane.subarray(centroid * this.#stride, (centroid + 1) * this.#stride);
    let squares = 0;
    for (const [i, component] of vector.entries()) {
      const integer = Math.round(component * scale);
      integers[i] = integer;
      squares += integer * integer;
    }
    this.#inverseNorms[centroid] = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  }

  /** Writes the cosine of each centroid with a vector of integers. */
  cosines(integers: Int8Array | Int16Array, inverseNorm: number, cosines: Float64Array): void {
    this.#multiply(integers);
    for (let i = 0; i < this.count; i += 1)
      cosines[i] = (this.#products[i] ?? 0) * (this.#inverseNorms[i] ?? 0) * inverseNorm;
  }

  /** The centroid with the largest cosine. */
  nearest(integers: Int8Array | Int16Array): {
    readonly centroid: number;
    readonly product: number;
  } {
    this.#multiply(integers);
    let [centroid, product] = [0, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < this.count; i += 1) {
      const scaled = (this.#products[i] ?? 0) * (this.#inverseNorms[i] ?? 0);
      if (scaled <= product) continue;
      centroid = i;
      product = scaled;
    }
    return { centroid, product };
  }

  #multiply(integers: Int8Array | Int16Array): void {
    this.#query.set(integers);
    const [stride, out] = [this.#stride, this.#out];
    this.#kernel.dotsOfRun(stride * 2, stride, this.count, out, 0, out);
  }
}
