import { ApiError } from '@likeness/shared/errors';

import { KEYS_TO_FILL, ROOM_RETRY_AFTER_MS } from './limits.ts';

/** Counts the bytes of uploads: what all take, and what each key takes with those that were not used yet. */
export class UploadRoom {
  readonly #maxBytes: number;
  readonly #unusedOf = new Map<string, number>();
  #bytes = 0;
  #refused = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get load(): { readonly bytes: number; readonly refused: number } {
    return { bytes: this.#bytes, refused: this.#refused };
  }

  /** Bytes that are missing for another upload. */
  missingFor(bytes: number): number {
    return Math.max(0, this.#bytes + bytes - this.#maxBytes);
  }

  /** @throws {ApiError} `ServiceUnavailable` where all is full, or this owner's share of it */
  take(owner: string, bytes: number): void {
    const unused = (this.#unusedOf.get(owner) ?? 0) + bytes;
    if (this.missingFor(bytes) > 0 || unused > this.#maxBytes / KEYS_TO_FILL) {
      this.#refused += 1;
      throw new ApiError('ServiceUnavailable', { retryAfterMs: ROOM_RETRY_AFTER_MS });
    }
    this.add(owner, bytes);
  }

  /** Counts what is there, room or not. */
  add(owner: string, bytes: number): void {
    this.#bytes += bytes;
    this.#count(owner, bytes);
  }

  /** It was used: it is no longer its owner's share. */
  noteUsed(owner: string, bytes: number): void {
    this.#count(owner, -bytes);
  }

  free(owner: string, bytes: number, isUsed: boolean): void {
    this.#bytes -= bytes;
    if (!isUsed) this.#count(owner, -bytes);
  }

  #count(owner: string, bytes: number): void {
    const unused = (this.#unusedOf.get(owner) ?? 0) + bytes;
    if (unused === 0) this.#unusedOf.delete(owner);
    else this.#unusedOf.set(owner, unused);
  }
}
