import { compareCodePoints } from '@likeness/shared/encoding';

import type { KeyOrder } from '../rows/key-order.ts';
import type { RowTable } from '../rows/row-table.ts';

/**
 * Which rows faiss has, by the numbers that it gives them: one after the other, as they come. A row that was removed or
 * replaced keeps its number, which then stands for nothing.
 *
 * Rows that were there before are labelled in key order, as a walk comes to them; what is written behind it waits for
 * a label of its own.
 */
export class RowLabels {
  readonly #keys: (string | undefined)[] = [];
  readonly #labels = new Map<string, number>();
  readonly #waiting = new Set<string>();
  #walkedTo: string | undefined;
  #isWalked = false;

  /** Labels given. */
  get count(): number {
    return this.#keys.length;
  }

  /** Labels that stand for a row. */
  get living(): number {
    return this.#labels.size;
  }

  /** Keys of rows that have no label; undefined before the walk has ended. */
  get waiting(): ReadonlySet<string> | undefined {
    return this.#isWalked ? this.#waiting : undefined;
  }

  keyOf(label: number): string | undefined {
    return this.#keys[label];
  }

  notePut(key: string): void {
    this.#kill(key);
    const walkedTo = this.#walkedTo;
    const isBehind = walkedTo !== undefined && compareCodePoints(key, walkedTo) <= 0;
    if (this.#isWalked || isBehind) this.#waiting.add(key);
  }

  noteRemoved(key: string): void {
    this.#kill(key);
    this.#waiting.delete(key);
  }

  /** Labels up to `max` more rows: their keys, in the order of their labels. None if all have one. */
  take(
    { order, table }: { readonly order: KeyOrder; readonly table: RowTable },
    max: number,
  ): readonly string[] {
    const keys = [...this.#waiting].slice(0, max);
    for (const key of keys) this.#waiting.delete(key);
    if (!this.#isWalked && keys.length < max) {
      const next = order.slice(this.#walkedTo, 0, max - keys.length).map((id) => table.keyOf(id));
      this.#walkedTo = next.at(-1) ?? this.#walkedTo;
      this.#isWalked = next.length < max - keys.length;
      keys.push(...next);
    }
    for (const key of keys) this.#labels.set(key, this.#keys.push(key) - 1);
    return keys;
  }

  #kill(key: string): void {
    const label = this.#labels.get(key);
    if (label === undefined) return;
    this.#labels.delete(key);
    this.#keys[label] = undefined;
  }
}
