import type { Attributes } from '@likeness/shared/filter';

import { FieldSet } from '../attributes/field-set.ts';
import { CHUNK_ROWS, SMALLEST_CHUNK_ROWS } from '../limits.ts';
import type { Arenas } from '../memory/arenas.ts';
import { Chunk } from '../memory/chunk.ts';
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
  #isDropped = false;
  readonly #arenas: Arenas;
  readonly #reclaimer: Reclaimer;
  readonly #stride: number;

  constructor(arenas: Arenas, reclaimer: Reclaimer, stride: number) {
    this.#arenas = arenas;
    this.#reclaimer = reclaimer;
    this.#stride = stride;
  }

  /** Rows added and removed so far: tells whether anything was written in between. */
  get writes(): number {
    return this.#writes;
  }

  keyOf(id: RowId): string {
    return this.chunks[chunkOfRow(id)]?.keys[placeOfRow(id)] ?? '';
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
    for (const [field, value] of this.fields.encode(plan.attributes))
      chunk.setValue(row, field, value);
    const groupCode = this.groups.acquire(plan.group);
    chunk.revive(row, { key: plan.key, revision: plan.revision, groupCode });
    this.#writes += 1;
    const id = rowIdOf(chunk.place.ordinal, row);
    this.groups.link(groupCode, id);
    return id;
  }

  /**
   * Hides a row at once; its place and codes are free when no reader is left that may see it. Till
   * then a reader that has found it is led to its successor, if there is one.
   */
  remove(id: RowId, successor?: RowId): void {
    const chunk = this.chunks[chunkOfRow(id)];
    if (chunk === undefined) return;
    const row = placeOfRow(id);
    const groupCode = chunk.groupOf(row);
    this.#writes += 1;
    this.groups.unlink(groupCode, id);
    chunk.kill(row);
    if (chunk.size === 0) this.#detach(chunk);
    if (successor !== undefined) this.#successors.set(id, successor);
    this.#reclaimer.retire(() => {
      this.#successors.delete(id);
      this.groups.release(groupCode);
      if (chunk.isFreed) return;
      const hadRoom = chunk.hasRoom;
      chunk.freePlace(row);
      if (!hadRoom && this.#isAttached(chunk)) this.#roomOf(chunk.place.category).push(chunk);
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
      if (chunk.hasRoom && this.#isAttached(chunk)) return chunk;
      candidates.pop();
    }
    const chunk = this.#newChunk(category);
    candidates.push(chunk);
    return chunk;
  }

  /** Each new chunk of a category is twice as large as the one before, up to the full size. */
  #newChunk(category: number): Chunk {
    let siblings = this.#byCategory.get(category);
    if (siblings === undefined) this.#byCategory.set(category, (siblings = new Set()));
    let capacity = SMALLEST_CHUNK_ROWS;
    for (const { place } of siblings)
      capacity = Math.min(CHUNK_ROWS, Math.max(capacity, place.capacity * 2));
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

  #isAttached(chunk: Chunk): boolean {
    return this.#byCategory.get(chunk.place.category)?.has(chunk) ?? false;
  }

  /** An empty chunk takes no more rows. */
  #detach(chunk: Chunk): void {
    const siblings = this.#byCategory.get(chunk.place.category);
    siblings?.delete(chunk);
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
