import type { Attributes } from '@likeness/shared/filter';

import { FieldSet } from '../attributes/field-set.ts';
import type { CellLayout } from '../cells/cell-layout.ts';
import { CHUNK_ROWS, SMALLEST_CHUNK_ROWS } from '../limits.ts';
import type { Arenas } from '../memory/arenas.ts';
import { Chunk, type ReadRows } from '../memory/chunk.ts';
import type { Reclaimer } from '../memory/reclaimer.ts';
import { chunkOfRow, placeOfRow, rowIdOf, type RowId } from '../memory/row-block.ts';

import { RowGroups } from './row-groups.ts';

export interface RowPlan {
  readonly key: string;
  readonly group: string;
  readonly category: number;
  readonly attributes: Attributes;
  readonly revision: number;
}

/** Puts a new row's vector into its chunk. */
export type VectorWriter = (chunk: Chunk, row: number) => void;

/** The rows of one index: chunks by category, groups, attribute fields. It does not look up keys. */
export class RowTable {
  readonly chunks: (Chunk | undefined)[] = [];
  readonly fields = new FieldSet();
  readonly groups = new RowGroups(this.chunks);
  readonly #byCategory = new Map<number, Set<Chunk>>();
  readonly #withRoom = new Map<number, Chunk[]>();
  readonly #freeOrdinals: number[] = [];
  /** Of rows replaced under a reader by rows with the same vector: those rows. */
  readonly #successors = new Map<RowId, RowId>();
  #writes = 0;
  #layoutChanges = 0;
  #isDropped = false;
  readonly #arenas: Arenas;
  readonly #reclaimer: Reclaimer;
  readonly #stride: number;

  constructor(arenas: Arenas, reclaimer: Reclaimer, stride: number) {
    this.#arenas = arenas;
    this.#reclaimer = reclaimer;
    this.#stride = stride;
  }

  /** Rows added and removed so far: tells whether anything was written in between. Rows that were moved do not count. */
  get writes(): number {
    return this.#writes;
  }

  /** Whether its rows were removed for good. */
  get isDropped(): boolean {
    return this.#isDropped;
  }

  /** How often a chunk came to lie in the order of cells, or went. */
  get layoutChanges(): number {
    return this.#layoutChanges;
  }

  /** Says that a chunk's rows lie in the order of cells. */
  setLayout(chunk: Chunk, layout: CellLayout): void {
    chunk.layout = layout;
    this.#layoutChanges += 1;
  }

  keyOf(id: RowId): string {
    return this.chunks[chunkOfRow(id)]?.keys.at(placeOfRow(id)) ?? '';
  }

  /** How a row's key compares with another's UTF-8: as numbers do in a sort. */
  compareKey(id: RowId, key: Uint8Array): number {
    return this.chunks[chunkOfRow(id)]?.keys.compare(placeOfRow(id), key) ?? -1;
  }

  revisionOf(id: RowId): number {
    return this.chunks[chunkOfRow(id)]?.revisions[placeOfRow(id)] ?? 0;
  }

  groupOf(id: RowId): number {
    return this.chunks[chunkOfRow(id)]?.groupOf(placeOfRow(id)) ?? 0;
  }

