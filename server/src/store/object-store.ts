/**
 * Where pictures' bytes lie, named by their SHA-256 in lower-case hex.
 *
 * Every implementation passes `test/contract/object-store.contract.ts`; read that for the exact
 * behaviour. A put resolves only when the object would survive a crash.
 */
export interface ObjectStore {
  /** Stores the bytes under `hash`, which the caller computed; no effect when they are there. */
  put(hash: string, bytes: Uint8Array): Promise<void>;
  /** The bytes, or undefined. Throws {@link DamagedObjectError} when they are not what was put. */
  get(hash: string): Promise<Uint8Array | undefined>;
  /** Whether there is such an object, whole or damaged. */
  has(hash: string): Promise<boolean>;
  /** Removes the object. Resolves to whether there was one. */
  delete(hash: string): Promise<boolean>;
  /** Every hash, unordered. What is put or deleted meanwhile may be there or not. */
  list(): AsyncIterable<string>;
}

/** An object is there, but its bytes have another hash. */
export class DamagedObjectError extends Error {
  override readonly name = 'DamagedObjectError';
  readonly code = 'DamagedObject';
  readonly hash: string;

  constructor(hash: string) {
    super(`the object ${hash} is damaged: its bytes have another SHA-256`);
    this.hash = hash;
  }
}
