import type { Attributes } from '@likeness/shared/filter';

import { CellKeeper } from './cells/cell-keeper.ts';
import { strideOf } from './limits.ts';
import type { EngineParts, IndexRows } from './index-rows.ts';
import { Reclaimer } from './memory/reclaimer.ts';
import { chunkOfRow, placeOfRow } from './memory/row-block.ts';
import { KeyOrder } from './rows/key-order.ts';
import { RowTable } from './rows/row-table.ts';
import { compareCodePoints } from '@likeness/shared/encoding';
import { listRows } from './scan/list-rows.ts';
import { SharedScans } from './scan/shared-scans.ts';
import { searchRows } from './scan/search-rows.ts';
import { Calibration } from './score/calibration.ts';
import { writeSnapshot } from './snapshot/write-snapshot.ts';
import { searchWords } from './words/search-words.ts';
import type {
  IndexOptions,
  IndexRow,
  KeyAnswer,
  RowScope,
  VectorAnswer,
  VectorIndex,
  VectorQuery,
  WordQuery,
} from './vector-index.ts';

/** Compares every matching row: exact, with int8 planes in shared memory and workers that read them. */
export class ScanIndex implements VectorIndex {
  readonly #parts: EngineParts;
  readonly #options: IndexOptions;
  readonly #reclaimer = new Reclaimer();
  #rows: IndexRows;
  #cells: CellKeeper;
  #isClosed = false;

  /** @throws RangeError if `dims` or the calibration is out of bounds. */
  constructor(parts: EngineParts, options: IndexOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#rows = this.#noRows();
    this.#cells = new CellKeeper(this.#rows);
  }

  get size(): number {
    return this.#rows.order.size;
  }

  /** For snapshots, which fill it, and benches. */
  get rows(): IndexRows {
    return this.#rows;
  }

  /** What keeps its rows in cells. */
  get cells(): CellKeeper {
    return this.#cells;
  }

  put(row: IndexRow): void {
    this.#checkVector(row.vector);
    const { table, order } = this.#rows;
    const id = table.add(row, (chunk, place) => chunk.writeVector(place, row.vector));
    const replaced = order.set(row.key, id);
    if (replaced !== undefined) table.remove(replaced);
    this.#cells.noteWrite();
  }

  setAttributes(key: string, attributes: Attributes, revision: number): boolean {
    this.#checkOpen();
    const { table, order } = this.#rows;
    const old = order.find(key);
    const chunk = old === undefined ? undefined : table.chunks[chunkOfRow(old)];
    if (old === undefined || chunk === undefined) return false;
    const group = table.groups.names.valueOf(table.groupOf(old));
    const { category } = chunk.place;
    const id = table.add({ key, group, category, attributes, revision }, (to, place) =>
      to.copyVector(place, chunk, placeOfRow(old)),
    );
    order.set(key, id);
    table.remove(old, id);
    this.#cells.noteWrite();
    return true;
  }

  remove(key: string): boolean {
    this.#checkOpen();
    const { table, order } = this.#rows;
    const id = order.delete(key);
    if (id !== undefined) table.remove(id);
    this.#cells.noteWrite();
    return id !== undefined;
  }

  async search(query: VectorQuery, signal?: AbortSignal): Promise<VectorAnswer> {
    this.#checkVector(query.vector);
    return searchRows(() => this.#openRows(), query, signal);
  }

  async searchWords(query: WordQuery, signal?: AbortSignal): Promise<VectorAnswer> {
    return searchWords(() => this.#openRows(), query, signal);
  }

  async list(
    scope: RowScope & { readonly after?: string; readonly start: number; readonly num: number },
  ): Promise<KeyAnswer> {
    return listRows(() => this.#openRows(), scope);
  }

  keysOfGroup(group: string): readonly string[] {
    this.#checkOpen();
    const { table } = this.#rows;
    return table.groups
      .rowsOf(group)
      .map((id) => table.keyOf(id))
      .sort(compareCodePoints);
  }

  clear(): void {
    this.#checkOpen();
    this.#drop();
  }

  async save(path: string, tag: string): Promise<void> {
    await writeSnapshot(this.#openRows(), path, tag);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#drop();
    this.#isClosed = true;
  }

  #drop(): void {
    this.#cells.stop();
    this.#rows.table.drop();
    this.#rows = this.#noRows();
    this.#cells = new CellKeeper(this.#rows);
  }

  #noRows(): IndexRows {
    const stride = strideOf(this.#options.dims);
    const table = new RowTable(this.#parts.arenas, this.#reclaimer, stride);
    return {
      parts: this.#parts,
      options: this.#options,
      stride,
      calibration: new Calibration(this.#options.calibration),
      reclaimer: this.#reclaimer,
      table,
      scans: new SharedScans(),
      order: new KeyOrder((id, key) => table.compareKey(id, key)),
    };
  }

  #openRows(): IndexRows {
    this.#checkOpen();
    return this.#rows;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new Error('the vector index is closed');
  }

  #checkVector({ length }: Float32Array): void {
    this.#checkOpen();
    const { dims } = this.#options;
    if (length !== dims) throw new RangeError(`"vector" must have ${dims} dims, got ${length}`);
  }
}
