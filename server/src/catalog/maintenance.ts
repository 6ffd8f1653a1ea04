import type { DamageRegister } from '../store/damage-register.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { Collections } from './collections.ts';
import type { ObjectKeeper } from './object-keeper.ts';
import type { SnapshotKeeper } from './snapshot-keeper.ts';
import type { StoreGuard } from './store-guard.ts';
import { examineCollection } from './verification.ts';

/** Rest between two rounds that remove from the disk what was erased: each rewrites what lies around it. */
const PURGE_REST_MS = 10 * 60_000;

export interface MaintenanceOptions {
  readonly records: RecordStore;
  readonly objects: ObjectStore;
  readonly collections: Collections;
  readonly keeper: ObjectKeeper;
  readonly snapshots: SnapshotKeeper;
  readonly guard: StoreGuard;
  readonly damage: DamageRegister;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** The work that goes on beside requests. One round at a time. */
export class Maintenance {
  readonly #options: MaintenanceOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  /** Whether a round that the timer began has not ended. */
  #busy = false;
  readonly #stopping = new AbortController();
  #purgedMs = Number.NEGATIVE_INFINITY;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
  }

  /** Checks everything that is stored, apart from the bytes of pictures, and ends what a crash left. */
  start(intervalMs: number): void {
    this.#enqueue(() => this.#checkAll());
    this.sweepAll();
    if (intervalMs === 0) return;
    this.#timer = setInterval(() => void this.#runUnlessBusy(), intervalMs);
    this.#timer.unref();
  }

  /** Removes every object that no record refers to, when its turn comes. */
  sweepAll(): void {
    this.#enqueue(async () => void (await this.#options.keeper.sweepAll()));
  }

  /** One round: ends what was interrupted, removes what was released and erased, saves snapshots. */
  runOnce(): Promise<void> {
    const { collections, keeper, snapshots, guard } = this.#options;
    this.#enqueue(() => guard.heal());
    this.#enqueue(() => collections.finishAll());
    this.#enqueue(async () => void (await keeper.sweep()));
    this.#enqueue(() => this.#purge());
    this.#enqueue(() => snapshots.save(collections.all()));
    return this.#round;
  }

  /** Resolves when what is under way has ended; nothing begins after it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
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
    const { signal } = this.#stopping;
    this.#round = this.#round.then(() => (signal.aborted ? undefined : task())).catch(onError);
  }

  async #purge(): Promise<void> {
    const { records, now } = this.#options;
    const nowMs = now();
    if (!records.hasErased || Math.abs(nowMs - this.#purgedMs) < PURGE_REST_MS) return;
    if (await records.purge(this.#stopping.signal)) this.#purgedMs = nowMs;
  }

  async #checkAll(): Promise<void> {
    const { records, objects, collections, damage } = this.#options;
    const { signal } = this.#stopping;
    for (const { id } of collections.all()) {
      const options = { signal, readsObjects: false };
      for await (const found of examineCollection({ records, objects }, id, options)) {
        damage.note(found);
      }
    }
    for (const found of await records.checkReferences()) damage.note(found);
  }
}
