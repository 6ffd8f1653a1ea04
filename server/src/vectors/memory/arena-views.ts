import type { SharedMemory } from '../kernel/web-assembly.ts';

import { arenaOf, type Address } from './address.ts';

/** Views of one whole shared memory; an index is a byte offset over the element's size. */
export interface ArenaView {
  readonly u8: Uint8Array;
  readonly i16: Int16Array;
  readonly u16: Uint16Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
}

/** Views of the shared memories, made again when a memory has grown. */
export class ArenaViews {
  readonly #memories: readonly SharedMemory[];
  readonly #views: ArenaView[] = [];

  constructor(memories: readonly SharedMemory[]) {
    this.#memories = memories;
  }

  /** The view of the memory an address is in. */
  at(address: Address): ArenaView {
    return this.arena(arenaOf(address));
  }

  arena(number: number): ArenaView {
    const memory = this.#memories[number];
    if (memory === undefined) throw new RangeError('no such memory');
    const view = this.#views[number];
    if (view !== undefined && view.u8.length === memory.buffer.byteLength) return view;
    return (this.#views[number] = viewsOf(memory.buffer));
  }

  /** Lets every memory catch up with what another thread grew. */
  refresh(): void {
    for (const memory of this.#memories) memory.grow(0);
  }
}

/** Views of memory whose length is a multiple of 8. */
export function viewsOf(buffer: ArrayBufferLike): ArenaView {
  return {
    u8: new Uint8Array(buffer),
    i16: new Int16Array(buffer),
    u16: new Uint16Array(buffer),
    i32: new Int32Array(buffer),
    u32: new Uint32Array(buffer),
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
  };
}
