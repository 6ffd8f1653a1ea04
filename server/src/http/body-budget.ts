import { BodyPool } from './body-pool.ts';
import { MAX_IDLE_BODY_BYTES } from './limits.ts';

/** What one request holds of a {@link BodyBudget}. */
export interface BodyLease {
  /** Counts bytes that arrived; false if there is no room for them. */
  readonly take: (bytes: number) => boolean;
  /** Memory for so many bytes or more, which threads may share. */
  readonly room: (bytes: number) => SharedArrayBuffer;
  /** Says that nobody reads or writes its memory any more: another request may have it. */
  readonly settle: () => void;
  /** Gives all bytes back; memory that is not settled is the collector's. */
  readonly release: () => void;
}

/** Counts the bytes of all bodies that are in memory: those that arrive, and those that are worked on. */
export class BodyBudget {
  readonly #maxBytes: number;
  readonly #pool = new BodyPool(MAX_IDLE_BODY_BYTES);
  #held = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes in memory now. */
  get held(): number {
    return this.#held;
  }

  open(): BodyLease {
    let taken = 0;
    const pieces: SharedArrayBuffer[] = [];
    return {
      take: (bytes) => {
        if (this.#held + bytes > this.#maxBytes) return false;
        taken += bytes;
        this.#held += bytes;
        return true;
      },
      room: (bytes) => {
        const piece = this.#pool.take(bytes);
        pieces.push(piece);
        return piece;
      },
      settle: () => {
        for (const piece of pieces.splice(0)) this.#pool.giveBack(piece);
      },
      release: () => {
        this.#held -= taken;
        taken = 0;
        pieces.length = 0;
      },
    };
  }
}
