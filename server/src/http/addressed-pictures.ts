import { ApiError } from '@likeness/shared/errors';

import { ownerOf, parseUploadUrl, type UploadName } from '../uploads/upload-address.ts';
import type { UploadStore } from '../uploads/upload-store.ts';
import type { BodyLease } from './body-budget.ts';
import { outOfMemory } from './read-body.ts';

/** Fetches a picture from a host that the operator allows. Throws `InvalidPicUrl` for any other. */
export type FetchPicture = (url: string, signal: AbortSignal) => Promise<Uint8Array>;

export interface PictureSources {
  readonly uploads: Pick<UploadStore, 'sizeOf' | 'read' | 'noteUsed'>;
  /** Absent where nothing is ever fetched. */
  readonly fetchPicture?: FetchPicture;
}

export interface AddressingRequest {
  readonly accessKeyId: string;
  /** Counts what is in memory. */
  readonly lease: Pick<BodyLease, 'take'>;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
}

/** The pictures that one request names by their addresses: uploads of its key, or what may be fetched. */
export class AddressedPictures {
  readonly #sources: PictureSources;
  readonly #request: AddressingRequest;
  readonly #loaded: UploadName[] = [];

  constructor(sources: PictureSources, request: AddressingRequest) {
    this.#sources = sources;
    this.#request = request;
  }

  /** @throws {ApiError} `InvalidPicUrl` for what is not there for this key; `ServiceUnavailable` without memory for it */
  readonly load = async (url: string): Promise<Uint8Array> => {
    const name = parseUploadUrl(url);
    if (name !== undefined) return this.#loadUpload(name);
    const { fetchPicture } = this.#sources;
    if (fetchPicture === undefined) throw new ApiError('InvalidPicUrl');
    const bytes = await fetchPicture(url, this.#request.signal);
    this.#hold(bytes.length);
    return bytes;
  };

  /** The request succeeded: its uploads go soon. */
  async noteUsed(): Promise<void> {
    for (const name of this.#loaded) await this.#sources.uploads.noteUsed(name);
  }

  async #loadUpload(name: UploadName): Promise<Uint8Array> {
    const { uploads } = this.#sources;
    const isOwn = name.owner === ownerOf(this.#request.accessKeyId);
    const size = isOwn ? uploads.sizeOf(name) : undefined;
    if (size === undefined) throw new ApiError('InvalidPicUrl');
    this.#hold(size);
    const bytes = await uploads.read(name);
    if (bytes === undefined) throw new ApiError('InvalidPicUrl');
    this.#loaded.push(name);
    return bytes;
  }

  #hold(bytes: number): void {
    if (!this.#request.lease.take(bytes)) throw outOfMemory();
  }
}
