import { setTimeout } from 'node:timers/promises';

import type { Attributes } from '@likeness/shared/filter';

import type { ScanIndex } from '../scan-index.ts';
import type {
  IndexRow,
  KeyAnswer,
  VectorAnswer,
  VectorIndex,
  VectorQuery,
  WordQuery,
} from '../vector-index.ts';
import { FaissCopy } from './faiss-copy.ts';
import { sampleRows, type FaissPlan } from './faiss-plan.ts';
import type { FaissProcess } from './faiss-process.ts';
import { searchCopy } from './search-copy.ts';

/** Rows that faiss does not know yet are compared here, up to so many. */
const MAX_BEHIND = 1024;
/** A copy is made anew when it has so many times the rows that live, and so many more. */
const MAX_DEAD_FACTOR = 1.5;
const MIN_DEAD_ROWS = 1024;
/** … or when there are so many times the rows that it learnt from. */
const GROWTH = 4;
/** After a copy could not be made; each time twice as long. */
const RETRY_MS = 1000;
const MAX_RETRIES_DOUBLED = 9;

/** What all indexes of an engine share. */
export interface FaissParts {
  readonly process: FaissProcess;
  readonly plan: FaissPlan;
  /** Whether an index must see rows before it takes any. */
  readonly mustLearn: boolean;
  /** A number that no copy has had. */
  readonly newNumber: () => number;
  /** Hears of a copy that could not be made: searches compare all rows. */
  readonly onError: (error: unknown) => void;
}

/**
 * Rows as the scanned index keeps them, and a copy of their vectors in faiss, which finds the nearest.
 *
 * Everything that faiss cannot do the scanned index does: scopes with few rows, thresholds, one hit a group, words, lists; and
 * all of it while there is no copy, because it is being made, or its process was lost.
 */
export class FaissIndex implements VectorIndex {
  readonly #parts: FaissParts;
  readonly #scanned: ScanIndex;
  readonly #onClose: () => void;
  /** That searches use; and the one that will take its place. */
  #copy: FaissCopy | undefined;
  #next: FaissCopy | undefined;
  #isFilling = false;
  #failures = 0;
  #answered = 0;
  readonly #closed = new AbortController();

  constructor(parts: FaissParts, scanned: ScanIndex, onClose: () => void) {
    this.#parts = parts;
    this.#scanned = scanned;
    this.#onClose = onClose;
    this.fill();
  }

  get size(): number {
    return this.#scanned.size;
  }

  /** Whether faiss has all rows. */
  get isFilled(): boolean {
    return this.#copy !== undefined && !this.#copy.isLost && this.#copy.behind === 0;
  }

  /** Rows that faiss has and that are gone. */
  get deadRows(): number {
    const { count = 0, living = 0 } = this.#copy?.labels ?? {};
    return count - living;
  }

  /** Searches that faiss answered, for tests and benches. */
  get answered(): number {
    return this.#answered;
  }

