import { Column, type ColumnContent } from '../attributes/column.ts';
import type { EncodedValue } from '../attributes/encoded-value.ts';
import type { ColumnField } from '../attributes/field.ts';
import type { CellLayout } from '../cells/cell-layout.ts';
import { quantise, type QuantisedQuery } from '../score/quantise.ts';

import { offsetOf, type Address, type Arenas } from './arenas.ts';
import { PackedTexts } from './packed-texts.ts';
import type { Reclaimer } from './reclaimer.ts';
import { blockOffsets, rowIdOf } from './row-block.ts';

export interface ChunkPlace {
  /** Its number in the index; free again when the chunk is. */
  readonly ordinal: number;
  readonly category: number;
  readonly capacity: number;
}

/** What a new row has beside its attributes. */
export interface NewRow {
  readonly key: string;
  readonly revision: number;
  readonly groupCode: number;
}

/** What of some rows does not lie in shared memory, by place. */
export interface ReadRows {
  readonly keys: PackedTexts;
  readonly revisions: Float64Array;
}

/** Views of what a chunk has in shared memory: `stride` int8 a row in both planes. */
export interface ChunkPlanes {
  readonly coarse: Int8Array;
  readonly residual: Int8Array;
  readonly norms: Float32Array;
  readonly slacks: Float32Array;
  /** Codes of the rows' groups. */
  readonly groups: Uint32Array;
}

/**
 * Rows of one category. A written row never changes: attributes are replaced by writing another
 * row, and a place is used again only when no reader is left that may look at it. Which rows are
 * alive is a bitmap that is copied before it changes under a reader.
 */
export class Chunk {
  readonly place: ChunkPlace;
  readonly firstId: number;
  readonly at: Address;
  /** By place. */
  keys = new PackedTexts();
  readonly revisions: Float64Array;
  /** Links of the rows of one group; see {@link RowGroups}. */
  readonly nextInGroup: Uint32Array;
  readonly previousInGroup: Uint32Array;
  readonly columns = new Map<ColumnField, Column>();
  /** Places written to so far; those behind have never been. */
  count = 0;
  /** Rows alive. */
  size = 0;
  isFreed = false;
  /** Takes no new rows: those it has move elsewhere, or lie in the order of their cells. */
  isSealed = false;
  /** Where each cell's rows are, once they lie in that order. */
  layout: CellLayout | undefined;
  readonly #arenas: Arenas;
  readonly #reclaimer: Reclaimer;
  readonly #stride: number;
  readonly #planes: Int8Array;
  readonly #norms: Float32Array;
  readonly #slacks: Float32Array;
  readonly #groups: Uint32Array;
  readonly #freePlaces: number[] = [];
  #liveAt: Address;
  #live: Uint32Array;
  /** Whether a reader may look at the bitmap. */
  #isLiveShared = false;

  constructor(arenas: Arenas, reclaimer: Reclaimer, stride: number, place: ChunkPlace) {
    const { capacity } = place;
    const offsets = blockOffsets(capacity, stride);
    this.place = place;
    this.firstId = rowIdOf(place.ordinal, 0);
    this.#arenas = arenas;
    this.#reclaimer = reclaimer;
    this.#stride = stride;
    this.at = arenas.allocate(offsets.bytes);
    const buffer = arenas.buffer(this.at);
    const start = offsetOf(this.at);
    this.#planes = new Int8Array(buffer, start, capacity * stride * 2);
    this.#norms = new Float32Array(buffer, start + offsets.norms, capacity);
    this.#slacks = new Float32Array(buffer, start + offsets.slacks, capacity);
    this.#groups = new Uint32Array(buffer, start + offsets.groups, capacity);
    this.revisions = new Float64Array(capacity);
    this.nextInGroup = new Uint32Array(capacity);
    this.previousInGroup = new Uint32Array(capacity);
    this.#liveAt = arenas.allocate(this.#liveBytes);
    this.#live = this.#viewLive();
  }

  /** Shows a reader the bitmap of living rows: it will not change as long as any reader is left. */
  shareLive(): Address {
    this.#isLiveShared = true;
    return this.#liveAt;
  }

  get hasRoom(): boolean {
    if (this.isSealed) return false;
    return this.#freePlaces.length > 0 || this.count < this.place.capacity;
  }

