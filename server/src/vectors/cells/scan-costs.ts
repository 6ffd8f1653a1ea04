/** What searching costs on this machine. */
export interface Costs {
  /** From a job's posting to its answer, where there is next to nothing to do. */
  readonly handOverMs: number;
  /** To compare a megabyte of coarse rows with a query, all workers together. */
  readonly megabyteMs: number;
  /** What a unit takes beside its rows, all workers together. */
  readonly unitMs: number;
}

/** Guesses until they are measured. */
const GUESSED: Costs = { handOverMs: 0.15, megabyteMs: 0.05, unitMs: 0.0015 };

/** What the planner reckons with. */
export class ScanCosts {
  /** Whether they are given, and not to be measured. */
  readonly isGiven: boolean;
  #now: Costs;

  constructor(given?: Costs) {
    this.isGiven = given !== undefined;
    this.#now = given ?? GUESSED;
  }

  get now(): Costs {
    return this.#now;
  }

  note(measured: Costs): void {
    if (!this.isGiven) this.#now = measured;
  }
}