  put(row: IndexRow): void {
    this.#scanned.put(row);
    for (const copy of this.#copies()) copy.labels.notePut(row.key);
    this.fill();
  }

  setAttributes(key: string, attributes: Attributes, revision: number): boolean {
    return this.#scanned.setAttributes(key, attributes, revision);
  }

  remove(key: string): boolean {
    const isRemoved = this.#scanned.remove(key);
    for (const copy of this.#copies()) copy.labels.noteRemoved(key);
    if (isRemoved) this.fill();
    return isRemoved;
  }

  async search(query: VectorQuery, signal?: AbortSignal): Promise<VectorAnswer> {
    signal?.throwIfAborted();
    const copy = this.#copyFor(query);
    const byFaiss = copy && (await this.#searchCopy(copy, query, signal));
    if (byFaiss === undefined) return this.#scanned.search(query, signal);
    this.#answered += 1;
    return byFaiss;
  }

  async searchWords(query: WordQuery, signal?: AbortSignal): Promise<VectorAnswer> {
    return this.#scanned.searchWords(query, signal);
  }

  async list(scope: Parameters<VectorIndex['list']>[0]): Promise<KeyAnswer> {
    return this.#scanned.list(scope);
  }

  keysOfGroup(group: string): readonly string[] {
    return this.#scanned.keysOfGroup(group);
  }

  clear(): void {
    this.#scanned.clear();
    this.#dropCopies();
  }

  async save(path: string, tag: string): Promise<void> {
    await this.#scanned.save(path, tag);
  }

  close(): void {
    this.#closed.abort();
    this.#dropCopies();
    this.#scanned.close();
    this.#onClose();
  }

  /** Brings faiss up to date, in the background. */
  fill(): void {
    if (this.#isFilling || this.#closed.signal.aborted) return;
    this.#isFilling = true;
    void this.#fillAll();
  }

  /** The count of what passes a threshold, or of groups, takes every row. */
  #copyFor({ vector, num, minScore, distinct }: VectorQuery): FaissCopy | undefined {
    const isPlain = num > 0 && minScore === 0 && !distinct;
    const isSound = vector.length === this.#scanned.rows.options.dims;
    const copy = this.#copy;
    if (!isPlain || !isSound || copy === undefined || copy.isLost) return undefined;
    const isNear = (copy.behind ?? Number.POSITIVE_INFINITY) <= MAX_BEHIND;
    return isNear && !this.#parts.process.isLearning ? copy : undefined;
  }

  async #searchCopy(
    copy: FaissCopy,
    query: VectorQuery,
    signal: AbortSignal | undefined,
  ): Promise<VectorAnswer | undefined> {
    const { plan } = this.#parts;
    try {
      return await searchCopy({ copy, plan, rowsNow: () => this.#scanned.rows }, query, signal);
    } catch (error) {
      signal?.throwIfAborted();
      // Lost, or replaced, while it was asked.
      if (copy === this.#copy && !copy.isLost) this.#parts.onError(error);
      return undefined;
    }
  }

  async #fillAll(): Promise<void> {
    // Whoever writes one row may write many.
    await setTimeout(0);
    while (this.#hasWork()) {
      const next = this.#next;
      try {
        if (next !== undefined) await this.#fillNext(next);
        if ((this.#copy?.behind ?? 0) > 0) await this.#copy?.addSome();
        if (this.#isCopyDue()) this.#next = this.#newCopy();
      } catch (error) {
        await this.#giveUp(error);
      }
    }
    this.#isFilling = false;
  }

  async #fillNext(next: FaissCopy): Promise<void> {
    await next.addSome();
    // Cleared meanwhile.
    if (next !== this.#next) next.drop();
    else if (next.behind === 0) {
      this.#copy?.drop();
      this.#copy = next;
      this.#next = undefined;
      this.#failures = 0;
    }
  }

  #hasWork(): boolean {
    const { process } = this.#parts;
    if (this.#closed.signal.aborted || process.generation === undefined) return false;
    if (this.#copy?.isLost === true) this.#copy = undefined;
    if (this.#next?.isLost === true) this.#next = undefined;
    return this.#next !== undefined || this.#isCopyDue() || (this.#copy?.behind ?? 0) > 0;
  }

  /** Whether another copy is due, and there are rows enough for one. */
  #isCopyDue(): boolean {
    if (this.#next !== undefined) return false;
    const { mustLearn, plan } = this.#parts;
    if (this.size < (mustLearn ? sampleRows(plan) : 1)) return false;
    if (this.#copy === undefined) return true;
    const { labels, rowsSeen } = this.#copy;
    const isOutgrown = mustLearn && this.size > GROWTH * rowsSeen;
    return isOutgrown || labels.count > MAX_DEAD_FACTOR * labels.living + MIN_DEAD_ROWS;
  }

  #newCopy(): FaissCopy {
    const { process, plan, newNumber } = this.#parts;
    return new FaissCopy(process, this.#scanned.rows, plan, newNumber());
  }

  /** What cannot be made now may be made later, with other rows, or more memory. */
  async #giveUp(error: unknown): Promise<void> {
    if (this.#closed.signal.aborted) return;
    this.#parts.onError(error);
    this.#dropCopies();
    const delayMs = RETRY_MS * 2 ** Math.min(this.#failures, MAX_RETRIES_DOUBLED);
    this.#failures += 1;
    try {
      await setTimeout(delayMs, undefined, { signal: this.#closed.signal, ref: false });
    } catch {
      // Closed.
    }
  }

  #copies(): readonly FaissCopy[] {
    return [this.#copy, this.#next].filter((copy) => copy !== undefined);
  }

  #dropCopies(): void {
    for (const copy of this.#copies()) copy.drop();
    this.#copy = undefined;
    this.#next = undefined;
  }
}
