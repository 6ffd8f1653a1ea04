import type { ImageKey } from './image-key.ts';

/** Something stored is not what was written. Each is named, none is served. */
export interface Damage {
  /** An image record, a collection's settings or set of records, a log of the store, an object. */
  readonly kind: 'record' | 'collection' | 'log' | 'object';
  /** What is damaged and how it shows, in a sentence. */
  readonly detail: string;
  readonly collectionId?: string;
  /** Of a record, where its key can be read. */
  readonly key?: ImageKey;
  /** Of a log: where the file was copied to, as it was found. */
  readonly copiedTo?: string;
}
