/** Vectors shaped like embeddings, made from a seed: clusters of clusters on the unit sphere. */

const CLUSTERS = 300;
const PARTS = 20;

/** A stream of numbers from 0 to 1 that a seed decides. */
export function createRandom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}

/** Rows one after the other: `row()` answers the next vector and the number of its cluster. */
export class Embeddings {
  #random;
  #dims;
  #parts = [];

  constructor(dims, seed = 7) {
    this.#random = createRandom(seed);
    this.#dims = dims;
    for (let cluster = 0; cluster < CLUSTERS; cluster += 1) {
      const centre = this.around(undefined, 1);
      for (let part = 0; part < PARTS; part += 1) this.#parts.push(this.around(centre, 0.7));
    }
  }

  get random() {
    return this.#random;
  }

  row() {
    const part = Math.floor(this.#random() * this.#parts.length);
    return { vector: this.around(this.#parts[part], 0.5), cluster: Math.floor(part / PARTS) };
  }

  /** A unit vector about a centre: the wider the spread, the farther. */
  around(centre, spread) {
    const vector = new Float32Array(this.#dims);
    const scale = (spread * 1.732) / Math.sqrt(this.#dims);
    let squares = 0;
    for (let i = 0; i < this.#dims; i += 1) {
      const random = this.#random;
      const normal = random() + random() + random() + random() - 2;
      vector[i] = (centre?.[i] ?? 0) + scale * normal;
      squares += vector[i] * vector[i];
    }
    const length = Math.sqrt(squares);
    for (let i = 0; i < this.#dims; i += 1) vector[i] /= length;
    return vector;
  }
}

/**
 * A row of the benches' collections. `scattered` and `clustered` are below n for n in 10,000 rows:
 * the one anywhere, the other in neighbouring clusters.
 */
export function benchRow(embeddings, number) {
  const { vector, cluster } = embeddings.row();
  const within = embeddings.random();
  return {
    key: `product-${String(number).padStart(8, '0')}\u0000picture-${number % 3}`,
    group: `product-${String(number).padStart(8, '0')}`,
    category: 0,
    vector,
    attributes: {
      scattered: Math.floor(embeddings.random() * 10_000),
      clustered: Math.floor(((cluster + within) / CLUSTERS) * 10_000),
    },
    revision: number,
  };
}

/** A search as a page asks for it. */
export function topOf(vector, num, filter) {
  const query = { vector, start: 0, num, minScore: 0, distinct: false };
  return filter === undefined ? query : { ...query, filter };
}

export const LINEAR = [
  [-1, 0],
  [1, 1],
];
