import { join } from 'node:path';

import type { DamageRegister } from '../store/damage-register.ts';
import { DamagedObjectError, type ObjectStore } from '../store/object-store.ts';
import { sniffFormat } from '../vision/decode/picture-format.ts';
import type { PictureFormat } from '../vision/vision.ts';
import { ThumbnailKeeper, type ThumbnailKeeperOptions } from './thumbnail-keeper.ts';

export interface KeptPicturesOptions extends Omit<ThumbnailKeeperOptions, 'objects' | 'folder'> {
  readonly objects: Pick<ObjectStore, 'get'>;
  readonly derivedFolder: string;
  readonly damage: Pick<DamageRegister, 'note'>;
}

/** Gives kept pictures and their thumbnails. What is damaged is named, and never given. */
export class KeptPictures {
  readonly thumbnails: ThumbnailKeeper;
  readonly #options: KeptPicturesOptions;

  constructor(options: KeptPicturesOptions) {
    this.#options = options;
    this.thumbnails = new ThumbnailKeeper({
      ...options,
      folder: join(options.derivedFolder, 'thumbnails'),
      objects: { get: (hash) => this.#read(hash) },
    });
  }

  /** See `Catalog.keptPicture`. */
  async picture(
    hash: string,
  ): Promise<{ readonly format: PictureFormat; readonly bytes: Uint8Array } | undefined> {
    const bytes = await this.#read(hash);
    const format = bytes === undefined ? undefined : sniffFormat(bytes);
    return bytes === undefined || format === undefined ? undefined : { format, bytes };
  }

  async #read(hash: string): Promise<Uint8Array | undefined> {
    const { objects, damage } = this.#options;
    try {
      return await objects.get(hash);
    } catch (error) {
      if (!(error instanceof DamagedObjectError)) throw error;
      damage.note({ kind: 'object', name: hash, detail: error.message, objectHash: hash });
      return undefined;
    }
  }
}