  isAlive(row: number): boolean {
    return (((this.#live[row >>> 5] ?? 0) >>> (row & 31)) & 1) === 1;
  }

  groupOf(row: number): number {
    return this.#groups[row] ?? 0;
  }

  /** A free place, for a row that {@link revive} will make visible. There must be room. */
  takePlace(): number {
    return this.#freePlaces.pop() ?? this.appendPlace();
  }

  /** The place behind all rows. There must be room. */
  appendPlace(): number {
    this.count += 1;
    return this.count - 1;
  }

  writeVector(row: number, vector: Float32Array): void {
    const scale = quantise(vector, this.#plane(row, 0), this.#plane(row, 1));
    this.#norms[row] = scale.inverseNorm;
    this.#slacks[row] = scale.slack;
  }

  copyVector(row: number, from: Chunk, fromRow: number): void {
    this.#plane(row, 0).set(from.#plane(fromRow, 0));
    this.#plane(row, 1).set(from.#plane(fromRow, 1));
    this.#norms[row] = from.#norms[fromRow] ?? 0;
    this.#slacks[row] = from.#slacks[fromRow] ?? 0;
  }

  /** Takes over all that another chunk has of a row but its key, codes too: there, its place is left as it is. */
  takeRow(row: number, from: Chunk, fromRow: number): void {
    this.copyVector(row, from, fromRow);
    for (const [field, column] of from.columns)
      for (const value of column.valuesOf(fromRow)) this.setValue(row, field, value, column);
  }

  /** @param like the column that most values of the field will come from */
  setValue(row: number, field: ColumnField, value: EncodedValue, like?: Column): void {
    const column = this.columns.get(field) ?? this.#addColumn(field, like);
    column.set(row, value);
  }

  /** Takes up a field's column as it was copied; answers the memory that its block is to be put into. */
  adoptColumn(field: ColumnField, content: ColumnContent): Uint8Array {
    return this.#addColumn(field).adopt(content);
  }

  #addColumn(field: ColumnField, like?: Column): Column {
    const memory = { arenas: this.#arenas, reclaimer: this.#reclaimer };
    const column = new Column(memory, field, this.place.capacity, like);
    this.columns.set(field, column);
    return column;
  }

  /** Makes a written row visible to readers that begin from now on. */
  revive(row: number, { key, revision, groupCode }: NewRow): void {
    this.keys.set(row, Buffer.from(key));
    this.revisions[row] = revision;
    this.#groups[row] = groupCode;
    this.#copyLiveIfRead();
    this.#live[row >>> 5] = (this.#live[row >>> 5] ?? 0) | (1 << (row & 31));
    this.size += 1;
  }

  /** Makes the first rows visible, of which it has nothing else yet. */
  adopt({ keys, revisions }: ReadRows): void {
    this.keys = keys;
    this.revisions.set(revisions);
    this.count = revisions.length;
    this.size = revisions.length;
    this.#live.fill(0xffff_ffff, 0, this.count >>> 5);
    if (this.count % 32 > 0) this.#live[this.count >>> 5] = 2 ** (this.count % 32) - 1;
  }

  /** Hides a row. Its place is not free before {@link freePlace}. */
  kill(row: number): void {
    this.#copyLiveIfRead();
    this.#live[row >>> 5] = (this.#live[row >>> 5] ?? 0) & ~(1 << (row & 31));
    this.size -= 1;
  }

  /** Forgets a killed row that no reader looks at. */
  freePlace(row: number): void {
    for (const column of this.columns.values()) column.clear(row);
    this.keys.clear(row);
    if (!this.isSealed) this.#freePlaces.push(row);
  }

  /** Gives all its memory back. No reader may be left. */
  free(): void {
    this.isFreed = true;
    const { capacity } = this.place;
    this.#arenas.free(this.at, blockOffsets(capacity, this.#stride).bytes);
    this.#arenas.free(this.#liveAt, this.#liveBytes);
    for (const column of this.columns.values()) column.free();
  }

  /** A row's vector as a query. */
  queryOf(row: number): QuantisedQuery {
    const residual = this.#plane(row, 1);
    const values = Int16Array.from(
      this.#plane(row, 0),
      (high, i) => 256 * high + (residual[i] ?? 0),
    );
    return { values, inverseNorm: this.#norms[row] ?? 0 };
  }

  /** What it holds, for snapshots. */
  get planes(): ChunkPlanes {
    const half = this.place.capacity * this.#stride;
    return {
      coarse: this.#planes.subarray(0, half),
      residual: this.#planes.subarray(half),
      norms: this.#norms,
      slacks: this.#slacks,
      groups: this.#groups,
    };
  }

  /** A copy of the bitmap of living rows. */
  copyLive(): Uint32Array {
    return this.#live.slice();
  }

  get #liveBytes(): number {
    return Math.ceil(this.place.capacity / 32) * 4;
  }

  #viewLive(): Uint32Array {
    const words = this.#liveBytes / 4;
    return new Uint32Array(this.#arenas.buffer(this.#liveAt), offsetOf(this.#liveAt), words);
  }

  /** A reader keeps the bitmap it began with. */
  #copyLiveIfRead(): void {
    if (!this.#isLiveShared) return;
    this.#isLiveShared = false;
    if (!this.#reclaimer.isRead) return;
    const [oldAt, old, bytes] = [this.#liveAt, this.#live, this.#liveBytes];
    this.#liveAt = this.#arenas.allocate(bytes);
    this.#live = this.#viewLive();
    this.#live.set(old);
    this.#reclaimer.retire(() => this.#arenas.free(oldAt, bytes));
  }

  #plane(row: number, plane: 0 | 1): Int8Array {
    const start = (plane * this.place.capacity + row) * this.#stride;
    return this.#planes.subarray(start, start + this.#stride);
  }
}
