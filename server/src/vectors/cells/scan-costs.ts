/** What searching costs on this machine. */
export interface Costs {
  /** From a job's posting to its answer, where there is next to nothing to do. */
  readonly handOverMs: number;
  /** To compare a megabyte of coarse rows with a query, all workers together. */
  readonly megabyteMs: number;
}

/** Guesses until they are measured. */
const GUESSED: Costs = { handOverMs: 0.15, megabyteMs: 0.05 };

/** What the planner reckons with. */
export class ScanCosts {
  #measured: Costs | undefined;

  constructor(measured?: Costs) {
    this.#measured = measured;
  }

  get isMeasured(): boolean {
    return this.#measured !== undefined;
  }

  get now(): Costs {
    return this.#measured ?? GUESSED;
  }

  note(measured: Costs): void {
    this.#measured = measured;
  }
}
