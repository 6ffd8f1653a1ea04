import type { Damage } from '../store/damage.ts';
import type { DamageRegister } from '../store/damage-register.ts';
import type { Verification, VerificationState } from './catalog.ts';
import { isStaleSnapshot } from './snapshot-damage.ts';
import { verifyEverything, type VerificationOptions } from './verification.ts';

export interface RunningVerificationOptions extends Omit<VerificationOptions, 'signal'> {
  readonly damage: DamageRegister;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Reads everything that is stored beside requests, one time after another at most. */
export class RunningVerification implements Verification {
  readonly #options: RunningVerificationOptions;
  readonly #stopping = new AbortController();
  #state: VerificationState = { status: 'none', damage: [] };
  #run: Promise<void> = Promise.resolve();

  constructor(options: RunningVerificationOptions) {
    this.#options = options;
  }

  get state(): VerificationState {
    return this.#state;
  }

  /** Begins, unless one is under way. */
  start(): void {
    if (this.#state.status === 'running' || this.#stopping.signal.aborted) return;
    const startedMs = this.#options.now();
    const found: Damage[] = [];
    this.#state = { status: 'running', startedMs, damage: found };
    this.#run = this.#verify(found).then(
      () => this.#end('done', startedMs, found),
      () => this.#end('failed', startedMs, found),
    );
  }

  /** Cuts it off, and resolves when it has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#run;
  }

  async #verify(found: Damage[]): Promise<void> {
    const { signal } = this.#stopping;
    for await (const damage of verifyEverything({ ...this.#options, signal })) {
      if (!isStaleSnapshot(damage)) found.push(damage);
    }
    signal.throwIfAborted();
    this.#options.damage.replaceBy(found);
  }

  #end(status: 'done' | 'failed', startedMs: number, damage: readonly Damage[]): void {
    this.#state = { status, startedMs, endedMs: this.#options.now(), damage };
  }
}
