/** Runs tasks that share a key one after another, in the order in which they came. */
export class KeyedLock {
  /** The last task of each key, until it has ended. */
  readonly #tails = new Map<string, Promise<void>>();

  /** Runs `task` when no earlier one with any of these keys is left. Takes all keys at once: no deadlock. */
  run<Result>(keys: readonly string[], task: () => Promise<Result>): Promise<Result> {
    const earlier = Promise.all(keys.flatMap((key) => this.#tails.get(key) ?? []));
    const result = earlier.then(task);
    const ended = result.then(ignore, ignore).finally(() => {
      for (const key of keys) if (this.#tails.get(key) === ended) this.#tails.delete(key);
    });
    for (const key of keys) this.#tails.set(key, ended);
    return result;
  }

  /** Whether a task runs or waits. */
  get busy(): boolean {
    return this.#tails.size > 0;
  }

  /** Resolves when every task that has come so far has ended. */
  async drained(): Promise<void> {
    await Promise.all(this.#tails.values());
  }
}

function ignore(): void {
  // Whoever asked for the task hears how it ended.
}
