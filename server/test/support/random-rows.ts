import type { Attributes, AttributeValue, Filter, Scalar } from '@likeness/shared/filter';

import type { IndexRow, VectorQuery, WordQuery } from '../../src/vectors/vector-index.ts';

/** A stream of numbers from 0 to 1 that a seed decides (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** Normally distributed, more or less: the sum of four even ones. */
  normal(): number {
    return this.next() + this.next() + this.next() + this.next() - 2;
  }
}

const TEXTS = ['red', 'green', 'dark red', '5', '05', '7.5', ' 5 ', '', 'é', '\u{1F600}', '\uFFFD'];
const WORDS = ['red', 'dark', 'green', '5', 'é', 'p', '7', 'z', 'nothing'];
const NUMBERS = [0, 1, 5, -3, 7.5, 5.000001, 2 ** 31, -(2 ** 31), 2 ** 40];
const FIELDS = ['int_attr', 'str_attr', 'mixed', 'listed', '__proto__'];
/** More names than an index gives columns to. */
const MORE_FIELDS = 50;
const OPERATORS = ['=', '!=', '<', '<=', '>', '>='] as const;

/** Keys with every kind of neighbour: prefixes of one another, surrogates beside U+FFFD, empty parts. */
const KEY_ENDS = ['', '/', '/a', '\u{1F600}', '\uFFFD', 'é', 'Z'];

/** Rows as collections have them: clustered, with exact duplicates and near ties. */
export class RandomRows {
  readonly random: Random;
  readonly #dims: number;
  readonly #centres: readonly Float32Array[];
  readonly #made: Float32Array[] = [];
  #revision = 0;

  constructor(seed: number, dims: number) {
    this.random = new Random(seed);
    this.#dims = dims;
    this.#centres = Array.from({ length: 6 }, () => this.around(undefined, 1));
  }

  key(): string {
    return `p${this.random.below(400)}${this.random.pick(KEY_ENDS)}`;
  }

  vector(): Float32Array {
    const { random } = this;
    const made = this.#made.length === 0 ? undefined : random.pick(this.#made);
    const roll = random.next();
    const vector =
      made !== undefined && roll < 0.15
        ? made
        : made !== undefined && roll < 0.3
          ? this.around(made, 0.0002)
          : this.around(random.pick(this.#centres), random.chance(0.5) ? 0.1 : 0.6);
    this.#made.push(vector);
    return vector;
  }

  row(): IndexRow {
    this.#revision += 1;
    return {
      key: this.key(),
      group: `g${this.random.below(60)}`,
      category: this.random.pick([0, 0, 0, 1, 2, 88_888_888]),
      vector: this.vector(),
      attributes: this.attributes(),
      revision: this.#revision,
    };
  }

  attributes(): Attributes {
    const { random } = this;
    const attributes: [string, AttributeValue][] = [];
    if (random.chance(0.8)) attributes.push(['int_attr', random.below(20) - 5]);
    if (random.chance(0.7)) attributes.push(['str_attr', random.pick(TEXTS)]);
    if (random.chance(0.5)) attributes.push(['mixed', this.scalar()]);
    if (random.chance(0.3))
      attributes.push(['listed', Array.from({ length: random.below(3) }, () => this.scalar())]);
    if (random.chance(0.1)) attributes.push(['__proto__', this.scalar()]);
    for (let i = random.chance(0.3) ? 2 : 0; i > 0; i -= 1)
      attributes.push([
        `tag${random.below(MORE_FIELDS)}`,
        random.chance(0.2) ? [this.scalar()] : this.scalar(),
      ]);
    return Object.fromEntries(attributes);
  }

  scalar(): Scalar {
    const { random } = this;
    return random.pick<Scalar>([random.pick(TEXTS), random.pick(NUMBERS), random.chance(0.5)]);
  }

  filter(depth = 2): Filter {
    const { random } = this;
    if (depth > 0 && random.chance(0.4)) {
      const terms = Array.from({ length: random.below(4) }, () => this.filter(depth - 1));
      return { kind: random.pick(['and', 'or']), terms };
    }
    const field = random.chance(0.2)
      ? `tag${random.below(MORE_FIELDS)}`
      : random.pick([...FIELDS, 'unknown']);
    const negated = random.chance(0.3);
    const roll = random.next();
    if (roll < 0.15) return { kind: 'like', field, negated, text: random.pick(['', 're', '5']) };
    if (roll < 0.35) {
      const values = Array.from({ length: random.below(8) }, () => this.scalar());
      return { kind: 'in', field, negated, values };
    }
    const value = field === 'int_attr' ? random.below(20) - 5 : this.scalar();
    return { kind: 'compare', field, operator: random.pick(OPERATORS), value };
  }

  query(): VectorQuery {
    const { random } = this;
    const pinnedKey = random.chance(0.2) ? this.key() : undefined;
    return {
      vector: this.vector(),
      start: random.chance(0.6) ? 0 : random.below(60),
      num: random.pick([0, 1, 3, 10, 10, 50, 500]),
      minScore: random.chance(0.5) ? 0 : random.below(101) / 100,
      distinct: random.chance(0.4),
      ...(random.chance(0.6) ? { filter: this.filter() } : {}),
      ...(random.chance(0.3) ? { categories: random.pick([[0], [1, 2], [7], []]) } : {}),
      ...(pinnedKey === undefined ? {} : { pinnedKey }),
    };
  }

  wordQuery(): WordQuery {
    const { random } = this;
    const { start, num, minScore, distinct, filter } = this.query();
    const words = Array.from({ length: 1 + random.below(4) }, () => [random.pick(WORDS), 'zebra']);
    return { words, start, num, minScore, distinct, ...(filter && { filter }) };
  }

  /** A unit vector about a centre: the wider the spread, the farther. */
  around(centre: Float32Array | undefined, spread: number): Float32Array {
    const vector = new Float32Array(this.#dims);
    const scale = spread / Math.sqrt(this.#dims);
    for (let i = 0; i < this.#dims; i += 1)
      vector[i] = (centre?.[i] ?? 0) + scale * 1.7 * this.random.normal();
    const length = Math.hypot(...vector) || 1;
    return vector.map((component) => component / length);
  }
}
