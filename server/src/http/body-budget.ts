/** What one request holds of a {@link BodyBudget}. */
export interface BodyLease {
  /** Counts bytes that arrived; false if there is no room for them. */
  readonly take: (bytes: number) => boolean;
  /** Gives all of them back. */
  readonly release: () => void;
}

/** Counts the bytes of all bodies that are in memory: those that arrive, and those that are worked on. */
export class BodyBudget {
  readonly #maxBytes: number;
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
    return {
      take: (bytes) => {
        if (this.#held + bytes > this.#maxBytes) return false;
        taken += bytes;
        this.#held += bytes;
        return true;
      },
      release: () => {
        this.#held -= taken;
        taken = 0;
      },
    };
  }
}
