/** Keys between which records were erased, both ends in it. */
export interface ErasedSpan {
  readonly from: Buffer;
  readonly to: Buffer;
}

/** Rows between two places where a span may be cut: some 25 MB of records. */
const ROWS_PER_CUT = 4_096;

/** Keys of one collection: their span, and some of them at which it may be cut. */
export class SpannedKeys {
  readonly cuts: Buffer[] = [];
  #span: ErasedSpan | undefined;
  #count = 0;

  /** In any order: so many lie between two cuts, about. */
  add(key: Buffer): void {
    this.#count += 1;
    if (this.#count % ROWS_PER_CUT === 0) this.cuts.push(key);
    this.#span = this.#span === undefined ? { from: key, to: key } : widen(this.#span, key);
  }

  /** Undefined where none were added. */
  get span(): ErasedSpan | undefined {
    return this.#span;
  }
}

/** The span with the key in it: itself where it has it already. */
function widen(span: ErasedSpan, key: Buffer): ErasedSpan {
  if (Buffer.compare(key, span.from) < 0) return { from: key, to: span.to };
  return Buffer.compare(key, span.to) > 0 ? { from: span.from, to: key } : span;
}
