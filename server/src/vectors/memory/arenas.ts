import { PAGE_BYTES, webAssembly, type SharedMemory } from '../kernel/web-assembly.ts';
import { MAX_ARENA_BYTES } from '../limits.ts';

import { ARENA_SPAN, arenaOf, offsetOf, type Address } from './address.ts';
import { ArenaViews } from './arena-views.ts';

export { ARENA_SPAN, arenaOf, offsetOf, type Address } from './address.ts';

/** Allocations start at multiples of this: a cache line. */
const ALIGNMENT = 64;

/** Memories grow by this; pages not written to cost no physical memory. */
const GROWTH_BYTES = 16 * 1024 * 1024;

export interface ArenaOptions {
  /** Bytes at the start of each memory that are never allocated: the workers' scratch. */
  readonly reservedBytes: number;
  /** Most bytes of one memory. */
  readonly maxArenaBytes?: number;
  /** Called with each new memory before anything in it is allocated. */
  readonly onArena: (memory: SharedMemory) => void;
}

/**
 * Memory that scan workers share with the main thread, which alone allocates and frees. Freed
 * blocks are used again for blocks of the same size.
 */
export class Arenas {
  readonly memories: SharedMemory[] = [];
  /** Of the main thread. */
  readonly views = new ArenaViews(this.memories);
  readonly #reservedBytes: number;
  readonly #maxBytes: number;
  readonly #onArena: (memory: SharedMemory) => void;
  readonly #free = new Map<number, Address[]>();
  #end = 0;
  #allocatedBytes = 0;

  constructor({ reservedBytes, maxArenaBytes = MAX_ARENA_BYTES, onArena }: ArenaOptions) {
    this.#reservedBytes = align(reservedBytes);
    this.#maxBytes = maxArenaBytes - (maxArenaBytes % PAGE_BYTES);
    this.#onArena = onArena;
  }

  /** Bytes in use, without scratch and free blocks. */
  get allocatedBytes(): number {
    return this.#allocatedBytes;
  }

  /**
   * Zeroed memory.
   *
   * @throws RangeError if the system has none left.
   */
  allocate(bytes: number): Address {
    const size = align(bytes);
    const address = this.#free.get(size)?.pop();
    this.#allocatedBytes += size;
    if (address === undefined) return this.#extend(size);
    this.bytes(address, size).fill(0);
    return address;
  }

  /** Gives back what {@link allocate} answered for as many bytes. */
  free(address: Address, bytes: number): void {
    const size = align(bytes);
    this.#allocatedBytes -= size;
    const blocks = this.#free.get(size);
    if (blocks === undefined) this.#free.set(size, [address]);
    else blocks.push(address);
  }

  bytes(address: Address, length: number): Uint8Array {
    return new Uint8Array(this.buffer(address), offsetOf(address), length);
  }

  /** The buffer an address is in, for views that begin at {@link offsetOf} it. */
  buffer(address: Address): SharedArrayBuffer {
    const memory = this.memories[arenaOf(address)];
    if (memory === undefined) throw new RangeError('no such memory');
    return memory.buffer;
  }

  #extend(size: number): Address {
    let memory = this.memories.at(-1);
    if (memory === undefined || this.#end + size > this.#maxBytes) memory = this.#addArena(size);
    const missing = this.#end + size - memory.buffer.byteLength;
    if (missing > 0) {
      const room = this.#maxBytes - memory.buffer.byteLength;
      memory.grow(Math.ceil(Math.max(missing, Math.min(GROWTH_BYTES, room)) / PAGE_BYTES));
    }
    const address = (this.memories.length - 1) * ARENA_SPAN + this.#end;
    this.#end += size;
    return address;
  }

  #addArena(size: number): SharedMemory {
    const bytes = Math.max(this.#maxBytes, this.#reservedBytes + size + PAGE_BYTES);
    const memory = new webAssembly.Memory({
      initial: Math.ceil(this.#reservedBytes / PAGE_BYTES),
      maximum: Math.floor(bytes / PAGE_BYTES),
      shared: true,
    });
    this.#onArena(memory);
    this.memories.push(memory);
    this.#end = this.#reservedBytes;
    return memory;
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
