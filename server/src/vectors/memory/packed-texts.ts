import { lengthened } from './lengthened.ts';

/** Bytes of the first buffer; the next are longer than what is in them by the factor. */
const FIRST_BYTES = 64;
const GROWTH = 1.25;

/** Texts one after the other, as UTF-8, and where each ends. */
export interface TextBytes {
  readonly ends: Uint32Array;
  readonly bytes: Uint8Array;
}

/**
 * Texts by number, as UTF-8 in one buffer: less than half of what strings take, and they are saved and
 * read without being looked at. What is no Unicode, a lone surrogate, becomes U+FFFD.
 */
export class PackedTexts {
  #bytes: Buffer = Buffer.alloc(0);
  #starts = new Uint32Array(0);
  #ends = new Uint32Array(0);
  /** Bytes written, and those of texts that are still there. */
  #used = 0;
  #living = 0;

  /** Texts that were packed, in their buffer as long as none is added. */
  static of({ ends, bytes }: TextBytes): PackedTexts {
    const texts = new PackedTexts();
    texts.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    texts.#ends = ends.slice();
    texts.#starts = new Uint32Array(ends.length);
    if (ends.length > 0) texts.#starts.set(ends.subarray(0, -1), 1);
    texts.#used = bytes.byteLength;
    texts.#living = bytes.byteLength;
    return texts;
  }

  /** Empty where no text was set. */
  at(number: number): string {
    return this.#bytes.toString('utf8', this.#starts[number] ?? 0, this.#ends[number] ?? 0);
  }

  /** {@link at} for many texts as they are now: where all are ASCII they are decoded in one call. */
  decoded(): (number: number) => string {
    const all = this.#bytes.toString('utf8', 0, this.#used);
    if (all.length !== this.#used) return (number) => this.at(number);
    return (number) => all.slice(this.#starts[number] ?? 0, this.#ends[number] ?? 0);
  }

  /** Negative where the text with the number comes before the other in the order of bytes, 0 where they are equal. */
  compare(number: number, other: Uint8Array): number {
    const start = this.#starts[number] ?? 0;
    const length = (this.#ends[number] ?? 0) - start;
    const common = Math.min(length, other.length);
    for (let i = 0; i < common; i += 1) {
      const difference = (this.#bytes[start + i] ?? 0) - (other[i] ?? 0);
      if (difference !== 0) return difference;
    }
    return length - other.length;
  }

  set(number: number, text: Uint8Array): void {
    this.clear(number);
    if (number >= this.#starts.length) this.#addNumbers(number);
    if (this.#used + text.length > this.#bytes.length) this.#makeRoom(text.length);
    this.#starts[number] = this.#used;
    this.#bytes.set(text, this.#used);
    this.#used += text.length;
    this.#living += text.length;
    this.#ends[number] = this.#used;
  }

  clear(number: number): void {
    const start = this.#starts[number];
    if (start === undefined) return;
    this.#living -= (this.#ends[number] ?? 0) - start;
    this.#ends[number] = start;
  }

  /** A copy of the texts with some numbers, in the order of these. */
  pack(numbers: ArrayLike<number>): TextBytes {
    const ends = new Uint32Array(numbers.length);
    let end = 0;
    for (let i = 0; i < numbers.length; i += 1) ends[i] = end += this.#lengthOf(numbers[i] ?? 0);
    const bytes = new Uint8Array(end);
    for (let i = 0; i < numbers.length; i += 1)
      this.#copy(numbers[i] ?? 0, bytes, ends[i - 1] ?? 0);
    return { ends, bytes };
  }

  #lengthOf(number: number): number {
    return (this.#ends[number] ?? 0) - (this.#starts[number] ?? 0);
  }

  #copy(number: number, to: Uint8Array, at: number): void {
    const start = this.#starts[number] ?? 0;
    const length = this.#lengthOf(number);
    // Shorter than what a call of `set` takes.
    for (let i = 0; i < length; i += 1) to[at + i] = this.#bytes[start + i] ?? 0;
  }

  #addNumbers(number: number): void {
    const length = Math.max(16, number + 1, this.#starts.length * 2);
    this.#starts = lengthened(this.#starts, length);
    this.#ends = lengthened(this.#ends, length);
  }

  /** Moves the texts to a longer buffer, without those that are gone. */
  #makeRoom(length: number): void {
    const room = Math.max(FIRST_BYTES, Math.ceil((this.#living + length) * GROWTH));
    const bytes = Buffer.allocUnsafeSlow(room);
    let end = 0;
    for (let number = 0; number < this.#starts.length; number += 1) {
      const kept = this.#lengthOf(number);
      this.#copy(number, bytes, end);
      this.#starts[number] = end;
      this.#ends[number] = end += kept;
    }
    this.#bytes = bytes;
    this.#used = end;
  }
}
