import type { Damage } from '../store/damage.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { CollectionState } from './collection-state.ts';
import type { Collections } from './collections.ts';
import type { ObjectKeeper } from './object-keeper.ts';
import type { SnapshotKeeper } from './snapshot-keeper.ts';

export interface MaintenanceOptions {
  readonly records: RecordStore;
  readonly collections: Collections;
  readonly objects: ObjectKeeper;
  readonly snapshots: SnapshotKeeper;
  readonly onDamage: (damage: Damage) => void;
  readonly onError: (error: unknown) => void;
}

/** The work that goes on beside requests. One round at a time. */
export class Maintenance {
  readonly #options: MaintenanceOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  /** Whether a round that the timer began has not ended. */
  #busy = false;
  #stopped = false;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
  }

  /** Checks what was not read at the start and what a crash left, then does a round every so often. */
  start(unchecked: readonly CollectionState[], intervalMs: number): void {
    this.#enqueue(() => this.#checkAll(unchecked));
    this.sweepAll();
    if (intervalMs === 0) return;
    this.#timer = setInterval(() => void this.#runUnlessBusy(), intervalMs);
    this.#timer.unref();
  }

  /** Removes every object that no record refers to, when its turn comes. */
  sweepAll(): void {
    this.#enqueue(async () => void (await this.#options.objects.sweepAll()));
  }

  /** One round: ends what was interrupted, removes released objects, saves snapshots. */
  runOnce(): Promise<void> {
    const { collections, objects, snapshots } = this.#options;
    this.#enqueue(() => collections.finishAll());
    this.#enqueue(async () => void (await objects.sweep()));
    this.#enqueue(() => snapshots.save(collections.all()));
    return this.#round;
  }

  /** Resolves when what is under way has ended; nothing begins after it. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#round;
  }

  async #runUnlessBusy(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    await this.runOnce();
    this.#busy = false;
  }

  #enqueue(task: () => Promise<void>): void {
    const { onError } = this.#options;
    this.#round = this.#round.then(() => (this.#stopped ? undefined : task())).catch(onError);
  }

  async #checkAll(states: readonly CollectionState[]): Promise<void> {
    for (const { id } of states) {
      for await (const step of this.#options.records.scan(id)) {
        if (this.#stopped) return;
        if (step.kind === 'damage') this.#options.onDamage(step.damage);
      }
    }
    for (const damage of await this.#options.records.checkReferences()) {
      this.#options.onDamage(damage);
    }
  }
}