  isAlive(id: RowId): boolean {
    if (this.#isDropped) return false;
    return this.chunks[chunkOfRow(id)]?.isAlive(placeOfRow(id)) ?? false;
  }

  /** The row itself, or the one with the same vector that has taken its place. */
  currentOf(id: RowId): RowId {
    const successor = this.#successors.get(id);
    return successor === undefined ? id : this.currentOf(successor);
  }

  attributesOf(id: RowId): Attributes {
    const columns = this.chunks[chunkOfRow(id)]?.columns ?? [];
    return Object.fromEntries(
      [...columns].flatMap(([field, column]) =>
        column.valuesOf(placeOfRow(id)).flatMap((value) => field.entriesOf(value)),
      ),
    );
  }

  /** Categories of the living rows. */
  get categories(): readonly number[] {
    return [...this.#byCategory.keys()];
  }

  /** Whether a chunk has living rows, or is about to. */
  holds(chunk: Chunk): boolean {
    return this.#byCategory.get(chunk.place.category)?.has(chunk) ?? false;
  }

  /** Chunks with living rows: of these categories, or of all. */
  chunksOf(categories?: readonly number[]): Chunk[] {
    const wanted = categories === undefined ? this.#byCategory.keys() : new Set(categories);
    return [...wanted].flatMap((category) => [...(this.#byCategory.get(category) ?? [])]);
  }

  /**
   * Writes a row and makes it visible. Where the writer throws, nothing was added.
   */
  add(plan: RowPlan, writeVector: VectorWriter): RowId {
    const chunk = this.#chunkWithRoom(plan.category);
    const row = chunk.takePlace();
    try {
      writeVector(chunk, row);
    } catch (error) {
      chunk.freePlace(row);
      throw error;
    }
    return this.#show(chunk, row, plan);
  }

  /** Makes a row visible whose vector is in its place already. */
  #show(chunk: Chunk, row: number, plan: RowPlan): RowId {
    for (const [field, value] of this.fields.encode(plan.attributes))
      chunk.setValue(row, field, value);
    const groupCode = this.groups.names.acquire(plan.group);
    chunk.revive(row, { key: plan.key, revision: plan.revision, groupCode });
    this.#writes += 1;
    const id = rowIdOf(chunk.place.ordinal, row);
    this.groups.link(groupCode, id);
    return id;
  }

  /** Makes rows visible that were read into a new chunk, which has their groups' codes too. */
  adopt(chunk: Chunk, rows: ReadRows): void {
    chunk.adopt(rows);
    this.#writes += chunk.size;
    for (let row = 0; row < chunk.size; row += 1)
      this.groups.link(chunk.groupOf(row), chunk.firstId + row);
  }

  /** Lets a chunk take new rows, if there is room. */
  unseal(chunk: Chunk): void {
    chunk.isSealed = false;
    if (chunk.hasRoom) this.#roomOf(chunk.place.category).push(chunk);
  }

  /**
   * Hides a row at once; its place and codes are free when no reader is left that may see it. Till
   * then a reader that has found it is led to its successor, if there is one.
   */
  remove(id: RowId, successor?: RowId): void {
    const groupCode = this.groupOf(id);
    this.#writes += 1;
    this.#hide(id, successor, (chunk) => {
      this.groups.names.release(groupCode);
      if (chunk.isFreed) return;
      const hadRoom = chunk.hasRoom;
      chunk.freePlace(placeOfRow(id));
      if (!hadRoom && chunk.hasRoom && this.holds(chunk))
        this.#roomOf(chunk.place.category).push(chunk);
    });
  }

  /** Gives a living row the next place in another chunk as well; {@link leave} its old one at once. */
  copy(id: RowId, to: Chunk): RowId {
    const [from, place] = [this.chunks[chunkOfRow(id)], placeOfRow(id)];
    if (from === undefined) throw new RangeError('no such row');
    const row = to.appendPlace();
    to.takeRow(row, from, place);
    const groupCode = from.groupOf(place);
    to.revive(row, { key: this.keyOf(id), revision: this.revisionOf(id), groupCode });
    const copied = rowIdOf(to.place.ordinal, row);
    this.groups.link(groupCode, copied);
    return copied;
  }

  /** Hides the old place of a copied row; a reader that has found it is led to the new one. */
  leave(id: RowId, copied: RowId): void {
    this.#hide(id, copied, () => undefined);
  }

  #hide(id: RowId, successor: RowId | undefined, forget: (chunk: Chunk) => void): void {
    const chunk = this.chunks[chunkOfRow(id)];
    if (chunk === undefined) return;
    const row = placeOfRow(id);
    this.groups.unlink(chunk.groupOf(row), id);
    chunk.kill(row);
    if (chunk.size === 0) this.#detach(chunk);
    if (successor !== undefined) this.#successors.set(id, successor);
    this.#reclaimer.retire(() => {
      this.#successors.delete(id);
      forget(chunk);
    });
    if (chunk.size === 0) this.#reclaimer.retire(() => this.#free(chunk));
  }

  /** Removes all rows for good and gives the memory back when no reader is left. */
  drop(): void {
    this.#isDropped = true;
    this.#writes += 1;
    const chunks = this.chunksOf();
    this.#byCategory.clear();
    this.#withRoom.clear();
    this.#reclaimer.retire(() => {
      for (const chunk of chunks) this.#free(chunk);
    });
  }

  #chunkWithRoom(category: number): Chunk {
    const candidates = this.#roomOf(category);
    for (let chunk = candidates.at(-1); chunk !== undefined; chunk = candidates.at(-1)) {
      if (chunk.hasRoom && this.holds(chunk)) return chunk;
      candidates.pop();
    }
    const chunk = this.addChunk(category, this.#nextCapacity(category));
    candidates.push(chunk);
    return chunk;
  }

  /** Each new chunk of a category is twice as large as the one before, up to the full size. */
  #nextCapacity(category: number): number {
    let capacity = SMALLEST_CHUNK_ROWS;
    for (const { place } of this.#byCategory.get(category) ?? [])
      capacity = Math.min(CHUNK_ROWS, Math.max(capacity, place.capacity * 2));
    return capacity;
  }

  /** A new chunk. The caller puts a row into it before anything else happens. */
  addChunk(category: number, capacity: number): Chunk {
    let siblings = this.#byCategory.get(category);
    if (siblings === undefined) this.#byCategory.set(category, (siblings = new Set()));
    const ordinal = this.#freeOrdinals.pop() ?? this.chunks.length;
    const place = { ordinal, category, capacity };
    const chunk = new Chunk(this.#arenas, this.#reclaimer, this.#stride, place);
    this.chunks[ordinal] = chunk;
    siblings.add(chunk);
    return chunk;
  }

  #roomOf(category: number): Chunk[] {
    const known = this.#withRoom.get(category);
    if (known !== undefined) return known;
    const list: Chunk[] = [];
    this.#withRoom.set(category, list);
    return list;
  }

  /** An empty chunk takes no more rows. */
  #detach(chunk: Chunk): void {
    const siblings = this.#byCategory.get(chunk.place.category);
    siblings?.delete(chunk);
    if (chunk.layout !== undefined) this.#layoutChanges += 1;
    if (siblings?.size !== 0) return;
    this.#byCategory.delete(chunk.place.category);
    this.#withRoom.delete(chunk.place.category);
  }

  #free(chunk: Chunk): void {
    chunk.free();
    this.chunks[chunk.place.ordinal] = undefined;
    this.#freeOrdinals.push(chunk.place.ordinal);
  }
}
