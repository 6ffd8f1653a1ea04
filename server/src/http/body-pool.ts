/** The least that is worth sharing: what is smaller is read where it arrives. */
const MIN_PIECE_BYTES = 128 * 1024;

/**
 * Memory for bodies and for the pictures in them, shared with threads and used again. What is new for each request would be the
 * collector's: of 1.7 MB a picture it took half of the server's own time.
 */
export class BodyPool {
  readonly #maxIdleBytes: number;
  readonly #idle = new Map<number, SharedArrayBuffer[]>();
  #idleBytes = 0;

  /** @param maxIdleBytes kept for the next bodies; what is beyond goes. */
  constructor(maxIdleBytes: number) {
    this.#maxIdleBytes = maxIdleBytes;
  }

  /** Bytes that wait for the next bodies. */
  get idleBytes(): number {
    return this.#idleBytes;
  }

  /** So many bytes or more; what lies in them is anybody's. */
  take(bytes: number): SharedArrayBuffer {
    const size = Math.max(MIN_PIECE_BYTES, 2 ** Math.ceil(Math.log2(bytes)));
    const piece = this.#idle.get(size)?.pop();
    if (piece === undefined) return new SharedArrayBuffer(size);
    this.#idleBytes -= size;
    return piece;
  }

  /** Takes a piece back that nobody reads or writes any more. */
  giveBack(piece: SharedArrayBuffer): void {
    const size = piece.byteLength;
    if (this.#idleBytes + size > this.#maxIdleBytes) return;
    this.#idleBytes += size;
    const others = this.#idle.get(size) ?? [];
    others.push(piece);
    this.#idle.set(size, others);
  }
}
