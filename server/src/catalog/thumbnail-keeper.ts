import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { replaceFile, type Disk } from '../disk/disk.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { Vision } from '../vision/vision.ts';
import { THUMBNAIL_SIDES_PX } from './thumbnail-sides.ts';

/*
 * The folder of thumbnails, all of it derived: `ab/<sha256 of the picture>-<side>`.
 *
 *     file = WEBP, then the first 16 bytes of its SHA-256
 */
const SEAL_BYTES = 16;
const NAME = /^([0-9a-f]{64})-\d+$/u;

export interface ThumbnailKeeperOptions {
  readonly folder: string;
  readonly disk: Disk;
  readonly objects: Pick<ObjectStore, 'get'>;
  readonly records: Pick<RecordStore, 'isReferenced'>;
  readonly vision: Pick<Vision, 'renderThumbnail'>;
  /** A name that no other write under way has. */
  readonly createId: () => string;
  /** Told of a thumbnail that could not be kept: it is given all the same, and made again when next asked for. */
  readonly onError: (error: unknown) => void;
}

/** Thumbnails of kept pictures: each made once, when it is first asked for. */
export class ThumbnailKeeper {
  readonly #options: ThumbnailKeeperOptions;
  /** Those that are being made. */
  readonly #making = new Map<string, Promise<Uint8Array | undefined>>();

  constructor(options: ThumbnailKeeperOptions) {
    this.#options = options;
  }

  /** A WEBP; undefined when the picture is gone. Throws what the picture, or a full queue, is refused with. */
  async get(hash: string, sidePx: number): Promise<Uint8Array | undefined> {
    const path = this.#path(hash, sidePx);
    const kept = unsealed(await this.#options.disk.read(path));
    if (kept !== undefined) return kept;
    const making = this.#making.get(path);
    if (making !== undefined) return making;
    const made = this.#make(hash, sidePx, path).finally(() => this.#making.delete(path));
    this.#making.set(path, made);
    return made;
  }

  /** Removes all thumbnails of a picture. */
  async remove(hash: string): Promise<void> {
    const { disk } = this.#options;
    for (const sidePx of THUMBNAIL_SIDES_PX) await disk.remove(this.#path(hash, sidePx));
  }

  /** The pictures that have thumbnails, each once. */
  async *hashes(): AsyncGenerator<string> {
    const { folder, disk } = this.#options;
    for (const part of await disk.list(folder)) {
      const hashes = new Set<string>();
      for (const name of await disk.list(join(folder, part))) {
        const hash = NAME.exec(name)?.[1];
        // What a crash left half written has another name.
        if (hash === undefined) await disk.remove(join(folder, part, name));
        else hashes.add(hash);
      }
      yield* hashes;
    }
  }

  async #make(hash: string, sidePx: number, path: string): Promise<Uint8Array | undefined> {
    const { objects, vision, onError } = this.#options;
    const picture = await objects.get(hash);
    if (picture === undefined) return undefined;
    const webp = await vision.renderThumbnail({ picture, sidePx });
    await this.#keep(hash, path, webp).catch(onError);
    return webp;
  }

  async #keep(hash: string, path: string, webp: Uint8Array): Promise<void> {
    const { folder, disk, records, createId } = this.#options;
    const part = join(folder, hash.slice(0, 2));
    await disk.makeFolder(part);
    const temporary = join(part, `${createId()}.new`);
    await replaceFile(disk, { path, temporary }, Buffer.concat([webp, sealOf(webp)]));
    // The picture may have been deleted, and its thumbnails removed, while this one was made.
    if (!(await records.isReferenced(hash))) await this.remove(hash);
  }

  #path(hash: string, sidePx: number): string {
    return join(this.#options.folder, hash.slice(0, 2), `${hash}-${sidePx}`);
  }
}

function sealOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, SEAL_BYTES);
}

/** What was kept; undefined for nothing, or for what is damaged: it is made again. */
function unsealed(file: Uint8Array | undefined): Uint8Array | undefined {
  if (file === undefined || file.length <= SEAL_BYTES) return undefined;
  const webp = file.subarray(0, file.length - SEAL_BYTES);
  return sealOf(webp).equals(file.subarray(webp.length)) ? webp : undefined;
}
