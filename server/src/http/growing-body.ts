import type { BodyLease } from './body-budget.ts';
import { MAX_INLINE_FORM_BYTES } from './limits.ts';

/** Of what a client announces this much is believed before it is here. */
const MAX_FIRST_ROOM_BYTES = 1024 * 1024;

/** Puts a body together as it arrives: a small one in memory of its own, another in memory that is used again. */
export class GrowingBody {
  readonly #lease: Pick<BodyLease, 'room'>;
  readonly #announcedBytes: number;
  readonly #chunks: Buffer[] = [];
  #room: Buffer = Buffer.alloc(0);
  #length = 0;

  /** @param announcedBytes 0 where the head does not tell. */
  constructor(lease: Pick<BodyLease, 'room'>, announcedBytes: number) {
    this.#lease = lease;
    this.#announcedBytes = announcedBytes;
  }

  /** Bytes that are here. */
  get length(): number {
    return this.#length;
  }

  append(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (Math.max(length, this.#announcedBytes) <= MAX_INLINE_FORM_BYTES) this.#chunks.push(chunk);
    else {
      if (length > this.#room.length) this.#grow(length);
      this.#room.set(chunk, this.#length);
    }
    this.#length = length;
  }

  /** Lies in shared memory where it is longer than `MAX_INLINE_FORM_BYTES`. */
  get bytes(): Buffer {
    return this.#chunks.length > 0
      ? Buffer.concat(this.#chunks)
      : this.#room.subarray(0, this.#length);
  }

  #grow(length: number): void {
    const announced = Math.min(this.#announcedBytes, MAX_FIRST_ROOM_BYTES);
    const larger = Buffer.from(this.#lease.room(Math.max(length, announced)));
    let at = 0;
    for (const piece of [...this.#chunks.splice(0), this.#room.subarray(0, this.#length)]) {
      larger.set(piece, at);
      at += piece.length;
    }
    this.#room = larger;
  }
}
