import { randomInt } from 'node:crypto';

import { lengthened } from './lengthened.ts';
import { PackedTexts, type TextBytes } from './packed-texts.ts';

/** Texts in one buffer: few enough to be moved at once when one is added, and to be read between other work. */
export const PAGE_CODES = 8192;
const FIRST_CODES = 16;
const GROWTH = 1.5;

/** Of FNV-1a, but for its start: so nobody can choose texts whose hashes are the same. */
const HASH_FACTOR = 0x0100_0193;
const HASH_START = randomInt(2 ** 32 - 1);

/**
 * Numbers for texts that rows share, or have each for itself: some twenty bytes beside the text. A number is
 * used again when no row has its text.
 */
export class TextCodes {
  readonly #pages: PackedTexts[] = [];
  readonly #free: number[] = [];
  // By code.
  #uses: Uint32Array = new Uint32Array(0);
  #hashes: Uint32Array = new Uint32Array(0);
  /** The next code of the same bucket, plus 1; 0 at the end. */
  #nexts = new Uint32Array(0);
  /** By bucket, which is a hash's remainder: the first code, plus 1. */
  #firsts = new Uint32Array(0);
  #size = 0;

  /** One more than the largest code in use so far. */
  get size(): number {
    return this.#size;
  }

  codeOf(text: string): number | undefined {
    const bytes = Buffer.from(text);
    return this.#find(bytes, hashOf(bytes, 0, bytes.length));
  }

  valueOf(code: number): string {
    return this.#pages[Math.floor(code / PAGE_CODES)]?.at(code % PAGE_CODES) ?? '';
  }

  /** The text's code, for one more row. */
  acquire(text: string): number {
    const bytes = Buffer.from(text);
    const hash = hashOf(bytes, 0, bytes.length);
    const code = this.#find(bytes, hash) ?? this.#add(bytes, hash);
    this.#uses[code] = (this.#uses[code] ?? 0) + 1;
    return code;
  }

  /** One row less has the code. */
  release(code: number): void {
    const left = (this.#uses[code] ?? 0) - 1;
    this.#uses[code] = left;
    if (left > 0) return;
    this.#unlink(code);
    this.#pages[Math.floor(code / PAGE_CODES)]?.clear(code % PAGE_CODES);
    this.#free.push(code);
  }

  /** A copy of the texts of up to {@link PAGE_CODES} codes, from the first of page number `page` on. */
  pack(page: number, codes: number): TextBytes {
    const numbers = Uint32Array.from({ length: codes }, (_, i) => i);
    return (this.#pages[page] ?? new PackedTexts()).pack(numbers);
  }

  /**
   * Adds the texts of a page behind those there are.
   *
   * @param uses how many rows have each of its codes; a code that none has is free
   */
  restore(texts: TextBytes, uses: Uint32Array): void {
    const from = this.#size;
    this.reserve(from + uses.length);
    this.#pages.push(PackedTexts.of(texts));
    this.#uses.set(uses, from);
    this.#size += uses.length;
    for (let i = 0; i < uses.length; i += 1) {
      if (uses[i] === 0) this.#free.push(from + i);
      else this.#link(from + i, hashOf(texts.bytes, texts.ends[i - 1] ?? 0, texts.ends[i] ?? 0));
    }
  }

  /** Makes room for so many codes. */
  reserve(codes: number): void {
    if (codes <= this.#uses.length) return;
    this.#uses = lengthened(this.#uses, codes);
    this.#hashes = lengthened(this.#hashes, codes);
    this.#nexts = new Uint32Array(codes);
    this.#firsts = new Uint32Array(codes);
    for (let code = 0; code < this.#size; code += 1)
      if (this.#uses[code] !== 0) this.#link(code, this.#hashes[code] ?? 0);
  }

  #find(text: Uint8Array, hash: number): number | undefined {
    if (this.#size === 0) return undefined;
    for (let link = this.#firsts[this.#bucketOf(hash)] ?? 0; link !== 0;) {
      const code = link - 1;
      const page = this.#pages[Math.floor(code / PAGE_CODES)];
      if (this.#hashes[code] === hash && page?.compare(code % PAGE_CODES, text) === 0) return code;
      link = this.#nexts[code] ?? 0;
    }
    return undefined;
  }

  #add(text: Uint8Array, hash: number): number {
    const code = this.#free.pop() ?? this.#size;
    if (code === this.#size) {
      if (code === this.#uses.length) this.reserve(Math.max(FIRST_CODES, Math.ceil(code * GROWTH)));
      this.#size += 1;
    }
    const page = (this.#pages[Math.floor(code / PAGE_CODES)] ??= new PackedTexts());
    page.set(code % PAGE_CODES, text);
    this.#link(code, hash);
    return code;
  }

  #link(code: number, hash: number): void {
    const bucket = this.#bucketOf(hash);
    this.#hashes[code] = hash;
    this.#nexts[code] = this.#firsts[bucket] ?? 0;
    this.#firsts[bucket] = code + 1;
  }

  #unlink(code: number): void {
    const bucket = this.#bucketOf(this.#hashes[code] ?? 0);
    let before = -1;
    for (let link = this.#firsts[bucket] ?? 0; link !== code + 1; link = this.#nexts[before] ?? 0) {
      // Not there at all: it would be looked for without end.
      if (link === 0) return;
      before = link - 1;
    }
    if (before < 0) this.#firsts[bucket] = this.#nexts[code] ?? 0;
    else this.#nexts[before] = this.#nexts[code] ?? 0;
  }

  #bucketOf(hash: number): number {
    return hash % this.#firsts.length;
  }
}

/** Of bytes `from` to `to`: an unsigned 32-bit number. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = HASH_START;
  for (let i = from; i < to; i += 1) hash = Math.imul(hash ^ (bytes[i] ?? 0), HASH_FACTOR);
  // Else the last bytes, which are what differs, would hardly reach the upper bits.
  hash = Math.imul(hash ^ (hash >>> 15), 0x85eb_ca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
