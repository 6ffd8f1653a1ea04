/** Runs tasks that share a key one after another, in the order in which they came. */
export class KeyedLock {
  /** The last task of each key, until it has ended. */
  readonly #tails = new Map<string, Promise<void>>();
  /** Tasks of all keys, until they have ended. */
  readonly #alone = new Set<Promise<void>>();

  /** Runs `task` when no earlier one with any of these keys is left. Takes all keys at once: no deadlock. */
  run<Result>(keys: readonly string[], task: () => Promise<Result>): Promise<Result> {
    const earlier = keys.flatMap((key) => this.#tails.get(key) ?? []);
    const { result, ended } = runAfter([...earlier, ...this.#alone], task, () => {
      for (const key of keys) if (this.#tails.get(key) === ended) this.#tails.delete(key);
    });
    for (const key of keys) this.#tails.set(key, ended);
    return result;
  }

  /** Runs `task` when no earlier one is left at all, and later ones after it: as if it had every key. */
  runAlone<Result>(task: () => Promise<Result>): Promise<Result> {
    const { result, ended } = runAfter([...this.#tails.values(), ...this.#alone], task, () => {
      this.#alone.delete(ended);
    });
    this.#alone.add(ended);
    return result;
  }

  /** Whether a task runs or waits. */
  get busy(): boolean {
    return this.#tails.size > 0 || this.#alone.size > 0;
  }

  /** Resolves when every task that has come so far has ended. */
  async drained(): Promise<void> {
    await Promise.all([...this.#tails.values(), ...this.#alone]);
  }
}

/** `ended` resolves, after `onEnd`, whatever comes of the task. */
function runAfter<Result>(
  earlier: readonly Promise<void>[],
  task: () => Promise<Result>,
  onEnd: () => void,
): { readonly result: Promise<Result>; readonly ended: Promise<void> } {
  const result = Promise.all(earlier).then(task);
  return { result, ended: result.then(ignore, ignore).finally(onEnd) };
}

function ignore(): void {
  // Whoever asked for the task hears how it ended.
}
