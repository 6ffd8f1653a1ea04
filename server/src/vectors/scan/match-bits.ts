import { countBitsBetween } from '../filter/filter-plan.ts';
import { offsetOf, type Address, type Arenas } from '../memory/arenas.ts';
import type { Chunk } from '../memory/chunk.ts';

import { CHUNK_RECORD, type JobRows, type MatchJob } from './scan-job.ts';

/** Memory for bits: freed memory is used again for blocks of the same size alone, so there are few sizes. */
const LEAST_BYTES = 64;

/** Which rows of a job match: a bit each, in memory that the workers share. */
export class MatchBits {
  /** Writes the bits: before it is done they say nothing. */
  readonly job: MatchJob;
  readonly #arenas: Arenas;
  readonly #at: Address;
  readonly #bytes: number;
  /** Of each chunk. */
  readonly #words: readonly Uint32Array[];

  /** `chunks`: those that the rows were described from. {@link free} it when no job looks at it any more. */
  constructor(arenas: Arenas, chunks: readonly Chunk[], described: JobRows) {
    const bytes = chunks.reduce((sum, { place }) => sum + bytesOf(place.capacity), 0);
    this.#arenas = arenas;
    this.#bytes = 2 ** Math.ceil(Math.log2(Math.max(LEAST_BYTES, bytes)));
    this.#at = arenas.allocate(this.#bytes);
    const table = described.chunks.slice();
    let at = this.#at;
    this.#words = chunks.map(({ place }, number) => {
      table[number * described.chunkRecordLength + CHUNK_RECORD.matchesAt] = at;
      const words = new Uint32Array(arenas.buffer(at), offsetOf(at), bytesOf(place.capacity) / 4);
      at += words.byteLength;
      return words;
    });
    this.job = { kind: 'match', rows: { ...described, chunks: table } };
  }

  /** A copy of the bits of chunk number `chunk`. */
  wordsOf(chunk: number): Uint32Array {
    return this.#words[chunk]?.slice() ?? new Uint32Array(0);
  }

  /** How many rows match of those from `from` to `to` of chunk number `chunk`. */
  count(chunk: number, from: number, to: number): number {
    const words = this.#words[chunk];
    return words === undefined ? 0 : countBitsBetween(words, from, to);
  }

  /** The same rows, of which those that match are taken for all that live: nothing is left to evaluate. */
  rows(): JobRows {
    const { chunks, chunkRecordLength } = this.job.rows;
    const table = chunks.slice();
    for (let at = 0; at < table.length; at += chunkRecordLength)
      table[at + CHUNK_RECORD.liveAt] = table[at + CHUNK_RECORD.matchesAt] ?? 0;
    return { ...this.job.rows, chunks: table, plan: undefined };
  }

  free(): void {
    this.#arenas.free(this.#at, this.#bytes);
  }
}

/** Of a bit a row, in whole words. */
function bytesOf(rows: number): number {
  return Math.ceil(rows / 32) * 4;
}
