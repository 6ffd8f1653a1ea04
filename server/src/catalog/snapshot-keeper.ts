import type { CollectionState } from './collection-state.ts';
import type { IndexLoader } from './index-loader.ts';

/** A collection is saved once it has rested this long … */
const REST_MS = 60_000;
/** … or was changed this long ago and never rested. */
const MAX_AGE_MS = 30 * 60_000;

/** When each collection was last seen to change, and what its snapshot holds. */
interface Watched {
  digest: string;
  changedMs: number;
  /** Undefined when there is no snapshot, or none of this process. */
  savedDigest: string | undefined;
  savedMs: number;
}

/** Saves snapshots of the indexes that changed, so that the next start need not read every record. */
export class SnapshotKeeper {
  readonly #indexes: IndexLoader;
  readonly #now: () => number;
  readonly #watched = new WeakMap<CollectionState, Watched>();

  constructor(indexes: IndexLoader, now: () => number) {
    this.#indexes = indexes;
    this.#now = now;
  }

  /** Says that the collection was loaded from a snapshot, which is good as long as nothing changes. */
  noteLoaded(state: CollectionState): void {
    const { digest } = state.statistics;
    const nowMs = this.#now();
    this.#watched.set(state, { digest, changedMs: nowMs, savedDigest: digest, savedMs: nowMs });
  }

  /** Saves what is due. `everything` saves whatever is not saved, as before a stop. */
  async save(states: readonly CollectionState[], everything = false): Promise<void> {
    for (const state of states) {
      const watched = this.#watch(state);
      const isDue = everything || this.#isRested(watched);
      if (state.status !== 'ready' || watched.savedDigest === watched.digest || !isDue) continue;
      // A write under way may be in the record store and not yet in the index.
      if (state.locks.busy) continue;
      if (await this.#indexes.save(state.id, state.index, () => state.statistics)) {
        watched.savedDigest = watched.digest;
        watched.savedMs = this.#now();
      }
    }
  }

  #watch(state: CollectionState): Watched {
    const { digest } = state.statistics;
    const nowMs = this.#now();
    const watched = this.#watched.get(state) ?? {
      digest,
      changedMs: nowMs,
      savedDigest: undefined,
      savedMs: nowMs,
    };
    if (watched.digest !== digest) Object.assign(watched, { digest, changedMs: nowMs });
    this.#watched.set(state, watched);
    return watched;
  }

  #isRested({ changedMs, savedMs }: Watched): boolean {
    const nowMs = this.#now();
    return nowMs - changedMs >= REST_MS || nowMs - savedMs >= MAX_AGE_MS;
  }
}
