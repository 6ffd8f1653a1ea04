import type { Calibration } from '../score/calibration.ts';

/**
 * A list is thinned out when it holds this many more than are wanted, at least. To sort a few often
 * is quicker than to look closer at the rows that a low bar lets through.
 */
const SPARE = 32;

/**
 * The best rows so far: at least the wanted number, and all that tie with the last of them. Rows
 * are added as they come; now and then those that cannot be among the best any more are dropped.
 */
export class Candidates {
  readonly #calibration: Calibration;
  readonly #wanted: number;
  readonly #byGroup: boolean;
  #ids: Float64Array;
  #cosines: Float64Array;
  #groups: Float64Array;
  #length = 0;
  #limit: number;
  #least: number;

  /** `byGroup`: groups are wanted, and of each only its best rows count. */
  constructor(calibration: Calibration, wanted: number, byGroup: boolean) {
    this.#calibration = calibration;
    this.#wanted = wanted;
    this.#byGroup = byGroup;
    this.#limit = wanted + SPARE;
    this.#ids = new Float64Array(this.#limit);
    this.#cosines = new Float64Array(this.#limit);
    this.#groups = new Float64Array(byGroup ? this.#limit : 0);
    this.#least = wanted === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  /** No row with a smaller cosine can be among the best. */
  get least(): number {
    return this.#least;
  }

  add(id: number, cosine: number, group: number): void {
    if (cosine < this.#least) return;
    if (this.#length === this.#limit) this.#thin();
    this.#ids[this.#length] = id;
    this.#cosines[this.#length] = cosine;
    if (this.#byGroup) this.#groups[this.#length] = group;
    this.#length += 1;
  }

  /** The rows left. */
  take(): { readonly ids: Float64Array; readonly cosines: Float64Array } {
    this.#thin();
    const [ids, cosines] = [this.#ids, this.#cosines];
    return { ids: ids.slice(0, this.#length), cosines: cosines.slice(0, this.#length) };
  }

  /** Drops what cannot be among the best, and raises {@link least}. */
  #thin(): void {
    if (this.#length > this.#wanted) {
      if (this.#byGroup) this.#thinGroups();
      else this.#thinRows();
    }
    this.#limit = Math.max(2 * this.#length, 2 * this.#wanted + SPARE);
    if (this.#limit <= this.#ids.length) return;
    this.#ids = extended(this.#ids, this.#limit);
    this.#cosines = extended(this.#cosines, this.#limit);
    if (this.#byGroup) this.#groups = extended(this.#groups, this.#limit);
  }

  #thinRows(): void {
    const sorted = this.#cosines.slice(0, this.#length).sort();
    this.#raise(sorted[this.#length - this.#wanted] ?? Number.NEGATIVE_INFINITY);
    this.#keep((i) => (this.#cosines[i] ?? 0) >= this.#least);
  }

  #thinGroups(): void {
    const best = new Map<number, number>();
    for (let i = 0; i < this.#length; i += 1) {
      const group = this.#groups[i] ?? 0;
      const cosine = this.#cosines[i] ?? 0;
      if (cosine > (best.get(group) ?? Number.NEGATIVE_INFINITY)) best.set(group, cosine);
    }
    if (best.size >= this.#wanted) {
      const sorted = Float64Array.from(best.values()).sort();
      this.#raise(sorted[sorted.length - this.#wanted] ?? Number.NEGATIVE_INFINITY);
    }
    this.#keep((i) => {
      const cosine = this.#cosines[i] ?? 0;
      if (cosine < this.#least) return false;
      const score = this.#calibration.scoreOf(best.get(this.#groups[i] ?? 0) ?? cosine);
      return this.#calibration.scoreOf(cosine) === score;
    });
  }

  /** Rows that tie with the last wanted one may come before it by their keys. */
  #raise(last: number): void {
    const floor = this.#calibration.floorOf(this.#calibration.scoreOf(last));
    if (floor > this.#least) this.#least = floor;
  }

  #keep(isKept: (i: number) => boolean): void {
    let kept = 0;
    for (let i = 0; i < this.#length; i += 1) {
      if (!isKept(i)) continue;
      this.#ids[kept] = this.#ids[i] ?? 0;
      this.#cosines[kept] = this.#cosines[i] ?? 0;
      if (this.#byGroup) this.#groups[kept] = this.#groups[i] ?? 0;
      kept += 1;
    }
    this.#length = kept;
  }
}

function extended(array: Float64Array, length: number): Float64Array {
  const longer = new Float64Array(length);
  longer.set(array);
  return longer;
}
